<?php

declare(strict_types=1);

namespace Amobridge\Shop\Admin;

use Amobridge\Shop\Module;
use Amobridge\Shop\Subscriptions;
use Amobridge\Shop\Table\OutboxTable;
use Amobridge\Shop\Table\StateTable;

/** What the status page shows; instants are seconds since 1970, 0 for never. */
final class Health
{
    public function __construct(private Module $module)
    {
    }

    /** @return array<string, int|string> by the end of a message code */
    public function rows(): array
    {
        $oldest = OutboxTable::getRow([
            'filter' => ['=REJECTED' => null],
            'order' => ['ID' => 'ASC'],
            'select' => ['AT'],
        ]);

        return [
            'CONNECTION' => $this->module->settings->connection(),
            'ENDPOINT' => $this->module->settings->endpoint(),
            'WAITING' => $this->module->outbox->waitingCount(),
            'OLDEST' => self::date((int) ($oldest['AT'] ?? 0)),
            'REJECTED' => $this->module->outbox->rejectedCount(),
            'LAST_EXCHANGE' => self::date((int) StateTable::read('last_exchange')),
            'LAST_PULL' => self::date((int) StateTable::read('last_pull')),
            'LAST_AGENT' => self::date((int) StateTable::read('last_agent')),
            'LAST_FAILURE' => (string) StateTable::read('last_failure'),
            'LAST_REFUSAL' => (string) StateTable::read('last_refusal'),
            'CLOCK_OFFSET' => $this->module->exchange->clockOffset(),
            'LOST_EVENTS' => implode(', ', Subscriptions::missing()),
        ];
    }

    public function isAtHome(): bool
    {
        return $this->module->installation->isAtHome();
    }

    /** In the zone of the site, as an administrator reads it. */
    private static function date(int $seconds): string
    {
        return $seconds === 0 ? '' : date('d.m.Y H:i:s', $seconds);
    }
}
