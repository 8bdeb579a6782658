<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Bitrix\Main\Config\Option;

/** The module's options, typed. */
final class Settings
{
    public const MODULE_ID = 'amobridge.shop';

    /** Families of commands an administrator may tick; reading orders needs no tick. */
    public const FAMILIES = ['statuses', 'properties', 'buyers', 'products'];

    /** Where the service lives, without a slash at the end; '' for a service that this shop cannot reach. */
    public function serviceUrl(): string
    {
        return $this->get('service_url');
    }

    /** Id of the connection, as pairing answered it; '' before the first pairing. */
    public function connection(): string
    {
        return $this->get('connection');
    }

    public function shopKey(): string
    {
        return $this->get('shop_key');
    }

    public function secret(): string
    {
        return SecretBox::open($this->get('secret'));
    }

    public function isPaired(): bool
    {
        return $this->get('connection') !== '' && $this->get('secret') !== '';
    }

    public function pair(string $serviceUrl, string $connection, string $secret, string $shopKey): void
    {
        Option::set(self::MODULE_ID, 'service_url', $serviceUrl);
        Option::set(self::MODULE_ID, 'secret', SecretBox::close($secret));
        // the key of a shop never changes: the deals of the account carry it
        if ($this->shopKey() === '') {
            Option::set(self::MODULE_ID, 'shop_key', $shopKey);
        }
        Option::set(self::MODULE_ID, 'connection', $connection);
    }

    public function unpair(): void
    {
        foreach (['service_url', 'secret', 'connection'] as $name) {
            Option::delete(self::MODULE_ID, ['name' => $name]);
        }
    }

    /** Address of the site's front page, without a slash at the end; links in messages begin with it. */
    public function siteUrl(): string
    {
        return $this->get('site_url');
    }

    public function setSiteUrl(string $url): void
    {
        Option::set(self::MODULE_ID, 'site_url', rtrim($url, '/'));
    }

    public function host(): string
    {
        return (string) parse_url($this->siteUrl(), PHP_URL_HOST);
    }

    /** Where the service calls; owners who close /bitrix/ put the stub elsewhere. */
    public function endpoint(): string
    {
        return $this->siteUrl() . $this->get('endpoint_path');
    }

    /** @return string[] */
    public function ticks(): array
    {
        return array_values(array_intersect(self::FAMILIES, explode(',', $this->get('ticks'))));
    }

    /** @param string[] $families */
    public function setTicks(array $families): void
    {
        Option::set(self::MODULE_ID, 'ticks', implode(',', array_intersect(self::FAMILIES, $families)));
    }

    public function respectsLocks(): bool
    {
        return $this->get('respect_locks') === 'Y';
    }

    public function setRespectsLocks(bool $respects): void
    {
        Option::set(self::MODULE_ID, 'respect_locks', $respects ? 'Y' : 'N');
    }

    /** A service in the shop's own network; off unless a developer sets the option. */
    public function allowsPrivateService(): bool
    {
        return $this->get('allow_private_service') === 'Y';
    }

    private function get(string $name): string
    {
        return Option::get(self::MODULE_ID, $name);
    }
}
