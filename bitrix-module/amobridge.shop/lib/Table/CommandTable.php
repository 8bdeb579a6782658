<?php

declare(strict_types=1);

namespace Amobridge\Shop\Table;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Data\Internal\DeleteByFilterTrait;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** Every command that came, by its id: inserted before it acts, so that a repeat never acts twice. */
final class CommandTable extends DataManager
{
    use DeleteByFilterTrait;

    public static function getTableName(): string
    {
        return 'b_amobridge_shop_command';
    }

    public static function getMap(): array
    {
        return [
            (new StringField('ID', ['size' => 100]))->configurePrimary(),
            (new StringField('TYPE', ['size' => 60]))->configureRequired(),
            (new IntegerField('AT', ['size' => 8]))->configureRequired(),
            (new TextField('RESULT'))->configureLong()->configureNullable(),
            // 'Y' while the result waits to be sent with our next call
            (new StringField('WAITS', ['size' => 1]))->configureDefaultValue('N'),
        ];
    }
}
