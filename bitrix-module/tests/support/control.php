<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Exchange\PairingFailed;
use Amobridge\Shop\Module;
use Amobridge\Shop\Table\OrderLinkTable;
use Amobridge\Shop\Table\OutboxTable;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\Loader;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;

/**
 * What a test does to the stub shop over HTTP: POST /_control/<verb> with JSON, answers JSON. Loopback only.
 * A verb that saves orders ends its hit as a checkout does: the response first, then the background job.
 */
final class Control
{
    public static function answer(string $verb): void
    {
        if (!in_array($_SERVER['REMOTE_ADDR'] ?? '', ['127.0.0.1', '::1'], true)) {
            http_response_code(403);

            return;
        }
        $GLOBALS['APPLICATION'] = new \CMain();
        $GLOBALS['USER'] = new \CUser();
        $input = json_decode((string) file_get_contents('php://input'), true) ?? [];
        try {
            $verb === 'reset' || Loader::requireModule('amobridge.shop');
            $answer = self::run($verb, $input);
        } catch (\Throwable $failure) {
            Application::getInstance()->getContext()->getResponse()->setStatus('500 Internal Server Error');
            $answer = ['error' => $failure::class . ': ' . $failure->getMessage()];
        }
        if (($input['job'] ?? true) === false) {
            // as a script that ends with die(): what was armed never runs
            Application::getInstance()->forgetJobs();
        }
        Application::getInstance()->getContext()->getResponse()->addHeader('Content-Type', 'application/json');
        \CMain::FinalActions(json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR));
    }

    /** @return array<string, mixed> */
    private static function run(string $verb, array $input): array
    {
        return match ($verb) {
            'reset' => self::reset(),
            'pair' => self::pair((string) $input['code']),
            'connect' => self::connect($input),
            'offer' => ['offer' => Module::current()->pairing->offer((string) $input['connection'])],
            'create-order' => self::place($input),
            'save' => self::change((int) $input['id'], $input['fields'] ?? []),
            'set-status' => self::change((int) $input['id'], ['STATUS_ID' => (string) $input['status']]),
            'pay' => self::pay((int) $input['id']),
            'delete' => self::delete((int) $input['id']),
            'order' => self::show((int) $input['id']),
            'agent' => self::agent(),
            'outbox' => ['rows' => OutboxTable::getList(['order' => ['ID' => 'ASC']])->fetchAll()],
            'ticks' => self::tick($input['families'] ?? []),
            'server-name' => self::rename((string) $input['name']),
            'state' => self::state(),
            default => throw new \InvalidArgumentException("unknown verb {$verb}"),
        };
    }

    /** An empty shop with the module installed; its address is the one it was called by. */
    private static function reset(): array
    {
        \Stub\Shop::create();
        require_once Application::getDocumentRoot() . '/local/modules/amobridge.shop/install/index.php';
        if (is_dir(Application::getDocumentRoot() . '/upload')) {
            DeleteDirFilesEx('/upload');
        }
        Loader::includeModule('amobridge.shop');
        (new \amobridge_shop())->DoInstall();
        \Amobridge\Shop\Schema::uninstall();
        \Amobridge\Shop\Schema::install();
        Module::current()->settings->setSiteUrl('http://' . $_SERVER['HTTP_HOST']);

        return self::state();
    }

    private static function pair(string $code): array
    {
        try {
            Module::current()->pairing->spend($code);
        } catch (PairingFailed $failure) {
            return ['paired' => false, 'reason' => $failure->reason, 'message' => $failure->getMessage()];
        }

        return ['paired' => true, 'connection' => Module::current()->settings->connection()];
    }

    /** Paired without a pairing, for tests that know the secret. */
    private static function connect(array $input): array
    {
        Module::current()->installation->id();
        Module::current()->settings->pair($input['serviceUrl'], $input['connection'], $input['secret'], $input['shopKey'] ?? 'kqzvma');

        return self::state();
    }

    /** {fields?, children?, touch?}: the plain data of support/orders.php with these parts laid over. */
    private static function place(array $input): array
    {
        if (isset($input['touch'])) {
            $_COOKIE['amobridge_touch'] = json_encode($input['touch']);
        }
        $order = Orders::place($input['fields'] ?? [], $input['children'] ?? []);

        return ['id' => (string) $order->getId()];
    }

    /** @param array<string, mixed> $fields as an administrator of the shop saves them */
    private static function change(int $id, array $fields): array
    {
        $order = Order::load($id);
        foreach ($fields as $name => $value) {
            $set = $order->setField($name, $value);
            if (!$set->isSuccess()) {
                return ['saved' => false, 'messages' => $set->getErrorMessages()];
            }
        }
        $order->save();

        return ['saved' => true];
    }

    private static function pay(int $id): array
    {
        $order = Order::load($id);
        foreach ($order->getPaymentCollection() as $payment) {
            $payment->setPaid('Y');
        }
        $order->save();

        return ['paid' => $order->isPaid()];
    }

    private static function delete(int $id): array
    {
        return ['deleted' => Order::delete($id)->isSuccess()];
    }

    private static function show(int $id): array
    {
        $order = Order::load($id);
        $link = OrderLinkTable::getRow(['filter' => ['=ORDER_ID' => $id]]);

        return $order === null ? ['order' => null] : ['order' => [
            'id' => (string) $id,
            'status' => $order->getField('STATUS_ID'),
            'cancelled' => $order->isCanceled(),
            'cancelReason' => $order->getField('REASON_CANCELED'),
            'paid' => $order->isPaid(),
            'dealId' => $link['DEAL_ID'] ?? null,
            'dealUrl' => $link['DEAL_URL'] ?? null,
        ]];
    }

    private static function agent(): array
    {
        \CAgent::CheckAgents();

        return self::state();
    }

    private static function tick(array $families): array
    {
        Module::current()->settings->setTicks($families);

        return self::state();
    }

    /** As on a clone of the site: the server has another name. */
    private static function rename(string $name): array
    {
        Option::set('main', 'server_name', $name);

        return self::state();
    }

    private static function state(): array
    {
        $module = Module::current();

        return [
            'paired' => $module->settings->isPaired(),
            'connection' => $module->settings->connection(),
            'shopKey' => $module->settings->shopKey(),
            'endpoint' => $module->settings->endpoint(),
            'installation' => $module->installation->id(),
            'atHome' => $module->installation->isAtHome(),
            'ticks' => $module->settings->ticks(),
            'waiting' => $module->outbox->waitingCount(),
            'rejected' => $module->outbox->rejectedCount(),
            'mails' => array_column(Notify::$mails, 'event'),
        ];
    }
}
