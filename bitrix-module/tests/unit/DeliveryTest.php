<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Table\OutboxTable;
use Amobridge\Shop\Table\StateTable;
use Bitrix\Sale\Order;

/** From a dirty row to an accepted event, on the module's own calls. */
final class DeliveryTest extends ShopCase
{
    public function testTheOrderLeavesRightAfterTheResponse(): void
    {
        $order = Orders::place();
        self::assertSame([], $this->service->calls);

        $this->endHit();

        $call = $this->service->calls[0];
        self::assertSame('https://bridge.example/bridge/v1/exchange', $call['url']);
        self::assertSame('shop-1', $call['headers']['amobridge-connection']);
        self::assertSame(1, $call['body']['protocol']);
        self::assertSame('shop.example', $call['body']['host']);
        self::assertSame('order.saved', $call['body']['events'][0]['type']);
        self::assertSame((string) $order->getId(), $call['body']['events'][0]['data']['id']);
        self::assertSame(0, $this->module->outbox->waitingCount());
    }

    public function testABurstOfSavesIsOneEvent(): void
    {
        $order = Orders::place();
        foreach (['P', 'N', 'F'] as $status) {
            $order->setField('STATUS_ID', $status);
            $order->save();
        }
        $this->endHit();

        self::assertCount(1, $this->service->events());
        self::assertSame('F', $this->service->events()[0]['data']['status']);
        self::assertSame(0, OutboxTable::getCount());
    }

    public function testARowStaysUntilItsIdIsAccepted(): void
    {
        $this->service->beSilent();
        Orders::place();
        $this->endHit();
        self::assertSame(1, $this->module->outbox->waitingCount());

        $this->service->answer(static fn (): array => ['body' => ['accepted' => ['01ANOTHER']]]);
        $this->moveClock(60);
        \CAgent::CheckAgents();
        self::assertSame(1, $this->module->outbox->waitingCount());

        $this->service->acceptEverything();
        \CAgent::CheckAgents();
        self::assertSame(0, $this->module->outbox->waitingCount());
        $ids = array_unique(array_column($this->service->events(), 'id'));
        self::assertCount(1, $ids, 'the same rows go under the same id');
    }

    /** @dataProvider answersThatDoNotCount */
    public function testAnAnswerThatDoesNotCountChangesNothing(array $reply): void
    {
        $this->service->answer(static fn (array $body): array => $reply
            + ['body' => ['accepted' => array_column($body['events'], 'id')]]);
        Orders::place();
        $this->endHit();

        self::assertNotSame([], $this->service->calls);
        self::assertSame(1, $this->module->outbox->waitingCount());
    }

    public static function answersThatDoNotCount(): array
    {
        $cases = [];
        foreach (['unsigned', 'secret', 'id', 'html'] as $flaw) {
            $cases[$flaw] = [['flaw' => $flaw]];
        }
        foreach ([401, 409, 413, 429, 500, 503] as $status) {
            $cases["status {$status}"] = [['status' => $status]];
        }

        return $cases;
    }

    public function testAChangeAfterASendingMakesANewEvent(): void
    {
        $this->service->beSilent();
        $order = Orders::place();
        $this->endHit();
        $first = $this->service->calls[0]['body']['events'][0];

        $order->setField('STATUS_ID', 'P');
        $order->save();
        $this->module->outbox->accept([$first['id']]);
        self::assertSame(1, $this->module->outbox->waitingCount(), 'the change is not swallowed by the older acceptance');
        $this->service->acceptEverything();
        $this->moveClock(60);
        \CAgent::CheckAgents();

        $second = $this->service->events()[1];
        self::assertNotSame($first['id'], $second['id']);
        self::assertGreaterThan((int) $first['rev'], (int) $second['rev']);
        self::assertSame('P', $second['data']['status']);
    }

    public function testAChangeBesideAnUnacceptedSendingGoesUnderANewIdForAllItsRows(): void
    {
        $this->service->beSilent();
        $order = Orders::place();
        $this->endHit();
        $order->setField('STATUS_ID', 'P');
        $order->save();
        $this->moveClock(60);
        \CAgent::CheckAgents();

        [$first, $second] = array_column($this->service->events(), 'id');
        self::assertNotSame($first, $second, 'the service may have taken the first already');
        $this->module->outbox->accept([$second]);
        self::assertSame(0, $this->module->outbox->waitingCount());
    }

    public function testARowThatAppearsLateIsNotTakenForSent(): void
    {
        $this->service->beSilent();
        $order = Orders::place();
        $this->endHit();
        $sent = $this->service->calls[0]['body']['events'][0]['id'];
        // another hit's row with a smaller id, committed after ours was read
        OutboxTable::add(['ID' => 0, 'KIND' => 'order.saved', 'ENTITY_ID' => (string) $order->getId(), 'AT' => self::NOW]);

        $this->module->outbox->accept([$sent]);

        self::assertSame(1, $this->module->outbox->waitingCount());
    }

    public function testARejectedRowIsKeptAndNotSentAgain(): void
    {
        $this->service->answer(static fn (array $body): array => ['body' => ['rejected' => array_map(
            static fn (array $event): array => ['id' => $event['id'], 'code' => 'site_unknown', 'message' => 'Нет такого сайта'],
            $body['events']
        )]]);
        Orders::place();
        $this->endHit();
        $this->moveClock(60);
        \CAgent::CheckAgents();

        self::assertCount(1, $this->service->events());
        self::assertSame(0, $this->module->outbox->waitingCount());
        $row = OutboxTable::getRow([]);
        self::assertSame(['site_unknown', 'Нет такого сайта'], [$row['REJECTED'], $row['REJECTED_TEXT']]);
    }

    public function testRetryAfterIsObeyedByJobsAndAgentAlike(): void
    {
        $this->service->answer(static fn (): array => ['status' => 503, 'headers' => ['retry-after' => '120']]);
        Orders::place();
        $this->endHit();
        $this->moveClock(60);
        \CAgent::CheckAgents();
        Orders::place();
        $this->endHit();
        self::assertCount(1, $this->service->calls);

        $this->service->acceptEverything();
        $this->moveClock(61);
        \CAgent::CheckAgents();
        self::assertSame(0, $this->module->outbox->waitingCount());
    }

    public function testNoWaitIsLongerThanAnHour(): void
    {
        $this->service->answer(static fn (): array => ['status' => 503, 'headers' => ['retry-after' => '999999']]);
        Orders::place();
        $this->endHit();
        $this->service->acceptEverything();
        $this->moveClock(3601);
        \CAgent::CheckAgents();

        self::assertSame(0, $this->module->outbox->waitingCount());
        self::assertSame('', StateTable::read('last_refusal'), 'what was mended is not shown as an error');
    }

    public function testHitsLeaveASilentServiceToTheAgent(): void
    {
        $this->service->beSilent();
        Orders::place();
        $this->endHit();
        Orders::place();
        $this->endHit();

        self::assertCount(1, $this->service->calls, 'the second buyer does not wait for the same silence');
    }

    public function testAWrongClockIsLearntAndBelievedForADay(): void
    {
        $ahead = self::NOW + 7 * 60;
        $this->service->answer(static fn (): array => [
            'status' => 401,
            'body' => ['error' => ['code' => 'clock', 'time' => gmdate('Y-m-d\TH:i:s\Z', $ahead)]],
        ]);
        Orders::place();
        $this->endHit();
        self::assertSame([(string) self::NOW, (string) $ahead], $this->timestamps());
        self::assertSame(7 * 60, $this->module->exchange->clockOffset());

        $this->service->acceptEverything();
        $this->moveClock(86399);
        \CAgent::CheckAgents();
        self::assertSame((string) ($ahead + 86399), $this->timestamps()[2]);
        $this->moveClock(1);
        self::assertSame(0, $this->module->exchange->clockOffset());
    }

    public function testAnUnreadableOrderDoesNotHoldTheOthers(): void
    {
        $broken = Orders::place()->getId();
        $good = Orders::place()->getId();
        Order::$broken = [$broken];
        $this->endHit();

        $types = array_column($this->service->events(), 'type');
        self::assertSame(['order.unreadable', 'order.saved'], $types);
        self::assertSame((string) $broken, $this->service->events()[0]['data']['id']);
        self::assertSame((string) $good, $this->service->events()[1]['data']['id']);
        self::assertSame(0, $this->module->outbox->waitingCount());
    }

    public function testADeletedOrderIsToldApartFromAnArchivedAndAMissingOne(): void
    {
        [$deleted, $archived, $missing] = [Orders::place()->getId(), Orders::place()->getId(), Orders::place()->getId()];
        Order::delete($deleted);
        Order::archive($archived);
        \Bitrix\Sale\Internals\OrderTable::delete($missing);
        $this->endHit();

        $byId = array_column($this->service->events(), null, 'type');
        self::assertSame(['id' => (string) $deleted, 'site' => 's1'], $byId['order.deleted']['data']);
        self::assertSame(['id' => (string) $archived, 'site' => 's1'], $byId['order.archived']['data']);
        self::assertSame((string) $missing, $byId['order.unreadable']['data']['id']);
    }

    public function testAtMostAHundredEventsGoAtOnce(): void
    {
        $seen = [];
        for ($count = 0; $count < 101; $count++) {
            Orders::place([], ['basket' => []]);
        }
        $this->endHit();
        foreach ($this->service->calls as $call) {
            $seen[] = count($call['body']['events']);
        }

        self::assertSame([100, 1], $seen);
    }

    public function testAMessageStaysUnder900Kilobytes(): void
    {
        $lines = array_map(static fn (int $id): array => Orders::line($id, ['NAME' => str_repeat('Ж', 300)]), range(1, 400));
        for ($count = 0; $count < 4; $count++) {
            Orders::place([], ['basket' => $lines]);
        }
        $this->endHit();

        self::assertCount(4, $this->service->events());
        foreach ($this->service->calls as $call) {
            self::assertLessThanOrEqual(900 * 1024, $call['bytes']);
        }
    }

    public function testAnOrderTooBigForAnyMessageIsNamedAndPassed(): void
    {
        $lines = array_map(static fn (int $id): array => Orders::line($id, ['NAME' => str_repeat('Ж', 2000)]), range(1, 500));
        Orders::place([], ['basket' => $lines]);
        Orders::place();
        $this->endHit();

        self::assertSame(['order.unreadable', 'order.saved'], array_column($this->service->events(), 'type'));
    }

    public function testCommandsRideBackAndTheirResultsGoWithTheNextCall(): void
    {
        $order = Orders::place();
        $command = ['id' => 'cmd_A', 'type' => 'order.set_status', 'data' => [
            'orderId' => (string) $order->getId(), 'status' => 'P', 'ifStatus' => 'N', 'notifyCustomer' => false, 'seq' => 1,
        ]];
        $this->service->answer(static fn (array $body): array => ['body' => [
            'accepted' => array_column($body['events'], 'id'),
            'commands' => $body['results'] === [] ? [$command] : [],
        ]]);
        $this->endHit();

        self::assertSame('cmd_A', $this->service->results()[0]['id']);
        self::assertTrue($this->service->results()[0]['ok']);
        self::assertSame('P', Order::load($order->getId())->getField('STATUS_ID'));
        self::assertFalse($this->module->commands->hasWaitingResults());
        self::assertSame('cmd_A', $this->service->events()[1]['origin'], 'our own change is marked');
    }

    public function testAResultIsSentUntilItArrives(): void
    {
        $this->service->answer(static fn (): array => ['body' => ['commands' => [['id' => 'cmd_P', 'type' => 'ping', 'data' => []]]]]);
        \CAgent::CheckAgents();
        $this->service->beSilent();
        \CAgent::CheckAgents();
        $this->service->acceptEverything();
        \CAgent::CheckAgents();
        \CAgent::CheckAgents();

        self::assertSame([], end($this->service->calls)['body']['results']);
        self::assertContains('cmd_P', array_column($this->service->results(), 'id'));
        self::assertFalse($this->module->commands->hasWaitingResults());
    }

    public function testTheAgentKeepsItsName(): void
    {
        $this->service->beSilent();
        \CAgent::CheckAgents();
        \CAgent::CheckAgents();

        self::assertSame('\\Amobridge\\Shop\\Agent::run();', \StubAgentTable::getRow([])['NAME']);
        self::assertSame((string) self::NOW, StateTable::read('last_agent'));
    }

    /** @return string[] */
    private function timestamps(): array
    {
        return array_map(static fn (array $call): string => $call['headers']['webhook-timestamp'], $this->service->calls);
    }
}
