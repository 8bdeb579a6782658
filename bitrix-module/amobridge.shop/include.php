<?php

// Classes live in lib/ and load themselves; nothing happens on a page that does not use them.
