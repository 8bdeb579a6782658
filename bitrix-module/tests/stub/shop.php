<?php

declare(strict_types=1);

namespace Stub;

use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\Config\OptionTable;
use Bitrix\Main\HandlerTable;
use Bitrix\Main\ModuleTable;
use Bitrix\Main\SiteTable;
use Bitrix\Sale\Internals;

/** A fresh shop in an empty database and an empty document root. */
final class Shop
{
    private const KERNEL = [
        ModuleTable::class,
        OptionTable::class,
        HandlerTable::class,
        \StubAgentTable::class,
        SiteTable::class,
        Internals\OrderTable::class,
        Internals\StatusTable::class,
        Internals\PersonTypeTable::class,
        Internals\OrderPropsTable::class,
        Internals\PaySystemActionTable::class,
        \Bitrix\Sale\Delivery\Services\Table::class,
        \Bitrix\Currency\CurrencyTable::class,
        \Bitrix\Catalog\GroupTable::class,
    ];

    public static function create(): void
    {
        $connection = Application::getConnection();
        foreach (self::KERNEL as $table) {
            if ($connection->isTableExists($table::getTableName())) {
                $connection->dropTable($table::getTableName());
            }
            $table::getEntity()->createDbTable();
        }
        self::fillDictionaries();
        self::makeRoot(Application::getDocumentRoot());
    }

    /** The document root with the kernel's entry file and the module as it lies in the repository. */
    private static function makeRoot(string $root): void
    {
        exec('rm -rf ' . escapeshellarg("{$root}/bitrix") . ' ' . escapeshellarg("{$root}/upload"));
        foreach (['/bitrix/modules/main/include', '/bitrix/admin', '/local/modules'] as $folder) {
            is_dir($root . $folder) || mkdir($root . $folder, 0777, true);
        }
        $bootstrap = var_export(__DIR__ . '/bootstrap.php', true);
        file_put_contents("{$root}/bitrix/modules/main/include/prolog_before.php", "<?php\nrequire_once {$bootstrap};\n");
        $link = "{$root}/local/modules/amobridge.shop";
        is_link($link) || symlink(dirname(__DIR__, 2) . '/amobridge.shop', $link);
    }

    private static function fillDictionaries(): void
    {
        SiteTable::add(['LID' => 's1', 'NAME' => 'Кофе и приборы', 'SERVER_NAME' => 'shop.example', 'ACTIVE' => 'Y']);
        Option::set('main', 'server_name', 'shop.example');
        $statuses = [
            ['N', 'O', 'Принят, ожидается оплата', 'N'],
            ['P', 'O', 'Оплачен, формируется к отправке', 'Y'],
            ['F', 'O', 'Выполнен', 'Y'],
            ['DN', 'D', 'Ожидает обработки', 'N'],
        ];
        foreach ($statuses as $sort => [$id, $type, $name, $notify]) {
            Internals\StatusTable::add(['ID' => $id, 'TYPE' => $type, 'SORT' => $sort, 'NOTIFY' => $notify, 'STUB_NAME' => $name]);
        }
        Internals\PersonTypeTable::add(['ID' => 1, 'NAME' => 'Физическое лицо', 'ACTIVE' => 'Y', 'SORT' => 1]);
        Internals\PersonTypeTable::add(['ID' => 2, 'NAME' => 'Юридическое лицо', 'ACTIVE' => 'Y', 'SORT' => 2]);
        Internals\PaySystemActionTable::add(['ID' => 1, 'NAME' => 'Карта', 'ACTIVE' => 'Y']);
        \Bitrix\Sale\Delivery\Services\Table::add(['ID' => 1, 'NAME' => 'Курьер', 'ACTIVE' => 'Y']);
        \Bitrix\Currency\CurrencyTable::add(['CURRENCY' => 'RUB']);
        \Bitrix\Catalog\GroupTable::add(['ID' => 1, 'NAME' => 'BASE']);
        foreach (self::properties() as $property) {
            Internals\OrderPropsTable::add($property + [
                'MULTIPLE' => 'N',
                'UTIL' => 'N',
                'ACTIVE' => 'Y',
                'ENTITY_REGISTRY_TYPE' => 'ORDER',
            ]);
        }
    }

    private static function properties(): array
    {
        $make = static fn (int $id, int $person, ?string $code, string $name, string $type = 'STRING', string $flag = '') =>
            ['ID' => $id, 'PERSON_TYPE_ID' => $person, 'CODE' => $code, 'NAME' => $name, 'TYPE' => $type]
            + ($flag === '' ? [] : [$flag => 'Y']);

        return [
            $make(1, 1, 'FIO', 'Ф.И.О.', flag: 'IS_PAYER'),
            $make(2, 1, 'EMAIL', 'E-Mail', flag: 'IS_EMAIL'),
            $make(3, 1, 'PHONE', 'Телефон', flag: 'IS_PHONE'),
            $make(6, 1, 'LOCATION', 'Город', 'LOCATION', 'IS_LOCATION'),
            $make(7, 1, 'ADDRESS', 'Адрес доставки', flag: 'IS_ADDRESS'),
            $make(20, 1, null, 'Код домофона'),
            $make(21, 1, 'DELIVERY_TIME', 'Время доставки', 'ENUM'),
            $make(22, 1, 'WISHES', 'Пожелания') + ['MULTIPLE' => 'Y'],
            $make(30, 1, 'AMO_LEAD_ID', 'Сделка amoCRM'),
            $make(40, 1, 'UTM_SOURCE', 'utm_source'),
            $make(8, 2, 'COMPANY', 'Название компании'),
            $make(10, 2, 'INN', 'ИНН'),
            $make(11, 2, 'KPP', 'КПП'),
            $make(12, 2, 'CONTACT_PERSON', 'Контактное лицо'),
            $make(13, 2, 'EMAIL', 'E-Mail'),
            $make(14, 2, 'PHONE', 'Телефон'),
        ];
    }
}
