<?php

declare(strict_types=1);

namespace Amobridge\Shop\Handler;

use Amobridge\Shop\Exchange\Sender;
use Amobridge\Shop\Journal;
use Amobridge\Shop\Module;
use Amobridge\Shop\Outbox;
use Amobridge\Shop\Touch;
use Bitrix\Main\Event;

/** Runs inside the buyer's checkout: writes one outbox row, sends nothing, never fails the order. */
final class OrderHandler
{
    public static function onSaved(Event $event): void
    {
        try {
            $touch = $event->getParameter('IS_NEW') === true ? Touch::ofThisHit() : null;
            self::record(Outbox::ORDER_SAVED, $event, $touch);
        } catch (\Throwable $failure) {
            Journal::error('An order event was not recorded; reconciliation will find the order', $failure);
        }
    }

    /** `VALUE` is false when the deletion failed. */
    public static function onDeleted(Event $event): void
    {
        try {
            if ($event->getParameter('VALUE') !== false) {
                self::record(Outbox::ORDER_DELETED, $event);
            }
        } catch (\Throwable $failure) {
            Journal::error('The deletion of an order was not recorded', $failure);
        }
    }

    /** Archiving sends no event of deletion, and this one comes before it: the row is checked when it is sent. */
    public static function onArchived(Event $event): void
    {
        try {
            self::record(Outbox::ORDER_ARCHIVED, $event);
        } catch (\Throwable $failure) {
            Journal::error('The archiving of an order was not recorded', $failure);
        }
    }

    private static function record(string $kind, Event $event, ?string $touch = null): void
    {
        $order = $event->getParameter('ENTITY');
        $module = Module::current();
        if (!is_object($order) || $order->getId() <= 0 || !$module->settings->isPaired()) {
            return;
        }
        $site = $kind === Outbox::ORDER_SAVED ? null : (string) $order->getField('LID');
        $module->outbox->add($kind, (string) $order->getId(), $site, $touch);
        Sender::arm();
    }
}
