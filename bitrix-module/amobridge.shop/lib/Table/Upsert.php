<?php

declare(strict_types=1);

namespace Amobridge\Shop\Table;

use Bitrix\Main\DB\DuplicateEntryException;
use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\SystemException;

/** Insert or update without a statement that only one database knows. */
final class Upsert
{
    /**
     * @param class-string<DataManager> $table
     * @param array<string, mixed> $key
     * @param array<string, mixed> $fields
     */
    public static function into(string $table, int|string $primary, array $key, array $fields): void
    {
        $filter = ['=' . array_key_first($key) => $primary];
        if ($table::getRow(['filter' => $filter]) === null) {
            try {
                self::check($table::add($key + $fields));

                return;
            } catch (DuplicateEntryException) {
                // another hit was first; its row takes our values
            }
        }
        self::check($table::update($primary, $fields));
    }

    public static function check(\Bitrix\Main\Result $result): void
    {
        if (!$result->isSuccess()) {
            throw new SystemException(implode('; ', $result->getErrorMessages()));
        }
    }
}
