<?php

declare(strict_types=1);

namespace Amobridge\Shop\Snapshot;

use Amobridge\Shop\Format\Wire;
use Bitrix\Sale\Location\LocationTable;

/** The checkout fields of one order. Keys are codes, `#<id>` without one; enums and locations give their text. */
final class Properties
{
    /** Codes of the vendor's site templates, asked where nobody ticked the flags of a property. */
    private const CODES = [
        'IS_PAYER' => ['FIO', 'NAME', 'CONTACT_PERSON'],
        'IS_PHONE' => ['PHONE', 'TEL'],
        'IS_EMAIL' => ['EMAIL'],
    ];

    /** @var array<string, string|string[]> */
    private array $values = [];
    /** @var array<string, string> flag => first value of the property that has it */
    private array $flagged = [];

    /** @param iterable<\Bitrix\Sale\PropertyValue> $collection */
    public function __construct(iterable $collection)
    {
        foreach ($collection as $property) {
            $this->take($property->getProperty(), (int) $property->getPropertyId(), $property->getValue());
        }
    }

    /** @return array<string, string|string[]> */
    public function all(): array
    {
        return $this->values;
    }

    public function byCode(string $code): ?string
    {
        $value = $this->values[$code] ?? null;

        return is_array($value) ? ($value[0] ?? null) : $value;
    }

    /** By the flag an administrator ticked, else by the usual codes. */
    public function byFlag(string $flag): ?string
    {
        if (isset($this->flagged[$flag])) {
            return $this->flagged[$flag];
        }
        foreach (self::CODES[$flag] as $code) {
            if ($this->byCode($code) !== null) {
                return $this->byCode($code);
            }
        }

        return null;
    }

    /** @param array<string, mixed> $settings of the property: CODE, TYPE, MULTIPLE, OPTIONS, flags */
    private function take(array $settings, int $id, mixed $value): void
    {
        $raw = self::texts($value);
        if ($raw === []) {
            return;
        }
        $key = Wire::text($settings['CODE'] ?? null) ?? "#{$id}";
        $isList = ($settings['MULTIPLE'] ?? 'N') === 'Y';
        $shown = array_map(static fn (string $text): string => self::caption($settings, $text), $raw);
        $this->values[$key] = $isList ? $shown : $shown[0];
        if ($shown !== $raw || in_array($settings['TYPE'] ?? '', ['ENUM', 'LOCATION'], true)) {
            $this->values["{$key}.raw"] = $isList ? $raw : $raw[0];
        }
        foreach (array_keys(self::CODES) as $flag) {
            if (($settings[$flag] ?? 'N') === 'Y') {
                $this->flagged[$flag] ??= $shown[0];
            }
        }
    }

    /** @return string[] what is not empty; a file is shown by its name */
    private static function texts(mixed $value): array
    {
        $isList = is_array($value) && array_is_list($value);
        $texts = [];
        foreach ($isList ? $value : [$value] as $one) {
            $text = Wire::text(is_array($one) ? ($one['ORIGINAL_NAME'] ?? $one['FILE_NAME'] ?? null) : $one);
            if ($text !== null) {
                $texts[] = $text;
            }
        }

        return $texts;
    }

    /** @param array<string, mixed> $settings */
    private static function caption(array $settings, string $raw): string
    {
        return match ($settings['TYPE'] ?? '') {
            'ENUM' => (string) ($settings['OPTIONS'][$raw] ?? $raw),
            'LOCATION' => self::locationName($raw),
            default => $raw,
        };
    }

    private static function locationName(string $code): string
    {
        $row = LocationTable::getByCode($code, [
            'filter' => ['=NAME.LANGUAGE_ID' => 'ru'],
            'select' => ['LOCATION_NAME' => 'NAME.NAME'],
        ])->fetch();

        return is_array($row) ? (string) $row['LOCATION_NAME'] : $code;
    }
}
