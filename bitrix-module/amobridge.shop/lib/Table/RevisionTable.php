<?php

declare(strict_types=1);

namespace Amobridge\Shop\Table;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Data\Internal\DeleteByFilterTrait;
use Bitrix\Main\ORM\Fields\IntegerField;

/** A counter: each row taken is the next number. One statement, no lock, the same on every database. */
final class RevisionTable extends DataManager
{
    use DeleteByFilterTrait;

    public static function getTableName(): string
    {
        return 'b_amobridge_shop_revision';
    }

    public static function getMap(): array
    {
        return [
            (new IntegerField('ID', ['size' => 8]))->configurePrimary()->configureAutocomplete(),
            (new IntegerField('AT', ['size' => 8]))->configureRequired(),
        ];
    }
}
