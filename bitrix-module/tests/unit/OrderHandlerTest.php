<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Handler\OrderHandler;
use Amobridge\Shop\Outbox;
use Amobridge\Shop\Settings;
use Amobridge\Shop\Table\OutboxTable;
use Amobridge\Shop\Touch;
use Bitrix\Main\Application;
use Bitrix\Main\Event;
use Bitrix\Main\Type\DateTime;
use Bitrix\Main\Web\HttpClient;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;

/** What happens inside the buyer's checkout. */
final class OrderHandlerTest extends ShopCase
{
    public function testACheckoutWritesOneRowAndDoesNothingElse(): void
    {
        [$requests, $loads] = [HttpClient::$requests, Order::$loads];
        $order = Orders::place();

        self::assertSame([1, 1], [OutboxTable::getCount(), Order::$saves]);
        self::assertSame([$requests, $loads], [HttpClient::$requests, Order::$loads]);
        self::assertSame([], $this->service->calls);
        self::assertSame([
            'KIND' => Outbox::ORDER_SAVED,
            'ENTITY_ID' => (string) $order->getId(),
            'AT' => self::NOW,
            'ORIGIN' => null,
            'TOUCH' => null,
        ], OutboxTable::getRow(['select' => ['KIND', 'ENTITY_ID', 'AT', 'ORIGIN', 'TOUCH']]));
        self::assertSame(1, Application::getInstance()->jobCount());
    }

    public function testManySavesOfAHitArmOneJob(): void
    {
        Orders::place();
        Orders::place();

        self::assertSame(1, Application::getInstance()->jobCount());
    }

    public function testABrokenDatabaseNeverFailsTheCheckout(): void
    {
        $order = Orders::place();
        $events = [
            'onSaved' => ['ENTITY' => $order, 'IS_NEW' => false],
            'onDeleted' => ['ENTITY' => $order, 'VALUE' => true],
            'onArchived' => ['ENTITY' => $order],
        ];
        Application::getConnection()->failure = 'MySQL server has gone away';
        foreach ($events as $method => $parameters) {
            OrderHandler::$method(new Event('sale', 'any', $parameters));
        }
        Application::getConnection()->failure = null;

        self::assertCount(3, \CEventLog::$entries);
        self::assertSame(1, OutboxTable::getCount());
    }

    public function testATableThatIsMissingLeavesTheLettersOfTheOrderAlone(): void
    {
        Application::getConnection()->dropTable(OutboxTable::getTableName());
        Orders::place();

        self::assertSame(['SALE_NEW_ORDER'], array_column(Notify::$mails, 'event'), 'what follows the event still happens');
        self::assertSame('ERROR', \CEventLog::$entries[0]['SEVERITY']);
    }

    /** @dataProvider strangeEvents */
    public function testStrangeEventsAreSurvived(array $parameters): void
    {
        foreach (['onSaved', 'onDeleted', 'onArchived'] as $method) {
            OrderHandler::$method(new Event('sale', 'any', $parameters));
        }

        self::assertSame(0, OutboxTable::getCount());
    }

    public static function strangeEvents(): array
    {
        return [[[]], [['ENTITY' => null]], [['ENTITY' => 'text']], [['ENTITY' => new DateTime()]], [['ENTITY' => [1]]]];
    }

    public function testAnUnpairedShopRecordsNothing(): void
    {
        $this->module->settings->unpair();
        Orders::place();

        self::assertSame(0, OutboxTable::getCount());
    }

    public function testAFailedDeletionIsNone(): void
    {
        $order = Orders::place();
        OrderHandler::onDeleted(new Event('sale', 'OnSaleOrderDeleted', ['ENTITY' => $order, 'VALUE' => false]));

        self::assertSame(0, OutboxTable::getCount(['=KIND' => Outbox::ORDER_DELETED]));
    }

    public function testTheTouchOfTheBuyerIsTakenOnceAndKeptForLaterSnapshots(): void
    {
        $_COOKIE[Touch::COOKIE] = '{"first":{"utm_source":"yandex"},"last":{"utm_source":"vk"}}';
        $order = Orders::place();
        $this->endHit();
        $_COOKIE[Touch::COOKIE] = '{"last":{"utm_source":"the manager of the shop"}}';
        $order->setField('COMMENTS', 'x');
        $order->save();
        $this->endHit();

        $expected = ['first' => ['utm_source' => 'yandex'], 'last' => ['utm_source' => 'vk']];
        self::assertSame([$expected, $expected], array_map(
            static fn (array $event): array => $event['data']['touch'],
            $this->service->events()
        ));
    }

    /** @dataProvider cookies */
    public function testACookieIsUserInput(string $cookie, ?string $expected): void
    {
        self::assertSame($expected, Touch::check($cookie));
    }

    public static function cookies(): array
    {
        return [
            'known keys pass' => [
                '{"first":{"utm_source":"я","x":"1","gclid":5},"last":{"landing":"https://a/?b"},"more":{"at":"1"}}',
                '{"first":{"utm_source":"я"},"last":{"landing":"https://a/?b"}}',
            ],
            'url-encoded' => [rawurlencode('{"last":{"utm_source":"a b"}}'), '{"last":{"utm_source":"a b"}}'],
            'not json' => ['<script>', null],
            'a list' => ['[1,2]', null],
            'a number' => ['7', null],
            'nothing known' => ['{"first":{"password":"x"}}', null],
            'too big' => ['{"first":{"landing":"' . str_repeat('a', 1100) . '"}}', null],
            'huge' => [str_repeat('[', 10000), null],
            'deep' => ['{"first":{"utm_source":{"a":{"b":{"c":1}}}}}', null],
        ];
    }

    public function testEveryHandlerIsPublicStaticAndTakesOneEvent(): void
    {
        $handlers = \Bitrix\Main\HandlerTable::getList(['filter' => ['=TO_MODULE_ID' => Settings::MODULE_ID]])->fetchAll();
        self::assertCount(3, $handlers);
        foreach ($handlers as $handler) {
            $method = new \ReflectionMethod($handler['TO_CLASS'], $handler['TO_METHOD']);
            self::assertTrue($method->isPublic() && $method->isStatic(), $method->name);
            self::assertSame(1, $method->getNumberOfParameters());
            self::assertSame('void', (string) $method->getReturnType());
        }
    }
}
