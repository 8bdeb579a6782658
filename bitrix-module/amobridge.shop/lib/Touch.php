<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Amobridge\Shop\Format\Wire;
use Bitrix\Main\Context;

/**
 * First and last visit, as the tracker left them in the buyer's cookie. The buyer can write anything there:
 * only known keys pass, and no more than a kilobyte.
 */
final class Touch
{
    public const COOKIE = 'amobridge_touch';
    private const MAX_BYTES = 1024;
    private const KEYS = [
        'at', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term',
        'landing', 'referrer', 'ym_uid', 'ga', 'gclid', 'yclid', 'fbclid', 'roistat',
    ];

    /** The checked cookie of a visitor's hit as JSON; null for managers, cron, machines, and for rubbish. */
    public static function ofThisHit(): ?string
    {
        $request = Context::getCurrent()?->getRequest();
        if ($request === null || $request->isAdminSection() || Origin::current() !== null) {
            return null;
        }
        $cookie = $request->getCookieRaw(self::COOKIE);

        return is_string($cookie) ? self::check($cookie) : null;
    }

    public static function check(string $cookie): ?string
    {
        if (strlen($cookie) > self::MAX_BYTES * 3) {
            return null;
        }
        $given = json_decode($cookie, true, 4) ?? json_decode(rawurldecode($cookie), true, 4);
        $touch = [];
        foreach (['first', 'last'] as $side) {
            $marks = is_array($given) ? self::marks($given[$side] ?? null) : [];
            if ($marks !== []) {
                $touch[$side] = $marks;
            }
        }
        $json = $touch === [] ? '' : Wire::json($touch);

        return $json === '' || strlen($json) > self::MAX_BYTES ? null : $json;
    }

    /** @return array<string, string> */
    private static function marks(mixed $given): array
    {
        $marks = [];
        foreach (is_array($given) ? self::KEYS : [] as $key) {
            $value = $given[$key] ?? null;
            if (is_string($value) && $value !== '') {
                $marks[$key] = $value;
            }
        }

        return $marks;
    }
}
