<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Bitrix\Main\Application;

/** Commands to one order go one after another; the kernel itself locks nothing on save. */
final class OrderLock
{
    private const WAIT_SECONDS = 5;

    /**
     * @template T
     * @param callable(): T $work
     * @return T
     */
    public static function during(int $orderId, callable $work): mixed
    {
        $name = "amobridge_shop_order_{$orderId}";
        if (!Application::getConnection()->lock($name, self::WAIT_SECONDS)) {
            throw new CommandFailed('busy', "Заказ {$orderId} сохраняется");
        }
        try {
            return $work();
        } finally {
            Application::getConnection()->unlock($name);
        }
    }
}
