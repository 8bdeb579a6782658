<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Exchange\HttpTransport;
use Amobridge\Shop\Exchange\NoAnswer;
use Amobridge\Shop\Exchange\Signature;
use Amobridge\Shop\Settings;
use PHPUnit\Framework\TestCase;

/** The installed exchange.php in a process of its own, through the kernel's loader and a real socket. */
final class ServeTest extends TestCase
{
    /** @var resource */
    private $server;
    private string $folder;
    private string $url;

    protected function setUp(): void
    {
        $this->folder = sys_get_temp_dir() . '/amobridge-serve-' . getmypid();
        mkdir("{$this->folder}/www", 0777, true);
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($socket, false);
        fclose($socket);
        $this->url = "http://{$address}";
        $this->server = proc_open(
            [PHP_BINARY, '-S', $address, dirname(__DIR__) . '/serve.php'],
            [['file', '/dev/null', 'r'], ['file', "{$this->folder}/log", 'w'], ['file', "{$this->folder}/log", 'a']],
            $pipes,
            null,
            ['AMOBRIDGE_STUB_ROOT' => "{$this->folder}/www", 'AMOBRIDGE_STUB_DSN' => "sqlite:{$this->folder}/shop.sqlite"]
        );
        for ($tries = 0; @fsockopen('tcp://127.0.0.1', (int) parse_url($this->url, PHP_URL_PORT)) === false; $tries++) {
            self::assertLessThan(500, $tries, 'the server did not start');
            usleep(10000);
        }
        $this->control('reset');
        $this->control('connect', ['serviceUrl' => 'http://127.0.0.1:1', 'connection' => 'shop-1', 'secret' => Service::SECRET]);
    }

    protected function tearDown(): void
    {
        proc_terminate($this->server);
        proc_close($this->server);
        exec('rm -rf ' . escapeshellarg($this->folder));
    }

    public function testAnOrderIsPlacedPulledAndAccepted(): void
    {
        $order = $this->control('create-order');
        self::assertSame(1, $this->control('state')['waiting'], 'the service at port 1 was not there');

        $pulled = $this->call('msg_1', []);
        self::assertSame($order['id'], $pulled['events'][0]['data']['id']);
        self::assertSame([], $this->call('msg_2', [$pulled['events'][0]['id']])['events']);
        self::assertSame(0, $this->control('state')['waiting']);
    }

    public function testAScriptThatDiesLeavesItsRowToTheAgent(): void
    {
        $this->control('create-order', ['job' => false]);
        $waiting = $this->control('outbox')['rows'][0];
        self::assertNull($waiting['EVENT_ID'], 'nobody tried to send it');

        $this->control('agent');
        self::assertNotNull($this->control('outbox')['rows'][0]['EVENT_ID']);
    }

    public function testAStrangerGetsNoSignature(): void
    {
        $answer = $this->post('/bitrix/tools/amobridge.shop/exchange.php', '{}', []);

        self::assertSame([401, ''], [$answer->status, $answer->header('webhook-signature')]);
    }

    public function testAServiceThatIsNotThereIsNoAnswer(): void
    {
        $this->expectException(NoAnswer::class);
        (new HttpTransport(new Settings()))->post('http://127.0.0.1:1', '{}', [], 1);
    }

    /** @return array<string, mixed> the answer, whose signature has been checked */
    private function call(string $id, array $accepted): array
    {
        $body = json_encode(['protocol' => 1, 'commands' => [], 'accepted' => $accepted]);
        $timestamp = (string) time();
        $answer = $this->post('/bitrix/tools/amobridge.shop/exchange.php', $body, [
            'webhook-id' => $id,
            'webhook-timestamp' => $timestamp,
            'webhook-signature' => Signature::make([Service::SECRET], $id, $timestamp, $body),
        ]);
        self::assertSame([200, $id], [$answer->status, $answer->header('webhook-id')], $answer->body);
        self::assertTrue(Signature::fits(
            [Service::SECRET],
            $id,
            $answer->header('webhook-timestamp'),
            $answer->body,
            $answer->header('webhook-signature')
        ));

        return $answer->json();
    }

    private function control(string $verb, array $input = []): array
    {
        $answer = $this->post("/_control/{$verb}", json_encode((object) $input), []);
        self::assertSame(200, $answer->status, $answer->body);

        return $answer->json();
    }

    private function post(string $path, string $body, array $headers): \Amobridge\Shop\Exchange\HttpAnswer
    {
        return (new HttpTransport(new Settings()))->post($this->url . $path, $body, $headers, 10);
    }
}
