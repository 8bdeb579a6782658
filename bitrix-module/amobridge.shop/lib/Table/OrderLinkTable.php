<?php

declare(strict_types=1);

namespace Amobridge\Shop\Table;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** What the module itself remembers about an order: its deal, the touch of its buyer, the last `seq` seen. */
final class OrderLinkTable extends DataManager
{
    public static function getTableName(): string
    {
        return 'b_amobridge_shop_order';
    }

    public static function getMap(): array
    {
        return [
            (new IntegerField('ORDER_ID', ['size' => 8]))->configurePrimary(),
            (new StringField('DEAL_ID', ['size' => 40]))->configureNullable(),
            (new StringField('DEAL_URL', ['size' => 255]))->configureNullable(),
            (new TextField('TOUCH'))->configureNullable(),
            (new IntegerField('SEQ', ['size' => 8]))->configureNullable(),
        ];
    }

    /** @param array<string, mixed> $fields */
    public static function put(int $orderId, array $fields): void
    {
        Upsert::into(self::class, $orderId, ['ORDER_ID' => $orderId], $fields);
    }
}
