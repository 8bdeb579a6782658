<?php

$MESS['AMOBRIDGE_SHOP_MENU'] = 'Amobridge';
$MESS['AMOBRIDGE_SHOP_MENU_TITLE'] = 'Exchange with amoCRM: state';
