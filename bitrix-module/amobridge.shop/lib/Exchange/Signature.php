<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

/** Standard Webhooks signatures: `v1,` + base64 HMAC-SHA256 of `id.timestamp.body` over the raw body. */
final class Signature
{
    private const SECRET_PREFIX = 'whsec_';
    private const VERSION_PREFIX = 'v1,';

    /** @param string[] $secrets one signature for each of them, separated by spaces */
    public static function make(array $secrets, string $id, string $timestamp, string $body): string
    {
        $signatures = [];
        foreach ($secrets as $secret) {
            $signatures[] = self::VERSION_PREFIX . base64_encode(self::mac($secret, $id, $timestamp, $body));
        }

        return implode(' ', $signatures);
    }

    /**
     * Whether any signature of the header was made with any of the secrets. Says nothing about time.
     *
     * @param string[] $secrets
     */
    public static function fits(array $secrets, string $id, string $timestamp, string $body, string $header): bool
    {
        $fits = false;
        foreach ($secrets as $secret) {
            $expected = self::VERSION_PREFIX . base64_encode(self::mac($secret, $id, $timestamp, $body));
            foreach (explode(' ', $header) as $given) {
                $fits = hash_equals($expected, $given) || $fits;
            }
        }

        return $fits;
    }

    public static function isSecret(string $text): bool
    {
        return str_starts_with($text, self::SECRET_PREFIX)
            && strlen((string) base64_decode(substr($text, strlen(self::SECRET_PREFIX)), true)) >= 24;
    }

    public static function newSecret(): string
    {
        return self::SECRET_PREFIX . base64_encode(random_bytes(32));
    }

    private static function mac(string $secret, string $id, string $timestamp, string $body): string
    {
        $key = base64_decode(substr($secret, strlen(self::SECRET_PREFIX)), true);
        if (!self::isSecret($secret) || $key === false) {
            throw new \InvalidArgumentException('not a whsec_ secret');
        }

        return hash_hmac('sha256', "{$id}.{$timestamp}.{$body}", $key, true);
    }
}
