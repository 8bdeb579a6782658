<?php

declare(strict_types=1);

namespace Amobridge\Shop\Format;

use Bitrix\Main\Type\Date;

/** How values look in the messages of the bridge. */
final class Wire
{
    /** Decimal string with two places. Prices come from the kernel as floats or numeric strings. */
    public static function money(mixed $amount): string
    {
        $text = number_format(round((float) $amount, 2), 2, '.', '');

        return $text === '-0.00' ? '0.00' : $text;
    }

    /** Decimal string without trailing zeros: goods are also sold by weight. */
    public static function quantity(mixed $amount): string
    {
        $text = number_format((float) $amount, 4, '.', '');

        return rtrim(rtrim($text, '0'), '.');
    }

    /** A fraction such as "0.20"; null is a line without VAT. */
    public static function vatRate(mixed $rate): ?string
    {
        return $rate === null || $rate === '' ? null : number_format((float) $rate, 2, '.', '');
    }

    /**
     * RFC 3339 in UTC. The kernel's dates are in the site's zone, and only getTimestamp() does not depend on
     * the user's (docs/facts/bitrix.md, order fields).
     */
    public static function instant(mixed $date): ?string
    {
        return $date instanceof Date ? self::seconds($date->getTimestamp()) : null;
    }

    public static function seconds(int $epochSeconds): string
    {
        return gmdate('Y-m-d\TH:i:s\Z', $epochSeconds);
    }

    /** Text as the shop has it; null when it has none. */
    public static function text(mixed $value): ?string
    {
        $text = is_scalar($value) ? trim((string) $value) : '';

        return $text === '' ? null : $text;
    }

    /** Broken UTF-8 of old imports is replaced, never an error. */
    public static function json(mixed $value): string
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;

        return json_encode($value, $flags);
    }
}
