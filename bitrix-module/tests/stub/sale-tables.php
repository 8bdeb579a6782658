<?php

declare(strict_types=1);

namespace Bitrix\Sale\Internals {
    use Bitrix\Main\ORM\Data\DataManager;
    use Bitrix\Main\ORM\Fields\DatetimeField;
    use Bitrix\Main\ORM\Fields\FloatField;
    use Bitrix\Main\ORM\Fields\IntegerField;
    use Bitrix\Main\ORM\Fields\StringField;
    use Bitrix\Main\ORM\Fields\TextField;

    /** b_sale_order; the children stand as JSON in the stub's own column STUB_CHILDREN. */
    class OrderTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_sale_order';
        }

        public static function getMap(): array
        {
            return [
                (new IntegerField('ID', ['size' => 8]))->configurePrimary()->configureAutocomplete(),
                new StringField('ACCOUNT_NUMBER', ['size' => 100]),
                new StringField('LID', ['size' => 2]),
                new IntegerField('PERSON_TYPE_ID'),
                new IntegerField('USER_ID'),
                new StringField('STATUS_ID', ['size' => 2]),
                new DatetimeField('DATE_STATUS'),
                new FloatField('PRICE'),
                new FloatField('PRICE_DELIVERY'),
                new FloatField('SUM_PAID'),
                new StringField('CURRENCY', ['size' => 3]),
                new StringField('PAYED', ['size' => 1]),
                new StringField('CANCELED', ['size' => 1]),
                new DatetimeField('DATE_CANCELED'),
                new StringField('REASON_CANCELED'),
                new TextField('USER_DESCRIPTION'),
                new TextField('COMMENTS'),
                new DatetimeField('DATE_INSERT'),
                new DatetimeField('DATE_UPDATE'),
                new IntegerField('VERSION'),
                new StringField('RUNNING', ['size' => 1]),
                (new TextField('STUB_CHILDREN'))->configureLong(),
            ];
        }
    }

    /** b_sale_basket, read out of the orders' children. */
    class BasketTable
    {
        public static function getList(array $parameters): \Bitrix\Main\DB\Result
        {
            $rows = [];
            foreach (OrderTable::getList(['filter' => ['@ID' => $parameters['filter']['@ORDER_ID']]])->fetchAll() as $order) {
                foreach (json_decode($order['STUB_CHILDREN'], true)['basket'] as $line) {
                    $rows[] = ['ID' => $line['ID'], 'ORDER_ID' => $order['ID'], 'SET_PARENT_ID' => $line['SET_PARENT_ID']];
                }
            }

            return new \Bitrix\Main\DB\Result($rows);
        }
    }

    class StatusTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_sale_status';
        }

        public static function getMap(): array
        {
            return [
                (new StringField('ID', ['size' => 2]))->configurePrimary(),
                new StringField('TYPE', ['size' => 1]),
                new IntegerField('SORT'),
                new StringField('NOTIFY', ['size' => 1]),
                new StringField('STUB_NAME'),
            ];
        }
    }

    class PersonTypeTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_sale_person_type';
        }

        public static function getMap(): array
        {
            return [
                (new IntegerField('ID'))->configurePrimary(),
                new StringField('NAME'),
                new StringField('ACTIVE', ['size' => 1]),
                new IntegerField('SORT'),
            ];
        }
    }

    class OrderPropsTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_sale_order_props';
        }

        public static function getMap(): array
        {
            $flags = ['IS_PAYER', 'IS_PHONE', 'IS_EMAIL', 'IS_LOCATION', 'IS_ADDRESS', 'MULTIPLE', 'UTIL', 'ACTIVE'];

            return [
                (new IntegerField('ID'))->configurePrimary(),
                new IntegerField('PERSON_TYPE_ID'),
                new StringField('CODE'),
                new StringField('NAME'),
                new StringField('TYPE', ['size' => 20]),
                ...array_map(static fn (string $flag) => new StringField($flag, ['size' => 1]), $flags),
                new StringField('ENTITY_REGISTRY_TYPE'),
            ];
        }
    }

    class PaySystemActionTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_sale_pay_system_action';
        }

        public static function getMap(): array
        {
            return [(new IntegerField('ID'))->configurePrimary(), new StringField('NAME'), new StringField('ACTIVE', ['size' => 1])];
        }
    }
}

namespace Bitrix\Sale\Delivery\Services {
    use Bitrix\Main\ORM\Data\DataManager;
    use Bitrix\Main\ORM\Fields\IntegerField;
    use Bitrix\Main\ORM\Fields\StringField;

    class Table extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_sale_delivery_srv';
        }

        public static function getMap(): array
        {
            return [(new IntegerField('ID'))->configurePrimary(), new StringField('NAME'), new StringField('ACTIVE', ['size' => 1])];
        }
    }
}

namespace Bitrix\Sale\Location {
    class LocationTable
    {
        /** @var array<string, string> code => name */
        public static array $names = ['0000073738' => 'Москва'];

        public static function getByCode(string $code, array $parameters = []): \Bitrix\Main\DB\Result
        {
            return new \Bitrix\Main\DB\Result(isset(self::$names[$code]) ? [['LOCATION_NAME' => self::$names[$code]]] : []);
        }
    }
}

namespace Bitrix\Main {
    use Bitrix\Main\ORM\Data\DataManager;
    use Bitrix\Main\ORM\Fields\StringField;

    class SiteTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_lang';
        }

        public static function getMap(): array
        {
            return [
                (new StringField('LID', ['size' => 2]))->configurePrimary(),
                new StringField('NAME'),
                new StringField('SITE_NAME'),
                new StringField('SERVER_NAME'),
                new StringField('ACTIVE', ['size' => 1]),
            ];
        }
    }
}

namespace Bitrix\Currency {
    use Bitrix\Main\ORM\Data\DataManager;
    use Bitrix\Main\ORM\Fields\StringField;

    class CurrencyTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_catalog_currency';
        }

        public static function getMap(): array
        {
            return [(new StringField('CURRENCY', ['size' => 3]))->configurePrimary()];
        }
    }
}

namespace Bitrix\Catalog {
    use Bitrix\Main\ORM\Data\DataManager;
    use Bitrix\Main\ORM\Fields\IntegerField;
    use Bitrix\Main\ORM\Fields\StringField;

    class GroupTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_catalog_group';
        }

        public static function getMap(): array
        {
            return [(new IntegerField('ID'))->configurePrimary(), new StringField('NAME')];
        }
    }
}
