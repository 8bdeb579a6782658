<?php

$MESS['AMOBRIDGE_SHOP_MENU'] = 'Amobridge';
$MESS['AMOBRIDGE_SHOP_MENU_TITLE'] = 'Обмен с amoCRM: состояние';
