<?php

/**
 * The real module over the stub of the kernel, for the tests of the service:
 *
 *   AMOBRIDGE_STUB_ROOT=/tmp/x/www AMOBRIDGE_STUB_DSN=sqlite:/tmp/x/shop.sqlite \
 *   PHP_CLI_SERVER_WORKERS=4 php -S 127.0.0.1:9103 bitrix-module/tests/serve.php
 *
 * Several workers are needed: while the module calls the service, the service may call the module. `/` + the path of
 * exchange.php is the installed file itself; `/_control/<verb>` is what only tests may do (see support/control.php).
 */

declare(strict_types=1);

error_reporting(E_ALL);
ini_set('display_errors', '0');
date_default_timezone_set('Europe/Moscow');
defined('LANGUAGE_ID') || define('LANGUAGE_ID', 'ru');

$root = (string) getenv('AMOBRIDGE_STUB_ROOT');
if ($root === '' || getenv('AMOBRIDGE_STUB_DSN') === false) {
    http_response_code(500);
    echo 'AMOBRIDGE_STUB_ROOT and AMOBRIDGE_STUB_DSN must be set';

    return;
}
$_SERVER['DOCUMENT_ROOT'] = $root;
$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

require_once __DIR__ . '/stub/bootstrap.php';

if (str_starts_with($path, '/_control/')) {
    require_once __DIR__ . '/support/orders.php';
    require_once __DIR__ . '/support/control.php';
    Tests\Control::answer(substr($path, strlen('/_control/')));
} elseif ($path === '/bitrix/tools/amobridge.shop/exchange.php' && is_file($root . $path)) {
    require $root . $path;
} else {
    http_response_code(404);
    echo 'not found';
}
