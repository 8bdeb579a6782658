<?php

$MESS['AMOBRIDGE_SHOP_NAME'] = 'Amobridge: магазин и amoCRM';
$MESS['AMOBRIDGE_SHOP_DESCRIPTION'] = 'Передаёт заказы магазина в amoCRM и возвращает статусы на сайт через сервис Amobridge.';
$MESS['AMOBRIDGE_SHOP_PARTNER'] = 'Amobridge';
$MESS['AMOBRIDGE_SHOP_UNINSTALL'] = 'Удаление модуля Amobridge';
$MESS['AMOBRIDGE_SHOP_NEEDS_PHP'] = 'Нужен PHP #NEEDED# или новее, на сайте #HAVE#.';
$MESS['AMOBRIDGE_SHOP_NEEDS_MODULE'] = 'Нужен модуль «#MODULE#» версии #NEEDED# или новее. Обновите сайт и повторите установку.';
