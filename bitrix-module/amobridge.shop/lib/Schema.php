<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Amobridge\Shop\Table\CommandTable;
use Amobridge\Shop\Table\OrderLinkTable;
use Amobridge\Shop\Table\OutboxTable;
use Amobridge\Shop\Table\RequestTable;
use Amobridge\Shop\Table\RevisionTable;
use Amobridge\Shop\Table\StateTable;
use Bitrix\Main\Application;

/** The module's tables; installing twice ends in the same state. */
final class Schema
{
    public const TABLES = [
        OutboxTable::class,
        OrderLinkTable::class,
        CommandTable::class,
        RequestTable::class,
        RevisionTable::class,
        StateTable::class,
    ];

    /** Index names are unique in a whole PostgreSQL schema, so they carry the table's name. */
    private const INDEXES = [
        ['ix_amobridge_shop_outbox_entity', OutboxTable::class, ['KIND', 'ENTITY_ID']],
        ['ix_amobridge_shop_outbox_event', OutboxTable::class, ['EVENT_ID']],
        ['ix_amobridge_shop_command_waits', CommandTable::class, ['WAITS']],
        ['ix_amobridge_shop_command_at', CommandTable::class, ['AT']],
        ['ix_amobridge_shop_request_at', RequestTable::class, ['AT']],
    ];

    public static function install(): void
    {
        $connection = Application::getConnection();
        foreach (self::TABLES as $table) {
            if (!$connection->isTableExists($table::getTableName())) {
                $table::getEntity()->createDbTable();
            }
        }
        foreach (self::INDEXES as [$name, $table, $columns]) {
            if (!$connection->isIndexExists($table::getTableName(), $columns)) {
                $connection->createIndex($table::getTableName(), $name, $columns);
            }
        }
    }

    public static function uninstall(): void
    {
        $connection = Application::getConnection();
        foreach (self::TABLES as $table) {
            if ($connection->isTableExists($table::getTableName())) {
                $connection->dropTable($table::getTableName());
            }
        }
    }
}
