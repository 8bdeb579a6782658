<?php

declare(strict_types=1);

namespace Amobridge\Shop\Snapshot;

/** Who bought, by the order's own properties: the account may be shared by strangers. */
final class Buyer
{
    /** First names that end like surnames. */
    private const FIRST_NAMES = [
        'августин', 'алина', 'амина', 'ангелина', 'антонина', 'арина', 'валентин', 'валентина', 'галина', 'демьян',
        'дина', 'ева', 'екатерина', 'ирина', 'карина', 'касьян', 'константин', 'кристина', 'лев', 'лина', 'лукьян',
        'марина', 'мартин', 'нина', 'полина', 'регина', 'сабина', 'севастьян', 'эвелина', 'элина', 'ян',
    ];
    private const PATRONYMIC = '/(вич|ьич|мич|вна|чна)$/iu';
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
     * «Фамилия Имя Отчество», «Имя Отчество», «Имя Отчество Фамилия».
     *
     * @return array{firstName: ?string, lastName: ?string, middleName: ?string}
     */
    public static function splitName(string $full): array
    {
        $parts = preg_split('/\s+/u', $full, -1, PREG_SPLIT_NO_EMPTY) ?: [];
        $first = $parts[0] ?? null;
        $second = $parts[1] ?? null;
        $rest = count($parts) > 2 ? implode(' ', array_slice($parts, 2)) : null;
        if (self::isLikePatronymic($second) && !self::isLikePatronymic($rest)) {
            return ['firstName' => $first, 'lastName' => $rest, 'middleName' => $second];
        }
        $isTurned = $rest !== null
            || ($second !== null && self::isLikeSurname($first) && !self::isLikeSurname($second));

        return $isTurned
            ? ['firstName' => $second, 'lastName' => $first, 'middleName' => $rest]
            : ['firstName' => $first, 'lastName' => $second, 'middleName' => null];
    }

    private static function isLikePatronymic(?string $text): bool
    {
        return $text !== null && preg_match(self::PATRONYMIC, $text) === 1;
    }

    private static function isLikeSurname(string $word): bool
    {
        return preg_match(self::SURNAME, $word) === 1 && !in_array(mb_strtolower($word), self::FIRST_NAMES, true);
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
