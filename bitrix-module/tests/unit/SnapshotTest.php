<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Snapshot\Buyer;
use Amobridge\Shop\Snapshot\OrderSnapshot;
use Amobridge\Shop\Table\OutboxTable;
use Amobridge\Shop\Table\RevisionTable;
use Amobridge\Shop\Table\StateTable;
use Amobridge\Shop\Touch;
use Bitrix\Sale\Order;

/** The order as the service will see it. */
final class SnapshotTest extends ShopCase
{
    /** The service's own tests parse the same file. */
    public function testMakesTheEventOfTheSharedFixture(): void
    {
        $fixture = json_decode((string) file_get_contents(dirname(__DIR__, 3) . '/test/fixtures/bridge-order-saved.json'), true);
        self::assertSame($fixture['timeZone'], date_default_timezone_get());
        \CCatalogSku::$parents = $fixture['parents'];
        StateTable::write('epoch', "1:{$fixture['event']['epoch']}");
        RevisionTable::add(['ID' => (int) $fixture['event']['rev'] - 1, 'AT' => self::NOW]);
        $_COOKIE[Touch::COOKIE] = json_encode($fixture['cookie']);
        Order::fromPlain($fixture['shop'])->save();
        OutboxTable::update(OutboxTable::getRow([])['ID'], ['EVENT_ID' => $fixture['event']['id']]);
        $this->endHit();

        self::assertSame($fixture['event'], $this->service->events()[0]);
    }

    public function testACompanyIsReadByTheUsualCodesWhereNothingIsFlagged(): void
    {
        Orders::place(['PERSON_TYPE_ID' => 2], ['properties' => [
            ['ORDER_PROPS_ID' => 8, 'VALUE' => 'ООО Пример'],
            ['ORDER_PROPS_ID' => 10, 'VALUE' => '7700000000'],
            ['ORDER_PROPS_ID' => 12, 'VALUE' => 'Олег'],
            ['ORDER_PROPS_ID' => 13, 'VALUE' => 'o@example.test'],
            ['ORDER_PROPS_ID' => 14, 'VALUE' => '+7 495 000-00-00'],
        ]]);
        $this->endHit();

        self::assertSame([
            'userId' => '77',
            'firstName' => 'Олег',
            'lastName' => null,
            'middleName' => null,
            'phone' => '+7 495 000-00-00',
            'email' => 'o@example.test',
            'company' => ['name' => 'ООО Пример', 'inn' => '7700000000', 'kpp' => null],
        ], $this->service->events()[0]['data']['buyer']);
    }

    public function testAnOrderWithNothingInItIsStillAnOrder(): void
    {
        Orders::place(['PRICE' => '0'], ['basket' => [], 'properties' => [], 'payments' => [], 'shipments' => []]);
        $this->endHit();

        $data = $this->service->events()[0]['data'];
        self::assertSame(['0.00', 0, [], [], []], [$data['total'], $data['linesTotal'], $data['lines'], $data['payments'], $data['shipments']]);
        self::assertSame([], $data['properties']);
        self::assertStringContainsString('"properties":{}', Wire::json($this->module->orders->read((int) $data['id'])));
    }

    public function testAVeryLargeOrderGoesWithItsFirst500Lines(): void
    {
        $lines = array_map(static fn (int $id): array => Orders::line($id, ['NAME' => str_repeat('Ж', 400)]), range(1, 600));
        Orders::place(['PRICE' => '9294500'], ['basket' => $lines]);
        $this->endHit();

        $data = $this->service->events()[0]['data'];
        self::assertSame([600, 500, '9294500.00'], [$data['linesTotal'], count($data['lines']), $data['total']]);
    }

    public function testManyShortLinesAllGo(): void
    {
        $lines = array_map(static fn (int $id): array => Orders::line($id), range(1, 600));
        Orders::place([], ['basket' => $lines]);
        $this->endHit();

        self::assertCount(600, $this->service->events()[0]['data']['lines']);
    }

    public function testCancellingMovesTheInstantOfTheStatus(): void
    {
        $order = Orders::place();
        $this->moveClock(3600);
        $order->setField('CANCELED', 'Y');
        $order->setField('REASON_CANCELED', 'передумал');
        $order->save();
        $this->endHit();

        $data = $this->service->events()[0]['data'];
        self::assertSame([true, 'передумал', 'N'], [$data['cancelled'], $data['cancelReason'], $data['status']]);
        self::assertSame('2026-11-23T09:00:00Z', $data['statusAt']);
    }

    public function testBrokenTextOfAnOldImportIsNoError(): void
    {
        $order = Order::fromPlain(Orders::plain(['USER_DESCRIPTION' => "caf\xE9"]));
        $snapshot = (new OrderSnapshot('https://shop.example'))->of($order, null);

        self::assertStringContainsString('"comment":"caf' . "\u{FFFD}" . '"', Wire::json($snapshot));
    }

    /** @dataProvider amounts */
    public function testMoneyIsADecimalString(mixed $amount, string $expected): void
    {
        self::assertSame($expected, Wire::money($amount));
    }

    public static function amounts(): array
    {
        return [
            ['15990.0000', '15990.00'], [0.1 + 0.2, '0.30'], ['10.005', '10.01'], [null, '0.00'],
            ['-0.001', '0.00'], [-12.5, '-12.50'], ['99999999999.99', '99999999999.99'], [1e3, '1000.00'],
        ];
    }

    /** @dataProvider quantities */
    public function testQuantityHasNoTrailingZeros(mixed $amount, string $expected): void
    {
        self::assertSame($expected, Wire::quantity($amount));
    }

    public static function quantities(): array
    {
        return [['2.0000', '2'], [0.5, '0.5'], ['100', '100'], ['0.0001', '0.0001'], [0, '0']];
    }

    /** @dataProvider names */
    public function testNamesAreSplitAsRussiansFillThem(string $full, ?string $first, ?string $last, ?string $middle): void
    {
        self::assertSame(['firstName' => $first, 'lastName' => $last, 'middleName' => $middle], self::sorted(Buyer::splitName($full)));
    }

    public static function names(): array
    {
        return [
            ['', null, null, null],
            ['Олег', 'Олег', null, null],
            ['Анна Петрова', 'Анна', 'Петрова', null],
            ['Петрова Анна', 'Анна', 'Петрова', null],
            ["  Иванов   Иван Иванович\n", 'Иван', 'Иванов', 'Иванович'],
            ['Константин Мельник', 'Константин', 'Мельник', null],
            ['Екатерина Мороз', 'Екатерина', 'Мороз', null],
            ['Марина Петрова', 'Марина', 'Петрова', null],
            ['Петрова Марина', 'Марина', 'Петрова', null],
            ['Анна Ивановна', 'Анна', null, 'Ивановна'],
            ['Анна Ивановна Петрова', 'Анна', 'Петрова', 'Ивановна'],
            ['Мамедов Али Гасан оглы', 'Али', 'Мамедов', 'Гасан оглы'],
            ['Anna Smith', 'Anna', 'Smith', null],
        ];
    }

    private static function sorted(array $name): array
    {
        return ['firstName' => $name['firstName'], 'lastName' => $name['lastName'], 'middleName' => $name['middleName']];
    }
}
