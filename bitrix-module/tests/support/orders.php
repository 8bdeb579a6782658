<?php

declare(strict_types=1);

namespace Tests;

use Bitrix\Sale\Order;

/** Orders as plain data, for the stub shop. */
final class Orders
{
    /** An ordinary order of a person; `$fields` go over those of the order itself. */
    public static function plain(array $fields = [], array $children = []): array
    {
        return ['order' => $fields + [
            'LID' => 's1',
            'PERSON_TYPE_ID' => 1,
            'USER_ID' => 77,
            'STATUS_ID' => 'N',
            'PRICE' => '15990.0000',
            'PRICE_DELIVERY' => '500.0000',
            'CURRENCY' => 'RUB',
        ]] + $children + [
            'basket' => [self::line(1)],
            'properties' => [
                ['ORDER_PROPS_ID' => 1, 'VALUE' => 'Петрова Анна'],
                ['ORDER_PROPS_ID' => 2, 'VALUE' => 'Anna@Example.test'],
                ['ORDER_PROPS_ID' => 3, 'VALUE' => '8 (999) 000-11-22'],
            ],
            'payments' => [['ID' => 1, 'PAY_SYSTEM_NAME' => 'Карта', 'SUM' => '15990.0000', 'PAID' => 'N', 'DATE_PAID' => null]],
            'shipments' => [
                self::shipment(1) + ['SYSTEM' => 'N'],
                self::shipment(2) + ['SYSTEM' => 'Y'],
            ],
        ];
    }

    public static function line(int $id, array $fields = []): array
    {
        return $fields + [
            'ID' => $id,
            'PRODUCT_ID' => 501,
            'PRODUCT_XML_ID' => 'a1-501',
            'NAME' => 'Кофемашина X1',
            'PRICE' => '7745.0000',
            'DISCOUNT_PRICE' => '0.0000',
            'VAT_RATE' => '0.2000',
            'QUANTITY' => '2.0000',
            'MEASURE_NAME' => 'шт',
            'DETAIL_PAGE_URL' => '/p/501/',
            'SET_PARENT_ID' => null,
            'PROPERTIES' => [],
        ];
    }

    public static function shipment(int $id, array $fields = []): array
    {
        return $fields + [
            'ID' => $id,
            'DELIVERY_NAME' => 'Курьер',
            'PRICE_DELIVERY' => '500.0000',
            'STATUS_ID' => 'DN',
            'DEDUCTED' => 'N',
            'TRACKING_NUMBER' => '',
        ];
    }

    /** A checkout: the order is saved and its event comes. */
    public static function place(array $fields = [], array $children = []): Order
    {
        $order = Order::fromPlain(self::plain($fields, $children));
        $order->save();

        return $order;
    }
}
