<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Handler\OrderHandler;
use Amobridge\Shop\Table\StateTable;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\HandlerTable;

/** The pages of the administration, drawn by their own files. */
final class AdminTest extends ShopCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $_SERVER['HTTP_HOST'] = 'shop.example';
        $_SERVER['HTTPS'] = 'on';
    }

    protected function tearDown(): void
    {
        unset($_SERVER['REQUEST_METHOD'], $_SERVER['HTTPS'], $_SERVER['HTTP_HOST']);
        parent::tearDown();
    }

    public function testThePageNeverShowsTheSecret(): void
    {
        $page = $this->open('options.php');

        self::assertStringContainsString('shop-1', $page);
        self::assertStringContainsString('bridge.example', $page);
        self::assertStringNotContainsString(substr(Service::SECRET, 6), $page);
        self::assertStringNotContainsString(Option::get('amobridge.shop', 'secret'), $page);
    }

    public function testAStrangerSeesNothing(): void
    {
        \CMain::$right = 'D';

        self::assertSame('', $this->open('options.php'));
        self::assertFalse($this->drawMenu());
    }

    /** @dataProvider forgeries */
    public function testNothingIsDoneWithoutRightAndToken(string $right, array $post, string $method): void
    {
        \CMain::$right = $right;
        $page = $this->open('options.php', $post + ['amobridge_action' => 'unpair'], $method);

        self::assertStringNotContainsString('redirect', $page);
        self::assertTrue($this->module->settings->isPaired());
    }

    public static function forgeries(): array
    {
        return [
            'reader' => ['R', ['sessid' => bitrix_sessid()], 'POST'],
            'no token' => ['W', [], 'POST'],
            'another token' => ['W', ['sessid' => 'x'], 'POST'],
            'by a link' => ['W', ['sessid' => bitrix_sessid()], 'GET'],
        ];
    }

    public function testSettingsAreSaved(): void
    {
        $page = $this->act('options.php', 'save', [
            'site_url' => 'https://new.example/',
            'ticks' => ['properties', 'products', 'everything'],
            'respect_locks' => 'Y',
        ]);

        self::assertStringContainsString('done=SAVED', $page);
        $settings = $this->module->settings;
        self::assertSame(
            ['https://new.example', ['properties', 'products'], true],
            [$settings->siteUrl(), $settings->ticks(), $settings->respectsLocks()]
        );
        self::assertStringContainsString('value="products" checked', $this->open('options.php'));
    }

    public function testPairingFromThePage(): void
    {
        $this->module->settings->unpair();
        $this->service->answer(static fn (): array => ['status' => 403, 'body' => ['error' => ['message' => '<b>старый код</b>']]]);
        $refused = $this->act('options.php', 'pair', ['pairing_code' => 'https://bridge.example#AB12CD34EF56']);
        self::assertStringContainsString('&lt;b&gt;старый код', $refused);

        $this->service->answer(static fn (): array => ['body' => ['connection' => 'c-1', 'secret' => Service::SECRET, 'shopKey' => 'a']]);
        $paired = $this->act('options.php', 'pair', ['pairing_code' => 'https://bridge.example#AB12CD34EF56']);
        self::assertStringContainsString('done=PAIRED', $paired);
        self::assertTrue($this->module->settings->isPaired());
    }

    public function testTheReverseLineIsShownOnce(): void
    {
        $page = $this->act('options.php', 'offer', ['connection' => 'shop-1']);
        $secret = $this->module->settings->secret();

        self::assertStringContainsString("exchange.php#shop-1#{$secret}", $page);
        self::assertStringNotContainsString($secret, $this->open('options.php'));
    }

    public function testTheStatusPageTellsWhatIsWrongAndMendsIt(): void
    {
        Orders::place();
        HandlerTable::delete(HandlerTable::getRow(['filter' => ['=TO_CLASS' => OrderHandler::class]])['UNIQUE_ID']);
        \CAgent::RemoveModuleAgents('amobridge.shop');
        $this->moveClock(7);
        self::assertStringContainsString('OnSaleOrder', $this->open('admin/status.php'));
        $this->act('admin/status.php', 'repair');

        self::assertStringNotContainsString('OnSaleOrder', $this->open('admin/status.php'));
        \CAgent::CheckAgents();
        self::assertSame((string) $this->module->clock->now(), StateTable::read('last_agent'));
    }

    public function testACopyIsAskedWhatItIs(): void
    {
        self::assertStringNotContainsString('value="moved"', $this->open('admin/status.php'));
        Option::set('main', 'server_name', 'dev.example');
        $_SERVER['HTTP_HOST'] = 'dev.example';
        $page = $this->open('admin/status.php');
        self::assertStringContainsString('value="moved"', $page);
        self::assertStringContainsString('value="copy"', $page);

        $this->act('admin/status.php', 'moved');
        self::assertTrue($this->module->installation->isAtHome());
        self::assertSame('https://dev.example', $this->module->settings->siteUrl());
    }

    public function testRejectedEventsAreSentAgainOnRequest(): void
    {
        $this->service->answer(static fn (array $body): array => ['body' => ['rejected' => array_map(
            static fn (array $event): array => ['id' => $event['id'], 'code' => 'x', 'message' => 'y'],
            $body['events']
        )]]);
        Orders::place();
        $this->endHit();
        self::assertSame(1, $this->module->outbox->rejectedCount());

        $this->service->acceptEverything();
        $this->act('admin/status.php', 'resend');
        $this->endHit();
        [$first, $second] = array_column($this->service->events(), 'id');
        self::assertNotSame($first, $second);
        self::assertSame([0, 0], [$this->module->outbox->rejectedCount(), $this->module->outbox->waitingCount()]);
    }

    private function drawMenu(): array|false
    {
        $APPLICATION = $GLOBALS['APPLICATION'];

        return include dirname(__DIR__, 2) . '/amobridge.shop/admin/menu.php';
    }

    private function act(string $file, string $action, array $post = []): string
    {
        return $this->open($file, $post + ['amobridge_action' => $action, 'sessid' => bitrix_sessid()], 'POST');
    }

    /** What the page printed; a redirect is told as "redirect <url>". */
    private function open(string $file, array $post = [], string $method = 'GET'): string
    {
        $_POST = $post;
        $_SERVER['REQUEST_METHOD'] = $method;
        $include = Application::getDocumentRoot() . '/bitrix/modules/main/include';
        foreach (['prolog_admin_before', 'prolog_admin_after', 'epilog_admin'] as $part) {
            file_put_contents("{$include}/{$part}.php", "<?php\n");
        }
        $APPLICATION = $GLOBALS['APPLICATION'];
        ob_start();
        try {
            include dirname(__DIR__, 2) . "/amobridge.shop/{$file}";
        } catch (\StubPageEnd $end) {
            echo $end->getMessage();
        } finally {
            $_POST = [];
        }

        return (string) ob_get_clean();
    }
}
