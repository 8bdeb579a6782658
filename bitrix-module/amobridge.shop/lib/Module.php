<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Amobridge\Shop\Command\Runner;
use Amobridge\Shop\Exchange\Endpoint;
use Amobridge\Shop\Exchange\EventPacker;
use Amobridge\Shop\Exchange\Exchange;
use Amobridge\Shop\Exchange\HttpTransport;
use Amobridge\Shop\Exchange\Pairing;
use Amobridge\Shop\Exchange\Transport;
use Amobridge\Shop\Snapshot\OrderReader;
use Amobridge\Shop\Snapshot\Profile;

/** Puts the parts together. The kernel calls static methods; they ask here for everything else. */
final class Module
{
    public const VERSION = '1.0.0';

    private static ?self $current = null;

    public readonly Settings $settings;
    public readonly Installation $installation;
    public readonly Outbox $outbox;
    public readonly Revisions $revisions;
    public readonly OrderReader $orders;
    public readonly EventPacker $packer;
    public readonly Runner $commands;
    public readonly Exchange $exchange;
    public readonly Pairing $pairing;
    public readonly Endpoint $endpoint;

    public function __construct(public readonly Clock $clock, Transport $transport)
    {
        $this->settings = new Settings();
        $this->installation = new Installation($this->settings);
        $this->outbox = new Outbox($clock);
        $this->revisions = new Revisions($clock, Revisions::defaultMarkFile());
        $this->orders = new OrderReader($this->settings, $this->revisions);
        $this->packer = new EventPacker($this->outbox, $this->orders, $clock);
        $this->commands = new Runner($this);
        $this->exchange = new Exchange($this, $transport);
        $this->pairing = new Pairing($this, $transport);
        $this->endpoint = new Endpoint($this);
    }

    public static function current(): self
    {
        return self::$current ??= new self(new SystemClock(), new HttpTransport(new Settings()));
    }

    /** Another clock or another way out. */
    public static function use(?self $module): void
    {
        self::$current = $module;
    }

    /** @return array<string, mixed> what `profile.get` answers and pairing sends along */
    public function profile(): array
    {
        return (new Profile($this->settings, $this->clock))->read();
    }
}
