<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Table\CommandTable;
use Amobridge\Shop\Table\OrderLinkTable;
use Bitrix\Main\Application;
use Bitrix\Main\DB\Connection;
use Bitrix\Main\EventManager;
use Bitrix\Main\EventResult;
use Bitrix\Sale\Notify;
use Bitrix\Sale\Order;
use Bitrix\Sale\ResultError;

final class CommandTest extends ShopCase
{
    public function testACommandActsOnceAndARepeatGetsTheSameResult(): void
    {
        $id = Orders::place()->getId();
        $first = $this->setStatus($id, 'P', 'N', 1, [], 'cmd_A');
        Order::load($id)->setField('STATUS_ID', 'F')->isSuccess();
        $saves = Order::$saves;
        $this->moveClock(29 * 86400);
        $this->module->commands->forgetOld();

        self::assertSame($first, $this->setStatus($id, 'P', 'N', 1, [], 'cmd_A'));
        self::assertSame($saves, Order::$saves);

        $this->moveClock(2 * 86400);
        $this->module->commands->forgetOld();
        self::assertSame(0, CommandTable::getCount());
    }

    public function testAPassingFailureMayBeTriedAgainUnderTheSameId(): void
    {
        $id = Orders::place()->getId();
        Order::$broken = [$id];
        $failed = $this->setStatus($id, 'P', 'N', 1, [], 'cmd_A');
        self::assertSame(['failed', true], [$failed['error']['code'], $failed['error']['retry']]);

        Order::$broken = [];
        self::assertTrue($this->setStatus($id, 'P', 'N', 1, [], 'cmd_A')['ok']);
    }

    public function testAnUnknownCommandIsNamed(): void
    {
        $result = $this->command('shop.explode');

        self::assertSame(['unknown_command', false], [$result['error']['code'], $result['error']['retry']]);
    }

    public function testAFamilyWithoutATickIsRefused(): void
    {
        $id = Orders::place()->getId();
        $this->module->settings->setTicks([]);

        self::assertSame('refused', $this->setStatus($id, 'P', 'N')['error']['code']);
        self::assertSame('N', Order::load($id)->getField('STATUS_ID'));
        self::assertTrue($this->command('orders.get', ['ids' => [(string) $id]])['ok'], 'reading orders needs no tick');
    }

    public function testStatusIsChangedSavedAndMarkedAsOurs(): void
    {
        $id = Orders::place()->getId();
        $this->endHit();
        $result = $this->setStatus($id, 'P', 'N', 1, ['notifyCustomer' => true], 'cmd_A');

        self::assertSame(['before' => 'N', 'after' => 'P', 'warnings' => []], $result['data']);
        self::assertTrue($result['changed']);
        self::assertSame('P', Order::load($id)->getField('STATUS_ID'));
        self::assertContains('SALE_STATUS_CHANGED_P', array_column(Notify::$mails, 'event'));
        $this->endHit();
        $events = $this->service->events();
        self::assertSame('cmd_A', end($events)['origin']);
    }

    public function testSomebodyElsesChangeBesideOursTakesTheMarkAway(): void
    {
        $id = Orders::place()->getId();
        $this->endHit();
        $this->setStatus($id, 'P', 'N');
        $order = Order::load($id);
        $order->setField('COMMENTS', 'менеджер позвонил');
        $order->save();
        $this->endHit();

        $events = $this->service->events();
        self::assertNull(end($events)['origin']);
    }

    public function testTheBuyerIsNotMailedUnlessAsked(): void
    {
        $id = Orders::place()->getId();
        Notify::$mails = [];
        $this->setStatus($id, 'P', 'N');

        self::assertSame([], Notify::$mails);
        self::assertFalse(Notify::isNotifyDisabled(), 'and the shop mails on as before');
    }

    public function testItAppliesOnlyToTheStateTheServiceBelievesIn(): void
    {
        $id = Orders::place(['STATUS_ID' => 'P'])->getId();

        $conflict = $this->setStatus($id, 'F', 'N', 2);
        self::assertSame(['conflict', ['current' => 'P'], false], [
            $conflict['error']['code'], $conflict['error']['data'], $conflict['error']['retry'],
        ]);
        $same = $this->setStatus($id, 'P', 'N', 3);
        self::assertSame([true, false, 'P'], [$same['ok'], $same['changed'], $same['data']['after']]);
    }

    public function testAnOlderCommandIsSuperseded(): void
    {
        $id = Orders::place()->getId();
        $this->setStatus($id, 'P', 'N', 7);

        self::assertSame('superseded', $this->setStatus($id, 'N', 'P', 6)['error']['code']);
        self::assertTrue($this->setStatus($id, 'N', 'P', 7)['ok']);
    }

    /** @dataProvider statusesThatDoNotExist */
    public function testAStatusThatDoesNotExistIsNotWritten(string $status): void
    {
        $id = Orders::place()->getId();

        self::assertSame('status_unknown', $this->setStatus($id, $status, 'N')['error']['code']);
        self::assertSame('N', Order::load($id)->getField('STATUS_ID'));
    }

    public static function statusesThatDoNotExist(): array
    {
        return ['unknown' => ['ZZ'], 'of shipments' => ['DN'], 'another case' => ['p'], 'empty' => ['']];
    }

    public function testCancellingAndItsUndoing(): void
    {
        $id = Orders::place()->getId();
        $cancelled = $this->setStatus($id, 'cancelled', 'N', 1, ['reason' => 'Отказ клиента']);
        self::assertSame(['N', 'cancelled'], [$cancelled['data']['before'], $cancelled['data']['after']]);
        self::assertSame('Отказ клиента', Order::load($id)->getField('REASON_CANCELED'));

        $undone = $this->setStatus($id, 'P', 'cancelled', 2);
        self::assertSame(['cancelled', 'P'], [$undone['data']['before'], $undone['data']['after']]);
        self::assertFalse(Order::load($id)->isCanceled());
    }

    public function testAPaidOrderIsNotCancelled(): void
    {
        $id = Orders::place()->getId();
        $order = Order::load($id);
        $order->getPaymentCollection()[0]->setPaid('Y');
        $order->save();

        $result = $this->setStatus($id, 'cancelled', 'N');
        self::assertSame(['cancel_refused', false], [$result['error']['code'], $result['error']['retry']]);
        self::assertFalse(Order::load($id)->isCanceled());
    }

    public function testAVetoIsToldInTheShopsOwnWords(): void
    {
        $id = Orders::place()->getId();
        $veto = static fn () => new EventResult(EventResult::ERROR, new ResultError('Склад закрыт', 'STORE'), 'sale');
        EventManager::getInstance()->addEventHandler('sale', 'OnSaleBeforeStatusOrderChange', $veto);

        $result = $this->setStatus($id, 'P', 'N');
        self::assertSame(['refused', 'Склад закрыт'], [$result['error']['code'], $result['error']['message']]);
    }

    public function testLocksAreRespectedOnlyIfTheAdministratorSaysSo(): void
    {
        $id = Orders::place()->getId();
        Order::$locked = [$id];
        $this->module->settings->setRespectsLocks(true);
        $locked = $this->setStatus($id, 'P', 'N');
        self::assertSame(['order_locked', true], [$locked['error']['code'], $locked['error']['retry']]);

        $this->module->settings->setRespectsLocks(false);
        self::assertTrue($this->setStatus($id, 'P', 'N')['ok']);
    }

    public function testACommandUnderWayElsewhereIsBusy(): void
    {
        $id = Orders::place()->getId();
        $other = new Connection((string) getenv('AMOBRIDGE_STUB_DSN'));
        $other->lock('amobridge_shop_command_cmd_A');
        $busy = $this->setStatus($id, 'P', 'N', 1, [], 'cmd_A');
        self::assertSame(['busy', true], [$busy['error']['code'], $busy['error']['retry']]);

        $other->unlock('amobridge_shop_command_cmd_A');
        self::assertTrue($this->setStatus($id, 'P', 'N', 1, [], 'cmd_A')['ok']);
    }

    public function testACommandThatComesByBothWaysActsOnce(): void
    {
        $id = Orders::place()->getId();
        $data = ['orderId' => (string) $id, 'status' => 'P', 'ifStatus' => 'N', 'notifyCustomer' => false, 'seq' => 1];
        $this->module->commands->runForLater(['id' => 'cmd_A', 'type' => 'order.set_status', 'data' => $data]);
        $answered = $this->setStatus($id, 'P', 'N', 1, [], 'cmd_A');

        self::assertTrue($answered['changed'], 'the result of the first time');
        self::assertSame(['cmd_A'], array_keys($this->module->commands->waitingResults(1000)));
    }

    public function testAMissingOrderIsNamed(): void
    {
        self::assertSame('order_missing', $this->setStatus(999999, 'P', 'N')['error']['code']);
        self::assertSame('order_missing', $this->command('order.set_deal', ['orderId' => '999999', 'dealId' => '5'])['error']['code']);
    }

    /** @dataProvider wrongData */
    public function testWrongDataIsRefusedByTheNameOfTheKey(string $type, array $data, string $key): void
    {
        $result = $this->command($type, $data);

        self::assertSame(['refused', false], [$result['error']['code'], $result['error']['retry']]);
        self::assertStringContainsString($key, $result['error']['message']);
    }

    public static function wrongData(): array
    {
        $whole = ['orderId' => '1', 'status' => 'P', 'ifStatus' => 'N', 'notifyCustomer' => false, 'seq' => 1];

        return [
            ['order.set_status', ['orderId' => 1] + $whole, 'orderId'],
            ['order.set_status', ['orderId' => "1' OR 1"] + $whole, 'orderId'],
            ['order.set_status', ['seq' => '1'] + $whole, 'seq'],
            ['order.set_status', ['notifyCustomer' => 'no'] + $whole, 'notifyCustomer'],
            ['order.set_status', ['status' => ['P']] + $whole, 'status'],
            ['orders.get', ['ids' => array_fill(0, 51, '1')], 'ids'],
            ['orders.list', ['limit' => 201], 'limit'],
            ['orders.list', ['createdFrom' => 'yesterday'], 'createdFrom'],
            ['orders.digest', ['by' => 'name'], 'by'],
            ['order.set_deal', ['orderId' => '1'], 'dealId'],
        ];
    }

    public function testTheDealIsKeptAndWrittenIntoThePropertyWhereThereIsOne(): void
    {
        $plain = Orders::place()->getId();
        $withProperty = Orders::place([], ['properties' => [['ORDER_PROPS_ID' => 30, 'VALUE' => '']]])->getId();
        $deal = ['dealId' => '700', 'dealUrl' => 'https://example.amocrm.ru/leads/detail/700'];
        $saves = Order::$saves;

        self::assertTrue($this->command('order.set_deal', ['orderId' => (string) $plain] + $deal)['changed']);
        self::assertSame($saves, Order::$saves, 'an order without the property is not saved');
        self::assertTrue($this->command('order.set_deal', ['orderId' => (string) $withProperty] + $deal)['changed']);
        self::assertFalse($this->command('order.set_deal', ['orderId' => (string) $withProperty] + $deal)['changed']);

        self::assertSame('700', OrderLinkTable::getRow(['filter' => ['=ORDER_ID' => $plain]])['DEAL_ID']);
        $property = Order::load($withProperty)->getPropertyCollection()->getItemByOrderPropertyCode('AMO_LEAD_ID');
        self::assertSame('700', $property->getValue());
    }

    public function testOrdersAreListedInPages(): void
    {
        $ids = [];
        for ($count = 0; $count < 5; $count++) {
            $ids[] = (string) Orders::place()->getId();
        }
        [$seen, $after] = [[], null];
        do {
            $page = $this->command('orders.list', ['limit' => 2, 'afterId' => $after])['data'];
            $seen = array_merge($seen, array_column($page['orders'], 'id'));
            $after = $page['next'];
        } while ($after !== null);

        self::assertSame($ids, $seen);
        self::assertSame(['epoch', 'rev', 'id'], array_slice(array_keys($page['orders'][0]), 0, 3));
    }

    public function testListsKeepToTheirDatesAndLeaveUnfinishedOrdersOut(): void
    {
        $old = Orders::place(['DATE_INSERT' => '2026-11-01 12:00:00', 'DATE_UPDATE' => '2026-11-01 12:00:00'])->getId();
        $new = Orders::place()->getId();
        $broken = Orders::place()->getId();
        \Bitrix\Sale\Internals\OrderTable::update($broken, ['RUNNING' => 'Y']);
        $ids = fn (array $data): array => array_map('intval', array_column($this->command('orders.list', $data)['data']['orders'], 'id'));

        self::assertSame([$old, $new], $ids([]));
        self::assertSame([$new], $ids(['createdFrom' => '2026-11-23T08:00:00Z']));
        self::assertSame([$old], $ids(['createdTo' => '2026-11-23T11:00:00+03:00']), 'up to, not including');
        self::assertSame([$new], $ids(['updatedSince' => '2026-11-02T00:00:00Z']));
        self::assertSame([], $ids(['createdTo' => '2026-11-01T09:00:00Z']));
    }

    public function testMissingAndBrokenOrdersDoNotHoldAList(): void
    {
        [$broken, $good] = [Orders::place()->getId(), Orders::place()->getId()];
        Order::$broken = [$broken];
        $data = $this->command('orders.get', ['ids' => [(string) $broken, '999999', (string) $good]])['data'];

        self::assertSame([(string) $good], array_column($data['orders'], 'id'));
        self::assertSame([(string) $broken], array_column($data['unreadable'], 'id'));
    }

    public function testTheDigestCountsWhatAnOrderHasWithoutLoadingIt(): void
    {
        $set = Orders::line(5, ['SET_PARENT_ID' => 5]);
        $part = Orders::line(6, ['SET_PARENT_ID' => 5, 'STUB_BUNDLE_CHILD' => true]);
        $id = Orders::place([], ['basket' => [$set, $part]])->getId();
        Orders::place();
        $this->endHit();
        $loads = Order::$loads;
        $data = $this->command('orders.digest', ['by' => 'created', 'limit' => 1])['data'];
        $stamp = ['epoch' => $data['rows'][0]['epoch'], 'rev' => $data['rows'][0]['rev']];

        self::assertSame([$stamp + [
            'id' => (string) $id,
            'updatedAt' => '2026-11-23T08:00:00Z',
            'status' => 'N',
            'cancelled' => false,
            'paid' => false,
            'total' => '15990.00',
            'linesTotal' => 1,
        ]], $data['rows']);
        self::assertSame((string) $id, $data['next']);
        self::assertSame($loads, Order::$loads);
        $read = $this->command('orders.get', ['ids' => [(string) $id]])['data']['orders'][0];
        self::assertSame($read['linesTotal'], $data['rows'][0]['linesTotal'], 'both count alike');
    }

    public function testTheProfileShowsWhatTheShopHas(): void
    {
        $profile = $this->command('profile.get')['data'];

        self::assertSame('Кофе и приборы', $profile['name']);
        self::assertSame(
            [['id' => 's1', 'name' => 'Кофе и приборы', 'url' => 'https://shop.example', 'timeZone' => 'Europe/Moscow']],
            $profile['sites']
        );
        self::assertSame(['N', 'P', 'F'], array_column($profile['statuses'], 'id'));
        self::assertSame(['id' => 'F', 'name' => 'Выполнен', 'final' => true, 'notify' => true], $profile['statuses'][2]);
        self::assertSame(['1' => 'payer', '3' => 'phone', '10' => 'inn', '20' => null], array_intersect_key(
            array_column($profile['properties'], 'role', 'id'),
            ['1' => 1, '3' => 1, '10' => 1, '20' => 1]
        ));
        self::assertNull(array_column($profile['properties'], 'code', 'id')['20']);
        self::assertSame([['RUB'], ['statuses'], false], [$profile['currencies'], $profile['commands'], $profile['users']]);
        self::assertSame([['id' => '1', 'code' => 'BASE', 'name' => 'BASE']], $profile['priceTypes']);
        self::assertSame(['module', 'kernel', 'sale', 'php'], array_keys($profile['versions']));
    }

    public function testResultsOfReadingAreNotKeptInTheDatabase(): void
    {
        Orders::place();
        $this->command('orders.list', [], 'cmd_R');
        $before = $this->command('orders.list', [], 'cmd_R')['data']['orders'];

        self::assertCount(1, $before);
        self::assertSame('', (string) CommandTable::getRow(['filter' => ['=ID' => 'cmd_R']])['RESULT']);
    }

    public function testEveryCommandRunsWithoutAUser(): void
    {
        $GLOBALS['USER'] = null;
        \Bitrix\Main\HttpRequest::$input = '';
        \Amobridge\Shop\Exchange\EndpointPage::respond();
        \Bitrix\Main\HttpRequest::$input = null;

        self::assertIsObject($GLOBALS['USER']);
        self::assertSame('405 Method Not Allowed', Application::getInstance()->getContext()->getResponse()->status);
    }

    /** @return array<string, mixed> */
    private function setStatus(
        int $orderId,
        string $status,
        string $ifStatus,
        int $seq = 1,
        array $rest = [],
        ?string $id = null
    ): array {
        return $this->command('order.set_status', $rest + [
            'orderId' => (string) $orderId,
            'status' => $status,
            'ifStatus' => $ifStatus,
            'notifyCustomer' => false,
            'seq' => $seq,
        ], $id);
    }
}
