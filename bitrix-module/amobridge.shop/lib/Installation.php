<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;

/**
 * Who this copy of the shop is. A clone of the site has our options in its database too; it must not speak in the
 * original's name, so beside the random id stands where it was given: server name, document root, database.
 */
final class Installation
{
    private const FINGERPRINT = 'fingerprint';

    /** The name under which the machine endpoint was called in this hit. */
    private string $calledAs = '';

    public function __construct(private Settings $settings)
    {
    }

    public function id(): string
    {
        $id = Option::get(Settings::MODULE_ID, 'installation');
        if ($id === '') {
            $id = bin2hex(random_bytes(16));
            Option::set(Settings::MODULE_ID, 'installation', $id);
            $this->settleHere();
        }

        return $id;
    }

    /** False on a clone, and on a moved site until its administrator says so. */
    public function isAtHome(): bool
    {
        $known = Option::get(Settings::MODULE_ID, self::FINGERPRINT);
        if ($known === '') {
            return true;
        }

        return hash_equals($known, $this->fingerprint()) && $this->isKnownHost();
    }

    /** The administrator's answer "moved here", and the first pairing. */
    public function settleHere(): void
    {
        Option::set(Settings::MODULE_ID, self::FINGERPRINT, $this->fingerprint());
    }

    /** The administrator's answer "this is a copy": a new identity without a connection. */
    public function becomeCopy(): void
    {
        $this->settings->unpair();
        Option::delete(Settings::MODULE_ID, ['name' => 'installation']);
        Option::delete(Settings::MODULE_ID, ['name' => 'shop_key']);
        $this->id();
    }

    private function fingerprint(): string
    {
        $connection = Application::getConnection();
        $root = Application::getDocumentRoot();

        return hash('sha256', implode("\n", [
            Option::get('main', 'server_name'),
            realpath($root) ?: $root,
            $connection->getHost(),
            $connection->getDatabase(),
        ]));
    }

    /**
     * A clone often keeps paths and database names, but answers under another name. Cron has no name, and a visitor
     * may come by any of the shop's domains, so only calls of the machine endpoint are judged by theirs.
     */
    public function calledAs(string $host): void
    {
        $this->calledAs = self::plain($host);
    }

    private function isKnownHost(): bool
    {
        $known = self::plain($this->settings->host());

        return $known === '' || $this->calledAs === '' || $known === $this->calledAs;
    }

    private static function plain(string $host): string
    {
        return (string) preg_replace('/^www\.|:\d+$/', '', strtolower($host));
    }
}
