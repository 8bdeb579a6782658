<?php

declare(strict_types=1);

namespace Amobridge\Shop\Snapshot;

use Amobridge\Shop\Revisions;
use Amobridge\Shop\Settings;
use Amobridge\Shop\Table\OrderLinkTable;
use Bitrix\Main\Loader;
use Bitrix\Sale\Order;

/** Loads an order afresh and shows it with the revision taken before the loading. */
final class OrderReader
{
    public function __construct(private Settings $settings, private Revisions $revisions)
    {
        Loader::requireModule('sale');
    }

    /**
     * Null when there is no such order; throws whatever a broken order throws.
     *
     * @return ?array{epoch: string, rev: string, data: array<string, mixed>}
     */
    public function read(int $orderId, ?string $touch = null): ?array
    {
        $stamp = $this->stamp();
        $order = Order::load($orderId);
        if ($order === null) {
            return null;
        }
        $snapshot = new OrderSnapshot($this->settings->siteUrl());

        return $stamp + ['data' => $snapshot->of($order, $touch ?? $this->keptTouch($orderId))];
    }

    /** @return array{epoch: string, rev: string} */
    public function stamp(): array
    {
        $rev = $this->revisions->next();

        return ['epoch' => $this->revisions->epoch(), 'rev' => $rev];
    }

    private function keptTouch(int $orderId): ?string
    {
        $link = OrderLinkTable::getRow(['filter' => ['=ORDER_ID' => $orderId], 'select' => ['TOUCH']]);
        $touch = (string) ($link['TOUCH'] ?? '');

        return $touch === '' ? null : $touch;
    }
}
