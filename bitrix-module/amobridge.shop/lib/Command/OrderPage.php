<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Journal;
use Amobridge\Shop\Snapshot\OrderReader;

/** Orders of one answer, as many as fit; a broken one is named and does not hold the others. */
final class OrderPage
{
    /** Leaves room for the rest of an answer of at most 900 KB. */
    private const MAX_BYTES = 640 * 1024;

    /** @var array<int, array<string, mixed>> */
    public array $orders = [];
    /** @var array<int, array{id: string, message: string}> */
    public array $unreadable = [];
    private int $bytes = 0;

    public function __construct(private OrderReader $reader)
    {
    }

    /** False when the order did not fit and has to be asked for again. */
    public function add(int $orderId): bool
    {
        try {
            $read = $this->reader->read($orderId);
        } catch (\Throwable $failure) {
            Journal::error("Order {$orderId} could not be read", $failure);
            $this->unreadable[] = ['id' => (string) $orderId, 'message' => $failure::class];

            return true;
        }
        if ($read === null) {
            return true;
        }
        $order = ['epoch' => $read['epoch'], 'rev' => $read['rev']] + $read['data'];
        $bytes = strlen(Wire::json($order));
        if ($this->bytes + $bytes > self::MAX_BYTES && $this->orders !== []) {
            return false;
        }
        $this->bytes += $bytes;
        $this->orders[] = $order;

        return true;
    }

    /**
     * @param array<string, mixed> $rest
     * @return array{changed: false, data: array<string, mixed>}
     */
    public function toResult(array $rest): array
    {
        $unreadable = $this->unreadable === [] ? [] : ['unreadable' => $this->unreadable];

        return ['changed' => false, 'data' => ['orders' => $this->orders] + $rest + $unreadable];
    }
}
