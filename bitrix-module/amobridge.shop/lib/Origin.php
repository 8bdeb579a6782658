<?php

declare(strict_types=1);

namespace Amobridge\Shop;

/** The command being carried out in this process; rows written meanwhile name it. */
final class Origin
{
    private static ?string $commandId = null;

    public static function current(): ?string
    {
        return self::$commandId;
    }

    /**
     * @template T
     * @param callable(): T $work
     * @return T
     */
    public static function during(string $commandId, callable $work): mixed
    {
        self::$commandId = $commandId;
        try {
            return $work();
        } finally {
            self::$commandId = null;
        }
    }
}
