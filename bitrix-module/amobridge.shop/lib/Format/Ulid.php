<?php

declare(strict_types=1);

namespace Amobridge\Shop\Format;

/** 26 characters: ten of time, sixteen of chance. */
final class Ulid
{
    private const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

    /** @param string $chance sixteen random bytes */
    public static function make(int $milliseconds, string $chance): string
    {
        $time = '';
        for ($place = 0; $place < 10; $place++) {
            $time = self::CROCKFORD[$milliseconds % 32] . $time;
            $milliseconds = intdiv($milliseconds, 32);
        }
        $tail = '';
        foreach (str_split($chance) as $byte) {
            $tail .= self::CROCKFORD[ord($byte) % 32];
        }

        return $time . $tail;
    }
}
