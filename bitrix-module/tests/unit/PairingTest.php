<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Exchange\PairingFailed;
use Amobridge\Shop\Exchange\ServiceUrl;
use Bitrix\Main\Config\Option;
use Bitrix\Main\ORM\Fields\CryptoField;

final class PairingTest extends ShopCase
{
    protected function pair(): void
    {
        $this->module->settings->setSiteUrl('https://shop.example/');
        $this->service->answer(static fn (): array => [
            'body' => ['connection' => 'c-17', 'secret' => Service::SECRET, 'shopKey' => 'kqzvma'],
        ]);
    }

    public function testTheCodeIsSpentWhereItPoints(): void
    {
        $this->module->pairing->spend(" https://bridge.example#AB12CD34EF56\n");

        $call = $this->service->calls[0];
        self::assertSame('https://bridge.example/bridge/v1/pair', $call['url']);
        self::assertSame('AB12CD34EF56', $call['body']['code']);
        self::assertSame('https://shop.example/bitrix/tools/amobridge.shop/exchange.php', $call['body']['endpoint']);
        self::assertSame($this->module->installation->id(), $call['body']['installation']);
        self::assertSame('shop.example', $call['body']['host']);
        self::assertSame('Кофе и приборы', $call['body']['profile']['name']);
        $settings = $this->module->settings;
        self::assertSame(
            ['https://bridge.example', 'c-17', Service::SECRET, 'kqzvma', true],
            [$settings->serviceUrl(), $settings->connection(), $settings->secret(), $settings->shopKey(), $settings->isPaired()]
        );
        self::assertStringNotContainsString(
            substr(Service::SECRET, 6),
            base64_decode(substr(Option::get('amobridge.shop', 'secret'), 4)),
            'encrypted where the site has a key'
        );
    }

    public function testASiteWithAnotherCryptoKeyHasToPairAgain(): void
    {
        $this->module->pairing->spend('https://bridge.example#AB12CD34EF56');
        $key = CryptoField::$key;
        CryptoField::$key = 'another';
        self::assertSame('', $this->module->settings->secret());
        self::assertSame(401, $this->call()['status']);
        CryptoField::$key = $key;
        self::assertSame(Service::SECRET, $this->module->settings->secret());
    }

    public function testTheShopKeyNeverChanges(): void
    {
        $this->module->pairing->spend('https://bridge.example#AB12CD34EF56');
        $this->service->answer(static fn (): array => [
            'body' => ['connection' => 'c-18', 'secret' => Service::SECRET, 'shopKey' => 'another'],
        ]);
        $this->module->pairing->spend('https://bridge.example#AB12CD34EF57');

        self::assertSame(['c-18', 'kqzvma'], [$this->module->settings->connection(), $this->module->settings->shopKey()]);
    }

    public function testACodeIsReadAsPeopleTypeIt(): void
    {
        $this->module->pairing->spend('https://bridge.example#ab12-cd34-efol');

        self::assertSame('AB12CD34EF01', $this->service->calls[0]['body']['code']);
    }

    /** @dataProvider wrongCodes */
    public function testAWrongCodeGoesNowhere(string $text, string $reason): void
    {
        try {
            $this->module->pairing->spend($text);
            self::fail($text);
        } catch (PairingFailed $failure) {
            self::assertSame($reason, $failure->reason);
        }
        self::assertSame([], $this->service->calls);
    }

    public static function wrongCodes(): array
    {
        return [
            ['', 'code'],
            ['AB12CD34EF56', 'code'],
            ['https://bridge.example#AB12', 'code'],
            ['https://bridge.example#AB12CD34EF5U', 'code'],
            ['http://bridge.example#AB12CD34EF56', 'url'],
            ['ftp://bridge.example#AB12CD34EF56', 'url'],
            ['https://user:pass@bridge.example#AB12CD34EF56', 'url'],
            ['javascript:alert(1)#AB12CD34EF56', 'url'],
        ];
    }

    /** @dataProvider badAnswers */
    public function testABadAnswerPairsNothing(array $reply, string $reason): void
    {
        $this->service->answer(static fn (): array => $reply);
        try {
            $this->module->pairing->spend('https://bridge.example#AB12CD34EF56');
            self::fail('paired');
        } catch (PairingFailed $failure) {
            self::assertSame($reason, $failure->reason);
        }
        self::assertFalse($this->module->settings->isPaired());
    }

    public static function badAnswers(): array
    {
        return [
            [['status' => 403, 'body' => ['error' => ['code' => 'code', 'message' => 'Код не подошёл']]], 'refused'],
            [['flaw' => 'html'], 'unreachable'],
            [['body' => []], 'answer'],
            [['body' => ['connection' => 'c', 'secret' => 'plain']], 'answer'],
            [['body' => ['connection' => 5, 'secret' => Service::SECRET]], 'answer'],
        ];
    }

    public function testTheOtherWayRoundTheShopOffersASecret(): void
    {
        $offer = $this->module->pairing->offer('shop-9');
        [$endpoint, $connection, $secret] = explode('#', $offer);

        self::assertSame(['https://shop.example/bitrix/tools/amobridge.shop/exchange.php', 'shop-9'], [$endpoint, $connection]);
        self::assertSame($secret, $this->module->settings->secret());
        self::assertSame(200, $this->call([], [], ['secret' => $secret])['status']);
        $this->expectException(PairingFailed::class);
        $this->module->pairing->offer('Магазин #1');
    }

    public function testPlainHttpIsForThisMachineOnly(): void
    {
        self::assertSame('http://127.0.0.1:8080', ServiceUrl::parse('http://127.0.0.1:8080/'));
        self::assertSame('http://localhost:8080', ServiceUrl::parse('http://localhost:8080'));
        self::assertNull(ServiceUrl::parse('http://127.0.0.1.example'));
        self::assertNull(ServiceUrl::parse('http://10.0.0.1'));
    }

    public function testAMovedShopGoesOnAndACopyStartsAnew(): void
    {
        $this->module->pairing->spend('https://bridge.example#AB12CD34EF56');
        $id = $this->module->installation->id();
        Option::set('main', 'server_name', 'new.shop.example');
        self::assertFalse($this->module->installation->isAtHome());

        $this->module->installation->settleHere();
        self::assertTrue($this->module->installation->isAtHome());
        self::assertSame($id, $this->module->installation->id());

        Option::set('main', 'server_name', 'dev.shop.example');
        $this->module->installation->becomeCopy();
        self::assertTrue($this->module->installation->isAtHome());
        self::assertNotSame($id, $this->module->installation->id());
        self::assertSame([false, ''], [$this->module->settings->isPaired(), $this->module->settings->shopKey()]);
    }
}
