<?php

$amobridge_shop_default_option = [
    'endpoint_path' => '/bitrix/tools/amobridge.shop/exchange.php',
    'ticks' => 'statuses',
    'respect_locks' => 'N',
    'allow_private_service' => 'N',
];
