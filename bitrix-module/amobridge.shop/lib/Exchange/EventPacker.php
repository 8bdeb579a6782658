<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Clock;
use Amobridge\Shop\Format\Ulid;
use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Journal;
use Amobridge\Shop\Outbox;
use Amobridge\Shop\Snapshot\OrderReader;
use Amobridge\Shop\Table\OrderLinkTable;

/** Makes events of waiting rows: one for an object, however often it was saved, as the object stands now. */
final class EventPacker
{
    public const MAX_BYTES = 900 * 1024;
    /** Kept free for what stands around the events. */
    public const ENVELOPE_BYTES = 2048;
    /** For the commands and the events of one message together. */
    public const WORK_SECONDS = 10;
    private const MAX_EVENTS = 100;
    private const MAX_ROWS = 1000;

    public function __construct(private Outbox $outbox, private OrderReader $orders, private Clock $clock)
    {
    }

    /**
     * @param int $stopAt seconds since 1970
     * @return string[] events as JSON texts, together within the budget
     */
    public function pack(int $budgetBytes, int $stopAt): array
    {
        $events = [];
        foreach ($this->outbox->waiting(self::MAX_ROWS) as $group) {
            if (count($events) === self::MAX_EVENTS || $this->clock->now() >= $stopAt) {
                break;
            }
            $event = $this->eventText($group);
            $budgetBytes -= strlen($event) + 1;
            if ($budgetBytes < 0) {
                break;
            }
            $events[] = $event;
        }

        return $events;
    }

    /**
     * An order that fits into no message at all must not hold the others.
     *
     * @param array<int, array<string, mixed>> $group
     */
    private function eventText(array $group): string
    {
        $event = $this->event($group);
        $text = Wire::json($event);
        if (strlen($text) <= self::MAX_BYTES - self::ENVELOPE_BYTES) {
            return $text;
        }
        $id = (string) end($group)['ENTITY_ID'];

        return Wire::json([
            'type' => 'order.unreadable',
            'data' => ['id' => $id, 'message' => "Заказ {$id} больше допустимого размера сообщения"],
        ] + $event);
    }

    /**
     * @param array<int, array<string, mixed>> $group the rows of one order, oldest first
     * @return array<string, mixed>
     */
    private function event(array $group): array
    {
        $newest = end($group);
        $head = ['id' => $this->outbox->nameEvent($group, Ulid::make($this->clock->milliseconds(), random_bytes(16)))];
        [$type, $stamp, $data] = $this->read((int) $newest['ENTITY_ID'], $group);

        return $head + [
            'type' => $type,
            'at' => Wire::seconds((int) $newest['AT']),
            'epoch' => $stamp['epoch'],
            'rev' => $stamp['rev'],
            'origin' => self::origin($group),
            'data' => $data,
        ];
    }

    /**
     * @param array<int, array<string, mixed>> $group
     * @return array{string, array{epoch: string, rev: string}, array<string, mixed>}
     */
    private function read(int $orderId, array $group): array
    {
        try {
            $read = $this->orders->read($orderId, $this->keepTouch($orderId, $group));
            if ($read !== null) {
                return [Outbox::ORDER_SAVED, $read, $read['data']];
            }
            $why = "Заказ {$orderId} не найден";
        } catch (\Throwable $failure) {
            Journal::error("Order {$orderId} could not be read", $failure);
            $why = 'Заказ ' . $orderId . ' не загрузился: ' . $failure::class;
        }

        return $this->withoutOrder($orderId, $group, $why);
    }

    /**
     * A missing order is no proof of deletion: only a row that says so is.
     *
     * @param array<int, array<string, mixed>> $group
     * @return array{string, array{epoch: string, rev: string}, array<string, mixed>}
     */
    private function withoutOrder(int $orderId, array $group, string $why): array
    {
        $stamp = $this->orders->stamp();
        foreach (array_reverse($group) as $row) {
            if ($row['KIND'] !== Outbox::ORDER_SAVED) {
                return [$row['KIND'], $stamp, ['id' => (string) $orderId, 'site' => (string) $row['SITE']]];
            }
        }

        return ['order.unreadable', $stamp, ['id' => (string) $orderId, 'message' => $why]];
    }

    /**
     * The touch came with the buyer's own request and outlives its row: later snapshots show it too.
     *
     * @param array<int, array<string, mixed>> $group
     */
    private function keepTouch(int $orderId, array $group): ?string
    {
        $touches = array_filter(array_column($group, 'TOUCH'));
        if ($touches === []) {
            return null;
        }
        $touch = (string) reset($touches);
        OrderLinkTable::put($orderId, ['TOUCH' => $touch]);

        return $touch;
    }

    /**
     * Our command, if nothing else changed the order since the last event.
     *
     * @param array<int, array<string, mixed>> $group
     */
    private static function origin(array $group): ?string
    {
        $origins = array_unique(array_column($group, 'ORIGIN'));

        return count($origins) === 1 ? $origins[0] : null;
    }
}
