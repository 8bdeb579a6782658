<?php

$MESS['AMOBRIDGE_SHOP_UNSTEP_WARNING'] = 'После удаления заказы перестанут передаваться в amoCRM.';
$MESS['AMOBRIDGE_SHOP_UNSTEP_SAVE'] = 'Сохранить таблицы и настройки (понадобятся, если модуль установят снова)';
$MESS['AMOBRIDGE_SHOP_UNSTEP_GO'] = 'Удалить модуль';
