<?php

declare(strict_types=1);

namespace Amobridge\Shop\Table;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/**
 * Small facts that change often. Not options: every Option::set drops the cache of all options
 * (docs/facts/bitrix.md, options).
 */
final class StateTable extends DataManager
{
    public static function getTableName(): string
    {
        return 'b_amobridge_shop_state';
    }

    public static function getMap(): array
    {
        return [
            (new StringField('NAME', ['size' => 50]))->configurePrimary(),
            (new TextField('VALUE'))->configureNullable(),
        ];
    }

    public static function read(string $name): ?string
    {
        $row = self::getRow(['filter' => ['=NAME' => $name]]);

        return $row === null ? null : (string) $row['VALUE'];
    }

    public static function write(string $name, string $value): void
    {
        Upsert::into(self::class, $name, ['NAME' => $name], ['VALUE' => $value]);
    }
}
