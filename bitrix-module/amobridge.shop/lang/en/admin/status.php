<?php

$MESS['AMOBRIDGE_SHOP_STATUS_TITLE'] = 'Amobridge: exchange with amoCRM';
$MESS['AMOBRIDGE_SHOP_STATUS_DENIED'] = 'Access denied.';
$MESS['AMOBRIDGE_SHOP_STATUS_CHANGED'] = 'The address, the folder or the database of the site changed. The exchange has stopped, so that a copy does not speak for the shop. Say what happened.';
$MESS['AMOBRIDGE_SHOP_STATUS_MOVED'] = 'The shop moved here';
$MESS['AMOBRIDGE_SHOP_STATUS_COPY'] = 'This is a copy, unpair it';
$MESS['AMOBRIDGE_SHOP_STATUS_CONNECTION'] = 'Connection';
$MESS['AMOBRIDGE_SHOP_STATUS_ENDPOINT'] = 'Address for the service';
$MESS['AMOBRIDGE_SHOP_STATUS_WAITING'] = 'Waiting to be sent';
$MESS['AMOBRIDGE_SHOP_STATUS_OLDEST'] = 'The oldest of them';
$MESS['AMOBRIDGE_SHOP_STATUS_REJECTED'] = 'Not taken by the service';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_EXCHANGE'] = 'Last sending';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_PULL'] = 'The service last came by itself';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_AGENT'] = 'The agent last worked';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_FAILURE'] = 'Last failure';
$MESS['AMOBRIDGE_SHOP_STATUS_LAST_REFUSAL'] = 'Last refusal of the service';
$MESS['AMOBRIDGE_SHOP_STATUS_CLOCK_OFFSET'] = 'The clock of the site is behind, seconds';
$MESS['AMOBRIDGE_SHOP_STATUS_LOST_EVENTS'] = 'Lost subscriptions';
$MESS['AMOBRIDGE_SHOP_STATUS_NONE'] = 'none';
$MESS['AMOBRIDGE_SHOP_STATUS_REPAIR'] = 'Restore tables and subscriptions';
$MESS['AMOBRIDGE_SHOP_STATUS_RESEND'] = 'Send those not taken again';
