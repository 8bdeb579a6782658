<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Amobridge\Shop\Table\OutboxTable;
use Amobridge\Shop\Table\Upsert;

/** Rows that say what is dirty. They stay until the service says that it has the event. */
final class Outbox
{
    public const ORDER_SAVED = 'order.saved';
    public const ORDER_DELETED = 'order.deleted';
    public const ORDER_ARCHIVED = 'order.archived';

    public function __construct(private Clock $clock)
    {
    }

    /** One INSERT: this runs inside a checkout. */
    public function add(string $kind, string $entityId, ?string $site = null, ?string $touch = null): void
    {
        Upsert::check(OutboxTable::add([
            'KIND' => $kind,
            'ENTITY_ID' => $entityId,
            'SITE' => $site,
            'AT' => $this->clock->now(),
            'ORIGIN' => Origin::current(),
            'TOUCH' => $touch,
        ]));
    }

    /**
     * Waiting rows by object, the longest waiting object first. Autoincrement ids are not commit order
     * (docs/facts/bitrix.md, database), so rows are named one by one and no cursor is kept.
     *
     * @return array<string, array<int, array<string, mixed>>>
     */
    public function waiting(int $rows): array
    {
        $groups = [];
        $found = OutboxTable::getList([
            'filter' => ['=REJECTED' => null],
            'order' => ['ID' => 'ASC'],
            'limit' => $rows,
        ]);
        foreach ($found->fetchAll() as $row) {
            $groups[self::object($row)][] = $row;
        }

        return $groups;
    }

    /**
     * The id of the event that speaks for these rows. The same rows keep their id on every sending; a row more
     * makes a new event, for the receiver may already have taken the old one.
     *
     * @param array<int, array<string, mixed>> $group
     */
    public function nameEvent(array $group, string $newId): string
    {
        $names = array_unique(array_column($group, 'EVENT_ID'));
        if (count($names) === 1 && $names[0] !== null) {
            return $names[0];
        }
        foreach ($group as $row) {
            Upsert::check(OutboxTable::update($row['ID'], ['EVENT_ID' => $newId]));
        }

        return $newId;
    }

    /** @param string[] $eventIds */
    public function accept(array $eventIds): void
    {
        foreach (array_chunk($eventIds, 100) as $some) {
            OutboxTable::deleteByFilter(['@EVENT_ID' => $some]);
        }
    }

    /**
     * "Never" of the service: the rows stay for the administrator to see and are not sent again.
     *
     * @param array<mixed> $rejected as it came: `{id, code, message}` each
     */
    public function reject(array $rejected): void
    {
        foreach ($rejected as $one) {
            $texts = [$one['id'] ?? null, $one['code'] ?? '', $one['message'] ?? ''];
            if (array_filter($texts, 'is_string') === $texts) {
                $this->markRejected(...$texts);
            }
        }
    }

    private function markRejected(string $eventId, string $code, string $message): void
    {
        $mark = ['REJECTED' => mb_substr($code, 0, 60), 'REJECTED_TEXT' => mb_substr($message, 0, 2000)];
        $rows = OutboxTable::getList(['filter' => ['=EVENT_ID' => $eventId], 'select' => ['ID']]);
        foreach ($rows->fetchAll() as $row) {
            Upsert::check(OutboxTable::update($row['ID'], $mark));
        }
    }

    /** The administrator mended what the service did not like: the rows go again, as new events. */
    public function forgiveRejected(): void
    {
        $clean = ['REJECTED' => null, 'REJECTED_TEXT' => null, 'EVENT_ID' => null];
        $rows = OutboxTable::getList(['filter' => ['!=REJECTED' => null], 'select' => ['ID']]);
        foreach ($rows->fetchAll() as $row) {
            Upsert::check(OutboxTable::update($row['ID'], $clean));
        }
    }

    public function waitingCount(): int
    {
        return OutboxTable::getCount(['=REJECTED' => null]);
    }

    public function rejectedCount(): int
    {
        return OutboxTable::getCount(['!=REJECTED' => null]);
    }

    /** @param array<string, mixed> $row */
    private static function object(array $row): string
    {
        return strstr($row['KIND'], '.', true) . ':' . $row['ENTITY_ID'];
    }
}
