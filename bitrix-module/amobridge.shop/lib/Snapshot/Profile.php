<?php

declare(strict_types=1);

namespace Amobridge\Shop\Snapshot;

use Amobridge\Shop\Clock;
use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Module;
use Amobridge\Shop\Settings;
use Bitrix\Catalog\GroupTable;
use Bitrix\Currency\CurrencyTable;
use Bitrix\Main\Loader;
use Bitrix\Main\ModuleManager;
use Bitrix\Main\SiteTable;
use Bitrix\Sale\Delivery\Services\Table as DeliveryTable;
use Bitrix\Sale\Internals\OrderPropsTable;
use Bitrix\Sale\Internals\PaySystemActionTable;
use Bitrix\Sale\Internals\PersonTypeTable;
use Bitrix\Sale\Internals\StatusTable;
use Bitrix\Sale\OrderStatus;

/** What an administrator of this shop has set up, so that the service can offer names instead of ids. */
final class Profile
{
    /** The kernel's final status is always this one. */
    private const FINAL_STATUS = 'F';
    private const ROLES_BY_FLAG = [
        'IS_PAYER' => 'payer',
        'IS_PHONE' => 'phone',
        'IS_EMAIL' => 'email',
        'IS_LOCATION' => 'location',
        'IS_ADDRESS' => 'address',
    ];
    private const ROLES_BY_CODE = [
        'COMPANY' => 'company',
        'INN' => 'inn',
        'KPP' => 'kpp',
        'CONTACT_PERSON' => 'contact',
    ];

    public function __construct(private Settings $settings, private Clock $clock)
    {
    }

    /** @return array<string, mixed> */
    public function read(): array
    {
        Loader::requireModule('sale');
        $sites = $this->sites();

        return [
            'name' => $sites[0]['name'] ?? $this->settings->host(),
            'sites' => $sites,
            'statuses' => self::statuses(),
            'personTypes' => self::named(PersonTypeTable::class, ['=ACTIVE' => 'Y']),
            'properties' => self::properties(),
            'forms' => [],
            'currencies' => self::currencies(),
            'priceTypes' => self::priceTypes(),
            'deliveryServices' => self::named(DeliveryTable::class, ['=ACTIVE' => 'Y']),
            'paySystems' => self::named(PaySystemActionTable::class, ['=ACTIVE' => 'Y']),
            'users' => in_array('buyers', $this->settings->ticks(), true),
            'commands' => $this->settings->ticks(),
            'versions' => [
                'module' => Module::VERSION,
                'kernel' => (string) ModuleManager::getVersion('main'),
                'sale' => (string) ModuleManager::getVersion('sale'),
                'php' => PHP_VERSION,
            ],
            'time' => Wire::seconds($this->clock->now()),
        ];
    }

    /** @return array<int, array<string, string>> the kernel has one time zone for all sites */
    private function sites(): array
    {
        $scheme = parse_url($this->settings->siteUrl(), PHP_URL_SCHEME) ?: 'https';
        $sites = [];
        foreach (SiteTable::getList(['filter' => ['=ACTIVE' => 'Y']])->fetchAll() as $site) {
            $server = (string) $site['SERVER_NAME'];
            $sites[] = [
                'id' => (string) $site['LID'],
                'name' => (string) $site['NAME'],
                'url' => $server === '' ? $this->settings->siteUrl() : "{$scheme}://{$server}",
                'timeZone' => date_default_timezone_get(),
            ];
        }

        return $sites;
    }

    /** @return array<int, array<string, mixed>> */
    private static function statuses(): array
    {
        $names = OrderStatus::getAllStatusesNames('ru');
        $rows = StatusTable::getList([
            'select' => ['ID', 'NOTIFY'],
            'filter' => ['=TYPE' => 'O'],
            'order' => ['SORT' => 'ASC'],
        ]);

        return array_map(static fn (array $row): array => [
            'id' => (string) $row['ID'],
            'name' => Wire::text($names[$row['ID']] ?? null) ?? (string) $row['ID'],
            'final' => $row['ID'] === self::FINAL_STATUS,
            'notify' => $row['NOTIFY'] === 'Y',
        ], $rows->fetchAll());
    }

    /** @return array<int, array<string, ?string>> */
    private static function properties(): array
    {
        $select = ['ID', 'CODE', 'NAME', 'PERSON_TYPE_ID', ...array_keys(self::ROLES_BY_FLAG)];
        $rows = OrderPropsTable::getList([
            'select' => $select,
            'filter' => ['=ACTIVE' => 'Y', '=ENTITY_REGISTRY_TYPE' => 'ORDER'],
            'order' => ['ID' => 'ASC'],
        ]);

        return array_map(static fn (array $row): array => [
            'id' => (string) $row['ID'],
            'code' => Wire::text($row['CODE']),
            'name' => (string) $row['NAME'],
            'personType' => (string) $row['PERSON_TYPE_ID'],
            'role' => self::role($row),
        ], $rows->fetchAll());
    }

    /** @param array<string, mixed> $property */
    private static function role(array $property): ?string
    {
        foreach (self::ROLES_BY_FLAG as $flag => $role) {
            if ($property[$flag] === 'Y') {
                return $role;
            }
        }

        return self::ROLES_BY_CODE[$property['CODE'] ?? ''] ?? null;
    }

    /**
     * @param class-string<\Bitrix\Main\ORM\Data\DataManager> $table
     * @param array<string, mixed> $filter
     * @return array<int, array{id: string, name: string}>
     */
    private static function named(string $table, array $filter): array
    {
        $rows = $table::getList(['select' => ['ID', 'NAME'], 'filter' => $filter, 'order' => ['ID' => 'ASC']]);

        return array_map(
            static fn (array $row): array => ['id' => (string) $row['ID'], 'name' => (string) $row['NAME']],
            $rows->fetchAll()
        );
    }

    /** @return string[] */
    private static function currencies(): array
    {
        return Loader::includeModule('currency')
            ? array_column(CurrencyTable::getList(['select' => ['CURRENCY']])->fetchAll(), 'CURRENCY')
            : [];
    }

    /** @return array<int, array{id: string, code: string, name: string}> */
    private static function priceTypes(): array
    {
        $rows = Loader::includeModule('catalog')
            ? GroupTable::getList(['select' => ['ID', 'NAME'], 'order' => ['ID' => 'ASC']])->fetchAll()
            : [];

        return array_map(static fn (array $row): array => [
            'id' => (string) $row['ID'],
            'code' => (string) $row['NAME'],
            'name' => (string) $row['NAME'],
        ], $rows);
    }
}
