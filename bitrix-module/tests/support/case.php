<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Clock;
use Amobridge\Shop\Exchange\Incoming;
use Amobridge\Shop\Exchange\Signature;
use Amobridge\Shop\Module;
use Amobridge\Shop\Settings;
use Bitrix\Main\Application;
use Bitrix\Main\EventManager;
use Bitrix\Main\Loader;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;
use PHPUnit\Framework\TestCase;

/** A fresh shop with the module installed and paired for each test; time stands still unless moved. */
abstract class ShopCase extends TestCase
{
    protected const NOW = 1795420800; // 2026-11-23T08:00:00Z

    protected Module $module;
    protected Service $service;
    private int $calls = 0;

    protected function setUp(): void
    {
        \Stub\Clock::$frozenAt = self::NOW;
        Application::reset();
        EventManager::reset();
        Loader::forget();
        Order::$broken = [];
        Order::$locked = [];
        Order::$loads = 0;
        Order::$saves = 0;
        Notify::$mails = [];
        Notify::setNotifyDisable(false);
        \CEventLog::$entries = [];
        \CMain::$right = 'W';
        \CCatalogSku::$parents = [];
        $_GET = $_POST = $_COOKIE = [];
        unset($_SERVER['HTTP_HOST']);
        $GLOBALS['APPLICATION'] = new \CMain();
        $GLOBALS['USER'] = new \CUser();
        \Stub\Shop::create();
        if ($this->startsInstalled()) {
            $this->install();
            $this->pair();
        }
    }

    protected function tearDown(): void
    {
        $this->endHit();
        if (Loader::includeModule(Settings::MODULE_ID)) {
            \Amobridge\Shop\Schema::uninstall();
        }
        Module::use(null);
    }

    protected function startsInstalled(): bool
    {
        return true;
    }

    protected function installer(): \amobridge_shop
    {
        require_once Application::getDocumentRoot() . '/local/modules/amobridge.shop/install/index.php';

        return new \amobridge_shop();
    }

    protected function install(): void
    {
        $this->installer()->DoInstall();
        $clock = new class () implements Clock {
            public function now(): int
            {
                return \Stub\Clock::now();
            }

            public function milliseconds(): int
            {
                return \Stub\Clock::now() * 1000;
            }
        };
        $this->service = new Service();
        $this->module = new Module($clock, $this->service);
        Module::use($this->module);
    }

    protected function pair(): void
    {
        $this->module->settings->setSiteUrl('https://shop.example');
        $this->module->installation->id();
        $this->module->settings->pair('https://bridge.example', 'shop-1', Service::SECRET, 'kqzvma');
    }

    protected function moveClock(int $seconds): void
    {
        \Stub\Clock::$frozenAt += $seconds;
    }

    /** Ends the hit: what was armed for after the response runs. */
    protected function endHit(): void
    {
        Application::getInstance()->runJobs();
    }

    /**
     * A signed call of exchange.php; `$call` overrides its parts.
     *
     * @param array<int, array<string, mixed>> $commands
     * @param string[] $accepted
     * @param array<string, mixed> $call
     * @return array{status: int, signed: bool, json: array<string, mixed>, text: string}
     */
    protected function call(array $commands = [], array $accepted = [], array $call = []): array
    {
        $body = $call['body'] ?? json_encode(['protocol' => 1, 'commands' => $commands, 'accepted' => $accepted]);
        $id = $call['id'] ?? 'msg_test_' . ++$this->calls;
        $timestamp = (string) ($call['timestamp'] ?? \Stub\Clock::now());
        $signature = Signature::make([$call['secret'] ?? Service::SECRET], $id, $timestamp, $body);
        $incoming = new Incoming(
            $call['method'] ?? 'POST',
            $id,
            $timestamp,
            $call['signature'] ?? $signature,
            $call['connection'] ?? '',
            $body,
            $call['host'] ?? ''
        );
        $answer = $this->module->endpoint->answer($incoming);
        $headers = $this->module->endpoint->sign($answer, $incoming);
        $isSigned = $headers !== [] && $headers['webhook-id'] === $id && Signature::fits(
            [Service::SECRET],
            $id,
            $headers['webhook-timestamp'],
            $answer->body,
            $headers['webhook-signature']
        );

        return [
            'status' => $answer->status,
            'signed' => $isSigned,
            'json' => json_decode($answer->body, true, 512, JSON_THROW_ON_ERROR),
            'text' => $answer->body,
        ];
    }

    /** @return array<string, mixed> the result of one command */
    protected function command(string $type, array $data = [], ?string $id = null): array
    {
        $answer = $this->call([['id' => $id ?? 'cmd_' . ++$this->calls, 'type' => $type, 'data' => (object) $data]]);
        self::assertSame(200, $answer['status'], $answer['text']);
        self::assertTrue($answer['signed']);

        return $answer['json']['results'][0];
    }
}
