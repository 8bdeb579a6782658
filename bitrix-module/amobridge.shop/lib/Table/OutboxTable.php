<?php

declare(strict_types=1);

namespace Amobridge\Shop\Table;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Data\Internal\DeleteByFilterTrait;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;
use Bitrix\Main\ORM\Fields\TextField;

/** What is dirty. A row says which object, when and through whom; the object is read when the row is sent. */
final class OutboxTable extends DataManager
{
    use DeleteByFilterTrait;

    public static function getTableName(): string
    {
        return 'b_amobridge_shop_outbox';
    }

    /** Instants are seconds since 1970: the site's zone may change under waiting rows. */
    public static function getMap(): array
    {
        return [
            (new IntegerField('ID', ['size' => 8]))->configurePrimary()->configureAutocomplete(),
            (new StringField('KIND', ['size' => 20]))->configureRequired(),
            (new StringField('ENTITY_ID', ['size' => 64]))->configureRequired(),
            (new StringField('SITE', ['size' => 10]))->configureNullable(),
            (new IntegerField('AT', ['size' => 8]))->configureRequired(),
            (new StringField('ORIGIN', ['size' => 100]))->configureNullable(),
            (new TextField('TOUCH'))->configureNullable(),
            // the event this row went out with; several rows of one order share it
            (new StringField('EVENT_ID', ['size' => 26]))->configureNullable(),
            (new StringField('REJECTED', ['size' => 60]))->configureNullable(),
            (new TextField('REJECTED_TEXT'))->configureNullable(),
        ];
    }
}
