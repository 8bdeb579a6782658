<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Snapshot\OrderReader;
use Bitrix\Sale\Internals\BasketTable;
use Bitrix\Sale\Internals\OrderTable;

/** A row an order, straight from the tables: enough to see which orders differ, cheap enough for each night. */
final class DigestOrders implements Command
{
    private const MOST = 1000;
    private const COLUMNS = ['created' => 'DATE_INSERT', 'updated' => 'DATE_UPDATE'];

    public function __construct(private OrderReader $reader)
    {
    }

    public function run(Input $input, string $commandId): array
    {
        $limit = $input->limit(self::MOST);
        $column = self::COLUMNS[$input->text('by')] ?? throw new CommandFailed('refused', 'Данные команды: by');
        $filter = array_filter([">={$column}" => $input->instant('from'), "<{$column}" => $input->instant('to')]);
        $stamp = $this->reader->stamp();
        $orders = OrderTable::getList([
            'select' => ['ID', 'DATE_UPDATE', 'STATUS_ID', 'CANCELED', 'PAYED', 'PRICE'],
            'filter' => $filter + ['>ID' => $input->afterId(), '!=RUNNING' => 'Y'],
            'order' => ['ID' => 'ASC'],
            'limit' => $limit + 1,
        ])->fetchAll();
        $page = array_slice($orders, 0, $limit);
        $counts = self::countLines(array_map('intval', array_column($page, 'ID')));
        $rows = array_map(static fn (array $order): array => $stamp + self::row($order, $counts), $page);

        return ['changed' => false, 'data' => [
            'rows' => $rows,
            'next' => count($orders) > $limit ? (string) end($page)['ID'] : null,
        ]];
    }

    /**
     * @param array<string, mixed> $order
     * @param array<int, int> $counts
     * @return array<string, mixed>
     */
    private static function row(array $order, array $counts): array
    {
        return [
            'id' => (string) $order['ID'],
            'updatedAt' => Wire::instant($order['DATE_UPDATE']),
            'status' => (string) $order['STATUS_ID'],
            'cancelled' => $order['CANCELED'] === 'Y',
            'paid' => $order['PAYED'] === 'Y',
            'total' => Wire::money($order['PRICE']),
            'linesTotal' => $counts[(int) $order['ID']] ?? 0,
        ];
    }

    /**
     * Parts of a set point at another line; the set points at itself.
     *
     * @param int[] $orderIds
     * @return array<int, int>
     */
    private static function countLines(array $orderIds): array
    {
        $counts = [];
        $lines = $orderIds === [] ? [] : BasketTable::getList([
            'select' => ['ID', 'ORDER_ID', 'SET_PARENT_ID'],
            'filter' => ['@ORDER_ID' => $orderIds],
        ])->fetchAll();
        foreach ($lines as $line) {
            $parent = (int) $line['SET_PARENT_ID'];
            if ($parent === 0 || $parent === (int) $line['ID']) {
                $counts[(int) $line['ORDER_ID']] = ($counts[(int) $line['ORDER_ID']] ?? 0) + 1;
            }
        }

        return $counts;
    }
}
