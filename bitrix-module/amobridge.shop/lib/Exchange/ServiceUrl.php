<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

/** The service's address as an administrator gave it. */
final class ServiceUrl
{
    /**
     * Plain HTTP only to this very machine; without a slash at the end; null for anything else.
     *
     * @param bool $mayBePlain for the shop's own address, which nothing of ours is sent to
     */
    public static function parse(string $text, bool $mayBePlain = false): ?string
    {
        $url = rtrim(trim($text), '/');
        $parts = parse_url($url);
        $isAscii = preg_match('/^[!-~]+$/', $url) === 1;
        if (!$isAscii || !is_array($parts) || !isset($parts['host']) || isset($parts['user']) || isset($parts['query'])) {
            return null;
        }
        $scheme = strtolower($parts['scheme'] ?? '');

        return $scheme === 'https' || ($scheme === 'http' && ($mayBePlain || self::isLoopback($url))) ? $url : null;
    }

    public static function isLoopback(string $url): bool
    {
        return in_array(parse_url($url, PHP_URL_HOST), ['127.0.0.1', 'localhost', '[::1]'], true);
    }
}
