<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Amobridge\Shop\Handler\OrderHandler;
use Bitrix\Main\EventManager;

/** The one list of what the module listens to: install, uninstall and the self-check read it. */
final class Subscriptions
{
    private const ALL = [
        ['sale', 'OnSaleOrderSaved', OrderHandler::class, 'onSaved'],
        ['sale', 'OnSaleOrderDeleted', OrderHandler::class, 'onDeleted'],
        ['sale', 'OnSaleOrderBeforeArchived', OrderHandler::class, 'onArchived'],
    ];

    public static function register(): void
    {
        foreach (self::ALL as [$module, $event, $class, $method]) {
            EventManager::getInstance()->registerEventHandler($module, $event, Settings::MODULE_ID, $class, $method);
        }
    }

    public static function unregister(): void
    {
        foreach (self::ALL as [$module, $event, $class, $method]) {
            EventManager::getInstance()->unRegisterEventHandler($module, $event, Settings::MODULE_ID, $class, $method);
        }
    }

    /** @return string[] events nobody tells us about any more, for instance after a careless update */
    public static function missing(): array
    {
        $missing = [];
        foreach (self::ALL as [$module, $event]) {
            $ours = array_filter(
                EventManager::getInstance()->findEventHandlers($module, $event),
                static fn (array $handler): bool => ($handler['TO_MODULE_ID'] ?? '') === Settings::MODULE_ID
            );
            if ($ours === []) {
                $missing[] = $event;
            }
        }

        return $missing;
    }
}
