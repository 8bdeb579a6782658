<?php

declare(strict_types=1);

namespace Amobridge\Shop\Snapshot;

/** Who bought, by the order's own properties: the account may be shared by strangers. */
final class Buyer
{
    private const SURNAME = '/(ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|цкий|ская|цкая|ко|ук|юк|ян|дзе|швили|ых|их)$/iu';

    /** @return array<string, mixed> */
    public static function of(string $userId, Properties $properties): array
    {
        return ['userId' => $userId]
            + self::name($properties)
            + [
                'phone' => $properties->byFlag('IS_PHONE'),
                'email' => $properties->byFlag('IS_EMAIL'),
                'company' => self::company($properties),
            ];
    }

    /** @return array{firstName: ?string, lastName: ?string, middleName: ?string} */
    private static function name(Properties $properties): array
    {
        $lastName = $properties->byCode('LAST_NAME');
        if ($lastName === null) {
            return self::splitName($properties->byFlag('IS_PAYER') ?? '');
        }

        return [
            'firstName' => $properties->byCode('FIRST_NAME') ?? $properties->byCode('NAME'),
            'lastName' => $lastName,
            'middleName' => $properties->byCode('SECOND_NAME') ?? $properties->byCode('MIDDLE_NAME'),
        ];
    }

    /**
     * The one name field of a checkout as Russians fill it: «Имя», «Имя Фамилия», «Фамилия Имя»,
     * «Фамилия Имя Отчество».
     *
     * @return array{firstName: ?string, lastName: ?string, middleName: ?string}
     */
    public static function splitName(string $full): array
    {
        $parts = preg_split('/\s+/u', $full, -1, PREG_SPLIT_NO_EMPTY) ?: [];
        $first = $parts[0] ?? null;
        $second = $parts[1] ?? null;
        if (count($parts) > 2) {
            return ['firstName' => $second, 'lastName' => $first, 'middleName' => implode(' ', array_slice($parts, 2))];
        }
        $isTurned = $second !== null && preg_match(self::SURNAME, $first) && !preg_match(self::SURNAME, $second);

        return $isTurned
            ? ['firstName' => $second, 'lastName' => $first, 'middleName' => null]
            : ['firstName' => $first, 'lastName' => $second, 'middleName' => null];
    }

    /** @return ?array{name: ?string, inn: ?string, kpp: ?string} */
    private static function company(Properties $properties): ?array
    {
        $name = $properties->byCode('COMPANY');
        $inn = $properties->byCode('INN');

        return $name === null && $inn === null
            ? null
            : ['name' => $name, 'inn' => $inn, 'kpp' => $properties->byCode('KPP')];
    }
}
