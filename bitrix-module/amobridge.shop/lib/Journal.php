<?php

declare(strict_types=1);

namespace Amobridge\Shop;

/** Writes to the site's event log (Settings, Tools, Event log) and never throws. No personal data, no secrets. */
final class Journal
{
    public static function warn(string $what, ?\Throwable $cause = null): void
    {
        self::add('WARNING', $what, $cause);
    }

    public static function error(string $what, ?\Throwable $cause = null): void
    {
        self::add('ERROR', $what, $cause);
    }

    private static function add(string $severity, string $what, ?\Throwable $cause): void
    {
        try {
            $where = $cause === null ? '' : ': ' . $cause::class . ' ' . $cause->getMessage()
                . ' (' . basename($cause->getFile()) . ':' . $cause->getLine() . ')';
            \CEventLog::Add([
                'SEVERITY' => $severity,
                'AUDIT_TYPE_ID' => 'AMOBRIDGE_SHOP',
                'MODULE_ID' => Settings::MODULE_ID,
                'ITEM_ID' => Settings::MODULE_ID,
                'DESCRIPTION' => $what . $where,
            ]);
        } catch (\Throwable) {
            // nowhere left to tell
        }
    }
}
