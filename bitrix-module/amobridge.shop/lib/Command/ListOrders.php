<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Snapshot\OrderReader;
use Bitrix\Sale\Internals\OrderTable;

/** Orders in the order of their ids. Unfinished ones, whose first save broke off, are left out. */
final class ListOrders implements Command
{
    private const MOST = 200;

    public function __construct(private OrderReader $reader)
    {
    }

    public function run(Input $input, string $commandId): array
    {
        $limit = $input->limit(self::MOST);
        $filter = array_filter([
            '>=DATE_INSERT' => $input->instant('createdFrom'),
            '<DATE_INSERT' => $input->instant('createdTo'),
            '>=DATE_UPDATE' => $input->instant('updatedSince'),
        ]);
        $ids = self::ids($filter + ['>ID' => $input->afterId(), '!=RUNNING' => 'Y'], $limit + 1);
        $page = new OrderPage($this->reader);
        $last = null;
        foreach ($ids as $place => $id) {
            if ($place === $limit || !$page->add($id)) {
                return $page->toResult(['next' => (string) $last]);
            }
            $last = $id;
        }

        return $page->toResult(['next' => null]);
    }

    /**
     * @param array<string, mixed> $filter
     * @return int[]
     */
    private static function ids(array $filter, int $limit): array
    {
        $rows = OrderTable::getList([
            'select' => ['ID'],
            'filter' => $filter,
            'order' => ['ID' => 'ASC'],
            'limit' => $limit,
        ]);

        return array_map('intval', array_column($rows->fetchAll(), 'ID'));
    }
}
