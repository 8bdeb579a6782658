<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Snapshot\OrderReader;

/** Missing orders are left out; ids that did not fit into the answer stand in `left`. */
final class GetOrders implements Command
{
    private const MOST = 50;

    public function __construct(private OrderReader $reader)
    {
    }

    public function run(Input $input, string $commandId): array
    {
        $ids = $input->ids('ids', self::MOST);
        $page = new OrderPage($this->reader);
        foreach ($ids as $place => $id) {
            if (!$page->add($id)) {
                return $page->toResult(['left' => array_map('strval', array_slice($ids, $place))]);
            }
        }

        return $page->toResult([]);
    }
}
