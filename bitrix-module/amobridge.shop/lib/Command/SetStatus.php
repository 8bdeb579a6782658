<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Settings;
use Amobridge\Shop\Table\OrderLinkTable;
use Bitrix\Main\Result;
use Bitrix\Sale\Internals\StatusTable;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;

/**
 * Applies only to the state the service believes in; otherwise the service learns the present one and decides again.
 * The kernel takes any two letters for a status, so every check is ours (docs/facts/bitrix.md, changing status).
 */
final class SetStatus implements Command
{
    private const CANCELLED = 'cancelled';
    private const CANCEL_REFUSALS = [
        'SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE',
        'SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED',
    ];

    public function __construct(private Settings $settings)
    {
    }

    public function run(Input $input, string $commandId): array
    {
        $orderId = $input->orderId();
        $wanted = $input->text('status');
        $expected = $input->text('ifStatus');
        $reason = $input->optionalText('reason');
        $isNotified = $input->flag('notifyCustomer');
        $seq = $input->whole('seq');

        $work = function () use ($orderId, $wanted, $expected, $reason, $isNotified, $seq): array {
            $order = Order::load($orderId) ?? throw new CommandFailed('order_missing', "Заказа {$orderId} нет");
            self::requireNewest($orderId, $seq);
            $this->requireUnlocked($orderId);
            $before = self::stateOf($order);
            if ($before === $wanted) {
                return self::done(false, $before, $before, []);
            }
            if ($before !== $expected) {
                throw new CommandFailed('conflict', "Заказ {$orderId} уже в статусе {$before}", ['current' => $before]);
            }
            self::change($order, $wanted, $reason);
            $warnings = self::save($order, $isNotified);

            return self::done(true, $before, self::stateOf($order), $warnings);
        };

        return OrderLock::during($orderId, $work);
    }

    private static function stateOf(Order $order): string
    {
        return $order->isCanceled() ? self::CANCELLED : (string) $order->getField('STATUS_ID');
    }

    private static function requireNewest(int $orderId, int $seq): void
    {
        $seen = OrderLinkTable::getRow(['filter' => ['=ORDER_ID' => $orderId]])['SEQ'] ?? null;
        if ($seen !== null && $seq < (int) $seen) {
            throw new CommandFailed('superseded', "После seq {$seq} уже была {$seen}");
        }
        OrderLinkTable::put($orderId, ['SEQ' => $seq]);
    }

    private function requireUnlocked(int $orderId): void
    {
        if ($this->settings->respectsLocks() && Order::isLocked($orderId)) {
            throw new CommandFailed('order_locked', "Заказ {$orderId} открыт у менеджера");
        }
    }

    private static function change(Order $order, string $wanted, ?string $reason): void
    {
        if ($wanted === self::CANCELLED) {
            self::set($order, 'CANCELED', 'Y');
            self::set($order, 'REASON_CANCELED', mb_substr((string) $reason, 0, 255));

            return;
        }
        // the exact letters: a collation would also take another case
        $status = StatusTable::getRow(['select' => ['ID'], 'filter' => ['=ID' => $wanted, '=TYPE' => 'O']]);
        if ($status === null || $status['ID'] !== $wanted) {
            throw new CommandFailed('status_unknown', "Статуса {$wanted} нет");
        }
        if ($order->isCanceled()) {
            self::set($order, 'CANCELED', 'N');
        }
        self::set($order, 'STATUS_ID', $wanted);
    }

    private static function set(Order $order, string $field, string $value): void
    {
        self::check($order->setField($field, $value));
    }

    /** @return string[] warnings: troubles of payments and shipments do not stop a save */
    private static function save(Order $order, bool $isNotified): array
    {
        if (!$isNotified) {
            Notify::setNotifyDisable(true);
        }
        try {
            $saved = $order->save();
        } finally {
            if (!$isNotified) {
                Notify::setNotifyDisable(false);
            }
        }
        self::check($saved);

        return $saved->getWarningMessages();
    }

    private static function check(Result $result): void
    {
        if ($result->isSuccess()) {
            return;
        }
        $words = implode('; ', $result->getErrorMessages());
        foreach ($result->getErrors() as $error) {
            if (in_array($error->getCode(), self::CANCEL_REFUSALS, true)) {
                throw new CommandFailed('cancel_refused', $words);
            }
        }
        throw new CommandFailed('refused', $words);
    }

    /**
     * @param string[] $warnings
     * @return array{changed: bool, data: array<string, mixed>}
     */
    private static function done(bool $changed, string $before, string $after, array $warnings): array
    {
        return ['changed' => $changed, 'data' => ['before' => $before, 'after' => $after, 'warnings' => $warnings]];
    }
}
