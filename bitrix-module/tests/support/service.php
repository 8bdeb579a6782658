<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Exchange\HttpAnswer;
use Amobridge\Shop\Exchange\NoAnswer;
use Amobridge\Shop\Exchange\Signature;
use Amobridge\Shop\Exchange\Transport;

/** The service's side of the wire, in memory: takes signed calls and answers as a test says. */
final class Service implements Transport
{
    public const SECRET = 'whsec_YW1vYnJpZGdlLXRlc3QtdmVjdG9yLXNlY3JldC0zMmI=';

    /** @var array<int, array{url: string, body: array<string, mixed>, bytes: int, headers: array<string, string>}> */
    public array $calls = [];
    /** @var callable(array<string, mixed>): array<string, mixed> gives status, body, headers, flaw */
    private $reply;

    public function __construct()
    {
        $this->acceptEverything();
    }

    public function acceptEverything(): void
    {
        $this->answer(static fn (array $body): array => ['body' => ['accepted' => array_column($body['events'] ?? [], 'id')]]);
    }

    /** @param callable(array<string, mixed>): array<string, mixed> $reply */
    public function answer(callable $reply): void
    {
        $this->reply = $reply;
    }

    public function beSilent(): void
    {
        $this->answer(static fn () => throw new NoAnswer('connection refused'));
    }

    public function post(string $url, string $body, array $headers, int $seconds): HttpAnswer
    {
        $json = json_decode($body, true, 512, JSON_THROW_ON_ERROR);
        $this->calls[] = ['url' => $url, 'body' => $json, 'bytes' => strlen($body), 'headers' => $headers];
        $reply = ($this->reply)($json) + ['status' => 200, 'body' => [], 'headers' => [], 'flaw' => ''];
        $text = $reply['flaw'] === 'html' ? '<html></html>' : json_encode($reply['body']);
        $id = $reply['flaw'] === 'id' ? 'msg_other' : ($headers['webhook-id'] ?? '');
        $timestamp = $headers['webhook-timestamp'] ?? '0';
        $secret = $reply['flaw'] === 'secret' ? 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=' : self::SECRET;
        $signed = $reply['flaw'] === 'unsigned' ? [] : [
            'webhook-id' => $id,
            'webhook-timestamp' => $timestamp,
            'webhook-signature' => Signature::make([$secret], $id, $timestamp, $text),
        ];

        return new HttpAnswer($reply['status'], $text, $reply['headers'] + $signed);
    }

    /** @return array<int, array<string, mixed>> all events that came */
    public function events(): array
    {
        return array_merge(...array_map(static fn (array $call): array => $call['body']['events'] ?? [], $this->calls));
    }

    /** @return array<int, array<string, mixed>> */
    public function results(): array
    {
        return array_merge(...array_map(static fn (array $call): array => $call['body']['results'] ?? [], $this->calls));
    }
}
