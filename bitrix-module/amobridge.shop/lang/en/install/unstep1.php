<?php

$MESS['AMOBRIDGE_SHOP_UNSTEP_WARNING'] = 'After removal orders are no longer sent to amoCRM.';
$MESS['AMOBRIDGE_SHOP_UNSTEP_SAVE'] = 'Keep tables and settings (needed if the module is installed again)';
$MESS['AMOBRIDGE_SHOP_UNSTEP_GO'] = 'Remove the module';
