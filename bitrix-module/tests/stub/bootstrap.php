<?php

declare(strict_types=1);

/**
 * A small stand-in for the Bitrix kernel: what the module touches, behaving as docs/facts/bitrix.md says.
 * Needs two variables: AMOBRIDGE_STUB_DSN (a PDO address, optionally "dsn|user|password") and AMOBRIDGE_STUB_ROOT
 * (the document root).
 */

foreach (['clock', 'result', 'database', 'orm', 'kernel', 'events', 'web', 'sale', 'sale-tables', 'global', 'shop'] as $part) {
    require_once __DIR__ . "/{$part}.php";
}
