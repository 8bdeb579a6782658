<?php

declare(strict_types=1);

namespace Amobridge\Shop\Snapshot;

use Amobridge\Shop\Format\Wire;
use Bitrix\Sale\Order;

/** A freshly loaded order as the protocol shows it. Nothing is interpreted here: the service decides. */
final class OrderSnapshot
{
    private const MAX_BYTES = 512 * 1024;
    private const MAX_LINES = 500;

    public function __construct(private string $siteUrl)
    {
    }

    /**
     * @param ?string $touch JSON as kept
     * @return array<string, mixed>
     */
    public function of(Order $order, ?string $touch): array
    {
        $properties = new Properties($order->getPropertyCollection());
        $lines = (new Lines($this->siteUrl))->of($order->getBasket());
        $snapshot = self::head($order) + [
            'adminUrl' => "{$this->siteUrl}/bitrix/admin/sale_order_view.php?ID={$order->getId()}",
            'buyer' => Buyer::of((string) $order->getUserId(), $properties),
            'properties' => (object) $properties->all(),
            'linesTotal' => count($lines),
            'lines' => $lines,
            'payments' => self::payments($order),
            'shipments' => self::shipments($order),
            'touch' => self::touch($touch),
        ];
        if (count($lines) > self::MAX_LINES && strlen(Wire::json($snapshot)) > self::MAX_BYTES) {
            $snapshot['lines'] = array_slice($lines, 0, self::MAX_LINES);
        }

        return $snapshot;
    }

    /** @return array<string, mixed> */
    private static function head(Order $order): array
    {
        $cancelled = $order->isCanceled();
        $created = Wire::instant($order->getField('DATE_INSERT'));

        return [
            'id' => (string) $order->getId(),
            'number' => (string) $order->getField('ACCOUNT_NUMBER'),
            'site' => (string) $order->getSiteId(),
            'personType' => (string) $order->getPersonTypeId(),
            'status' => (string) $order->getField('STATUS_ID'),
            'cancelled' => $cancelled,
            'cancelReason' => $cancelled ? Wire::text($order->getField('REASON_CANCELED')) : null,
            'paid' => $order->isPaid(),
            'createdAt' => $created,
            'updatedAt' => Wire::instant($order->getField('DATE_UPDATE')) ?? $created,
            'statusAt' => self::statusAt($order) ?? $created,
            'currency' => (string) $order->getCurrency(),
            'total' => Wire::money($order->getPrice()),
            'paidSum' => Wire::money($order->getSumPaid()),
            'deliveryPrice' => Wire::money($order->getDeliveryPrice()),
            'discount' => Wire::money(self::discount($order)),
            'comment' => Wire::text($order->getField('USER_DESCRIPTION')),
            'managerComment' => Wire::text($order->getField('COMMENTS')),
        ];
    }

    /** Cancelling is a flag beside the status with a date of its own; the later of the two counts. */
    private static function statusAt(Order $order): ?string
    {
        $instants = array_filter([
            Wire::instant($order->getField('DATE_STATUS')),
            Wire::instant($order->getField('DATE_CANCELED')),
        ]);

        return $instants === [] ? null : max($instants);
    }

    private static function discount(Order $order): float
    {
        $sum = 0.0;
        foreach ($order->getBasket() as $item) {
            $sum += $item->isBundleChild() ? 0.0 : $item->getDiscountPrice() * $item->getQuantity();
        }

        return $sum;
    }

    /** @return array<int, array<string, mixed>> */
    private static function payments(Order $order): array
    {
        $payments = [];
        foreach ($order->getPaymentCollection() as $payment) {
            $payments[] = [
                'id' => (string) $payment->getId(),
                'system' => (string) $payment->getPaymentSystemName(),
                'sum' => Wire::money($payment->getSum()),
                'paid' => $payment->isPaid(),
                'paidAt' => $payment->isPaid() ? Wire::instant($payment->getField('DATE_PAID')) : null,
            ];
        }

        return $payments;
    }

    /** @return array<int, array<string, mixed>> without the system shipment, which only holds goods not yet shared out */
    private static function shipments(Order $order): array
    {
        $shipments = [];
        foreach ($order->getShipmentCollection()->getNotSystemItems() as $shipment) {
            $shipments[] = [
                'id' => (string) $shipment->getId(),
                'service' => (string) $shipment->getField('DELIVERY_NAME'),
                'price' => Wire::money($shipment->getField('PRICE_DELIVERY')),
                'status' => (string) $shipment->getField('STATUS_ID'),
                'shipped' => $shipment->getField('DEDUCTED') === 'Y',
                'trackingNumber' => Wire::text($shipment->getField('TRACKING_NUMBER')),
            ];
        }

        return $shipments;
    }

    /** @return array{first: ?array<string, string>, last: ?array<string, string>} */
    private static function touch(?string $touch): array
    {
        $kept = $touch === null ? [] : (array) json_decode($touch, true);

        return ['first' => $kept['first'] ?? null, 'last' => $kept['last'] ?? null];
    }
}
