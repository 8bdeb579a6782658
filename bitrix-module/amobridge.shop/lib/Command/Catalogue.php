<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Module;

/** Which commands there are, which family a tick allows, and which only read. */
final class Catalogue
{
    private const FAMILY = ['order.set_status' => 'statuses'];
    private const READING = ['ping', 'profile.get', 'orders.get', 'orders.list', 'orders.digest'];

    public static function make(string $type, Module $module): ?Command
    {
        return match ($type) {
            'ping' => new Ping($module),
            'profile.get' => new GetProfile($module),
            'orders.get' => new GetOrders($module->orders),
            'orders.list' => new ListOrders($module->orders),
            'orders.digest' => new DigestOrders($module->orders),
            'order.set_deal' => new SetDeal(),
            'order.set_status' => new SetStatus($module->settings),
            default => null,
        };
    }

    public static function familyOf(string $type): ?string
    {
        return self::FAMILY[$type] ?? null;
    }

    public static function isReading(string $type): bool
    {
        return in_array($type, self::READING, true);
    }
}
