<?php

$MESS['AMOBRIDGE_SHOP_STATUS_TITLE'] = 'Amobridge: обмен с amoCRM';
$MESS['AMOBRIDGE_SHOP_STATUS_DENIED'] = 'Доступ запрещён.';
$MESS['AMOBRIDGE_SHOP_STATUS_CHANGED'] = 'Адрес, папка или база сайта изменились. Обмен остановлен, чтобы копия не говорила от имени магазина. Ответьте, что произошло.';
$MESS['AMOBRIDGE_SHOP_STATUS_MOVED'] = 'Магазин переехал сюда';
$MESS['AMOBRIDGE_SHOP_STATUS_COPY'] = 'Это копия, отсоединить её';
$MESS['AMOBRIDGE_SHOP_STATUS_CONNECTION'] = 'Соединение';
$MESS['AMOBRIDGE_SHOP_STATUS_ENDPOINT'] = 'Адрес для сервиса';
$MESS['AMOBRIDGE_SHOP_STATUS_WAITING'] = 'Ждут отправки';
$MESS['AMOBRIDGE_SHOP_STATUS_OLDEST'] = 'Самая старая запись';
$MESS['AMOBRIDGE_SHOP_STATUS_REJECTED'] = 'Не приняты сервисом';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_EXCHANGE'] = 'Последняя отправка';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_PULL'] = 'Сервис последний раз приходил сам';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_AGENT'] = 'Агент последний раз работал';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_FAILURE'] = 'Последняя неудача';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_REFUSAL'] = 'Последний отказ сервиса';
$MESS['AMOBRIDGE_SHOP_STATUS_CLOCK_OFFSET'] = 'Часы сайта отстают, секунд';
$MESS['AMOBRIDGE_SHOP_STATUS_LOST_EVENTS'] = 'Потерянные подписки';
$MESS['AMOBRIDGE_SHOP_STATUS_NONE'] = 'нет';
$MESS['AMOBRIDGE_SHOP_STATUS_REPAIR'] = 'Восстановить таблицы и подписки';
$MESS['AMOBRIDGE_SHOP_STATUS_RESEND'] = 'Отправить непринятые снова';
