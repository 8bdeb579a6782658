<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Table\RequestTable;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;

/** exchange.php, as the service meets it. */
final class EndpointTest extends ShopCase
{
    public function testPingIsAnsweredWithASignatureForThisRequest(): void
    {
        $answer = $this->call([['id' => 'cmd_1', 'type' => 'ping', 'data' => []]]);

        self::assertSame([200, true], [$answer['status'], $answer['signed']]);
        self::assertSame([[
            'id' => 'cmd_1',
            'ok' => true,
            'changed' => false,
            'data' => ['time' => '2026-11-23T08:00:00Z', 'pending' => 0],
        ]], $answer['json']['results']);
        self::assertSame($this->module->installation->id(), $answer['json']['installation']);
        self::assertSame('shop.example', $answer['json']['host']);
        self::assertSame([], $answer['json']['events']);
    }

    public function testAnUnknownConnectionAndAWrongSignatureLookTheSame(): void
    {
        $answers = [
            $this->call([], [], ['signature' => 'v1,AAAA']),
            $this->call([], [], ['secret' => 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=']),
            $this->call([], [], ['connection' => 'shop-2']),
            $this->call([], [], ['signature' => '']),
        ];
        $this->module->settings->unpair();
        $answers[] = $this->call();

        foreach ($answers as $answer) {
            self::assertSame([401, false, $answers[0]['text']], [$answer['status'], $answer['signed'], $answer['text']]);
        }
        self::assertSame(0, RequestTable::getCount(), 'strangers leave nothing behind');
    }

    public function testOurOwnConnectionMayBeNamed(): void
    {
        self::assertSame(200, $this->call([], [], ['connection' => 'shop-1'])['status']);
    }

    public function testOneOfSeveralSignaturesIsEnough(): void
    {
        $body = '{"protocol":1}';
        $other = 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=';
        $both = \Amobridge\Shop\Exchange\Signature::make([$other, Service::SECRET], 'msg_r', (string) self::NOW, $body);

        self::assertSame(200, $this->call([], [], ['body' => $body, 'id' => 'msg_r', 'signature' => $both])['status']);
    }

    public function testAClockTooFarOffIsToldTheTime(): void
    {
        foreach ([-301, 301] as $seconds) {
            $answer = $this->call([], [], ['timestamp' => self::NOW + $seconds]);
            self::assertSame([401, true], [$answer['status'], $answer['signed']]);
            self::assertSame(['error' => ['code' => 'clock', 'time' => '2026-11-23T08:00:00Z']], $answer['json']);
        }
        foreach ([-300, 300] as $seconds) {
            self::assertSame(200, $this->call([], [], ['timestamp' => self::NOW + $seconds])['status']);
        }
    }

    public function testARepeatedRequestChangesNothing(): void
    {
        Orders::place();
        $event = $this->call([], [], ['id' => 'msg_x'])['json']['events'][0];
        $repeat = $this->call([], [$event['id']], ['id' => 'msg_x']);

        self::assertSame([409, true, 'replay'], [$repeat['status'], $repeat['signed'], $repeat['json']['error']['code']]);
        self::assertSame(1, $this->module->outbox->waitingCount());
        self::assertSame(200, $this->call([], [], ['id' => 'MSG_X'])['status'], 'ids are compared to the letter');
    }

    public function testAnIdIsForgottenAfterTenMinutes(): void
    {
        $this->call([], [], ['id' => 'msg_x']);
        $this->moveClock(600);
        self::assertSame(409, $this->call([], [], ['id' => 'msg_x'])['status']);
        $this->moveClock(601);
        $this->call();
        self::assertSame(1, RequestTable::getCount());
    }

    /** @dataProvider malformed */
    public function testWhatIsNotAMessageIsRefused(string $body): void
    {
        Orders::place();
        $answer = $this->call([], [], ['body' => $body]);

        self::assertSame([400, true], [$answer['status'], $answer['signed']]);
        self::assertSame(1, $this->module->outbox->waitingCount());
    }

    public static function malformed(): array
    {
        return [
            [''], ['[]'], ['null'], ['{"protocol":2}'], ['{"protocol":"1"}'], ['{"protocol":1,"commands":{"a":1}}'],
            ['{"protocol":1,"commands":[{"id":"a"}]}'], ['{"protocol":1,"commands":[{"id":"","type":"ping"}]}'],
            ['{"protocol":1,"commands":[{"id":"a","type":"ping","data":"x"}]}'], ['{"protocol":1,"accepted":"x"}'],
            ['{"protocol":1,"rejected":"x"}'],
        ];
    }

    public function testOtherMethodsAndBigBodiesAreTurnedAway(): void
    {
        self::assertSame(405, $this->call([], [], ['method' => 'GET'])['status']);
        self::assertSame(413, $this->call([], [], ['body' => '{"protocol":1,"x":"' . str_repeat('a', 1024 * 1024) . '"}'])['status']);
    }

    public function testEventsArePulledAndAcceptedWithTheNextCall(): void
    {
        $order = Orders::place();
        $first = $this->call()['json']['events'];
        $again = $this->call()['json']['events'];

        self::assertSame((string) $order->getId(), $first[0]['data']['id']);
        self::assertSame($first[0]['id'], $again[0]['id'], 'kept until accepted');
        self::assertGreaterThan((int) $first[0]['rev'], (int) $again[0]['rev']);
        self::assertSame([], $this->call([], [$again[0]['id']])['json']['events']);
        self::assertSame(0, $this->module->outbox->waitingCount());
    }

    public function testARejectionOfAPulledEventIsKeptForTheAdministrator(): void
    {
        Orders::place();
        $id = $this->call()['json']['events'][0]['id'];
        $rejected = [['id' => $id, 'code' => 'malformed', 'message' => 'data.total'], 'rubbish', ['id' => 5]];
        $body = json_encode(['protocol' => 1, 'rejected' => $rejected]);

        self::assertSame([], $this->call([], [], ['body' => $body])['json']['events']);
        self::assertSame([0, 1], [$this->module->outbox->waitingCount(), $this->module->outbox->rejectedCount()]);
    }

    public function testResultsAndEventsTogetherStayUnder900Kilobytes(): void
    {
        $lines = array_map(static fn (int $id): array => Orders::line($id, ['NAME' => str_repeat('Ж', 300)]), range(1, 400));
        for ($count = 0; $count < 5; $count++) {
            Orders::place([], ['basket' => $lines]);
        }
        $answer = $this->call([['id' => 'cmd_l', 'type' => 'orders.list', 'data' => (object) []]]);

        self::assertLessThanOrEqual(900 * 1024, strlen($answer['text']));
        self::assertNotSame([], $answer['json']['results'][0]['data']['orders']);
        self::assertNotNull($answer['json']['results'][0]['data']['next']);
    }

    public function testADatabaseThatIsAwayIsNotAnAnswer(): void
    {
        Application::getConnection()->failure = 'MySQL server has gone away';
        $answer = $this->call();
        Application::getConnection()->failure = null;

        self::assertSame([503, false], [$answer['status'], $answer['signed']]);
        self::assertStringNotContainsString('MySQL', $answer['text']);
    }

    public function testACloneNeitherObeysNorTells(): void
    {
        Orders::place();
        Option::set('main', 'server_name', 'dev.shop.example');
        $this->endHit();
        $answer = $this->call([['id' => 'cmd_1', 'type' => 'ping', 'data' => []]], ['x']);
        $result = $answer['json']['results'][0];

        self::assertSame([], $this->service->calls, 'a clone sends nothing');
        self::assertSame([], $answer['json']['events']);
        self::assertSame(['installation_changed', false], [$result['error']['code'], $result['error']['retry']]);

        Option::set('main', 'server_name', 'shop.example');
        self::assertTrue($this->call([['id' => 'cmd_1', 'type' => 'ping', 'data' => []]])['json']['results'][0]['ok']);
    }

    public function testACloneThatAnswersUnderAnotherNameIsNoticed(): void
    {
        $ping = [['id' => 'cmd_1', 'type' => 'ping', 'data' => []]];
        $result = $this->call($ping, [], ['host' => 'dev.shop.example'])['json']['results'][0];
        self::assertSame('installation_changed', $result['error']['code']);
        foreach (['shop.example', 'WWW.Shop.Example:443'] as $host) {
            self::assertTrue($this->call($ping, [], ['host' => $host])['json']['results'][0]['ok'], $host);
        }
    }
}
