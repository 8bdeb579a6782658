<?php

declare(strict_types=1);

namespace Amobridge\Shop\Table;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Data\Internal\DeleteByFilterTrait;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** The `webhook-id`s of the last minutes, as hashes: ids are compared to the letter whatever the collation. */
final class RequestTable extends DataManager
{
    use DeleteByFilterTrait;

    public static function getTableName(): string
    {
        return 'b_amobridge_shop_request';
    }

    public static function getMap(): array
    {
        return [
            (new StringField('HASH', ['size' => 64]))->configurePrimary(),
            (new IntegerField('AT', ['size' => 8]))->configureRequired(),
        ];
    }
}
