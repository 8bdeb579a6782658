<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Module;

/** Joins this shop with one connection of the service, in either direction. */
final class Pairing
{
    private const CODE = '/^(?<url>[^#]+)#(?<code>[0-9A-HJKMNP-TV-Z]{12})$/';
    private const SECONDS = 20;

    public function __construct(private Module $module, private Transport $transport)
    {
    }

    /** @param string $text `<public url>#<12 Crockford characters>`, as the console shows it */
    public function spend(string $text): void
    {
        [$url, $code] = self::parse($text);
        $body = Wire::json([
            'code' => $code,
            'endpoint' => $this->module->settings->endpoint(),
            'installation' => $this->module->installation->id(),
            'host' => $this->module->settings->host(),
            'profile' => $this->module->profile(),
        ]);
        try {
            $answer = $this->transport->post("{$url}/bridge/v1/pair", $body, [], self::SECONDS);
            $paired = $answer->json();
        } catch (NoAnswer $failure) {
            throw new PairingFailed('unreachable', $failure->getMessage());
        }
        if ($answer->status !== 200) {
            throw new PairingFailed('refused', (string) ($paired['error']['message'] ?? $answer->status));
        }
        $this->keep($url, $paired);
    }

    /**
     * For a service that this shop cannot reach: a secret of our own, to be pasted on the other side.
     *
     * @param string $connection the name the connection has in the service's settings
     * @return string `endpoint#connection#secret`, shown once
     */
    public function offer(string $connection): string
    {
        if (!preg_match('/^[a-z0-9-]{1,60}$/', $connection)) {
            throw new PairingFailed('connection');
        }
        $secret = Signature::newSecret();
        $this->module->installation->id();
        $this->module->settings->pair('', $connection, $secret, $this->module->settings->shopKey());
        $this->module->installation->settleHere();

        return "{$this->module->settings->endpoint()}#{$connection}#{$secret}";
    }

    /** @return array{string, string} */
    private static function parse(string $text): array
    {
        // Crockford: O is zero, I and L are one, case and dashes do not matter
        [$address, $code] = array_pad(explode('#', trim($text), 2), 2, '');
        $code = strtr(strtoupper(str_replace('-', '', $code)), ['O' => '0', 'I' => '1', 'L' => '1']);
        if (!preg_match(self::CODE, "{$address}#{$code}")) {
            throw new PairingFailed('code');
        }

        return [ServiceUrl::parse($address) ?? throw new PairingFailed('url'), $code];
    }

    /** @param array<string, mixed> $paired */
    private function keep(string $url, array $paired): void
    {
        $connection = $paired['connection'] ?? null;
        $secret = $paired['secret'] ?? null;
        if (!is_string($connection) || $connection === '' || !is_string($secret) || !Signature::isSecret($secret)) {
            throw new PairingFailed('answer');
        }
        $this->module->settings->pair($url, $connection, $secret, (string) ($paired['shopKey'] ?? ''));
        $this->module->installation->settleHere();
    }
}
