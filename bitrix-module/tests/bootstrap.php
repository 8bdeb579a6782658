<?php

declare(strict_types=1);

date_default_timezone_set('Europe/Moscow');
ini_set('error_reporting', (string) E_ALL);
define('LANGUAGE_ID', 'ru');

$folder = sys_get_temp_dir() . '/amobridge-module-test-' . getmypid();
mkdir("{$folder}/www", 0777, true);
register_shutdown_function(static function () use ($folder): void {
    exec('rm -rf ' . escapeshellarg($folder));
});
putenv("AMOBRIDGE_STUB_ROOT={$folder}/www");
putenv('AMOBRIDGE_STUB_DSN=' . (getenv('AMOBRIDGE_TEST_MARIADB') ?: "sqlite:{$folder}/shop.sqlite"));
$_SERVER['DOCUMENT_ROOT'] = "{$folder}/www";

require __DIR__ . '/stub/bootstrap.php';
// the tests' own doubles implement interfaces of the module before any shop has it installed
spl_autoload_register(static function (string $class): void {
    $file = dirname(__DIR__) . '/amobridge.shop/lib/' . str_replace(['Amobridge\\Shop\\', '\\'], ['', '/'], $class) . '.php';
    if (str_starts_with($class, 'Amobridge\\Shop\\') && is_file($file)) {
        require_once $file;
    }
});
require __DIR__ . '/support/orders.php';
require __DIR__ . '/support/service.php';
require __DIR__ . '/support/case.php';
