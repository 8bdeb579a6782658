<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Table\OrderLinkTable;
use Bitrix\Sale\Order;

/** Remembers the order's deal in our table, and in the order property AMO_LEAD_ID where a shop made one. */
final class SetDeal implements Command
{
    private const PROPERTY = 'AMO_LEAD_ID';

    public function run(Input $input, string $commandId): array
    {
        $orderId = $input->orderId();
        $deal = ['DEAL_ID' => $input->text('dealId'), 'DEAL_URL' => $input->optionalText('dealUrl')];

        return OrderLock::during($orderId, static function () use ($orderId, $deal): array {
            $order = Order::load($orderId) ?? throw new CommandFailed('order_missing', "Заказа {$orderId} нет");
            $known = OrderLinkTable::getRow(['filter' => ['=ORDER_ID' => $orderId]]);
            $isNew = $known === null || array_intersect_key($known, $deal) != $deal;
            if ($isNew) {
                OrderLinkTable::put($orderId, $deal);
            }

            return ['changed' => self::writeProperty($order, $deal['DEAL_ID']) || $isNew, 'data' => []];
        });
    }

    private static function writeProperty(Order $order, string $dealId): bool
    {
        $property = $order->getPropertyCollection()->getItemByOrderPropertyCode(self::PROPERTY);
        if ($property === null || (string) $property->getValue() === $dealId) {
            return false;
        }
        $property->setValue($dealId);
        $saved = $order->save();
        if (!$saved->isSuccess()) {
            throw new CommandFailed('refused', implode('; ', $saved->getErrorMessages()));
        }

        return true;
    }
}
