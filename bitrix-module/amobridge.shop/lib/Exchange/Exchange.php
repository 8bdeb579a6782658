<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Command\Runner;
use Amobridge\Shop\Format\Ulid;
use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Module;
use Amobridge\Shop\Table\StateTable;

/** One call of the service: events and results go, commands come back. */
final class Exchange
{
    private const OFFSET_KEPT_SECONDS = 86400;
    private const ANSWER_SECONDS = 20;
    /** Whatever a proxy or a wrong clock says, orders are tried again within the hour. */
    private const LONGEST_WAIT_SECONDS = 3600;

    public function __construct(private Module $module, private Transport $transport)
    {
    }

    /**
     * Nothing changes on our side unless the answer is a signed 200.
     *
     * @return bool whether it moved something, so that another call makes sense
     * @throws NoAnswer
     */
    public function once(int $seconds = self::ANSWER_SECONDS): bool
    {
        $results = $this->module->commands->waitingResults(EventPacker::MAX_BYTES / 2);
        $body = $this->body($results);
        $answer = $this->send($body, $seconds);
        if ($answer->status === 401 && $this->learnClock($answer)) {
            $answer = $this->send($body, $seconds);
        }
        if ($answer->status !== 200) {
            $this->obey($answer);

            return false;
        }

        return $this->apply($answer->json(), array_keys($results));
    }

    /** Seconds by which the service's clock is ahead of ours; learnt from its refusal and believed for a day. */
    public function clockOffset(): int
    {
        [$offset, $learntAt] = array_pad(explode(' ', StateTable::read('clock_offset') ?? '0 0'), 2, '0');
        $age = $this->module->clock->now() - (int) $learntAt;

        return $age < self::OFFSET_KEPT_SECONDS ? (int) $offset : 0;
    }

    /** Until when the service asked us to wait. */
    public function waitsUntil(): int
    {
        return (int) StateTable::read('wait_until');
    }

    /** @param array<string, string> $results JSON texts by command id */
    private function body(array $results): string
    {
        $head = Wire::json([
            'protocol' => 1,
            'installation' => $this->module->installation->id(),
            'host' => $this->module->settings->host(),
        ]);
        $resultsText = implode(',', $results);
        $budget = EventPacker::MAX_BYTES - strlen($resultsText) - strlen($head);
        $events = $this->module->packer->pack($budget, $this->module->clock->now() + EventPacker::WORK_SECONDS);

        return substr($head, 0, -1) . ',"events":[' . implode(',', $events) . '],"results":[' . $resultsText . ']}';
    }

    private function send(string $body, int $seconds): HttpAnswer
    {
        $settings = $this->module->settings;
        $id = 'msg_' . Ulid::make($this->module->clock->milliseconds(), random_bytes(16));
        $timestamp = (string) ($this->module->clock->now() + $this->clockOffset());
        $secrets = [$settings->secret()];
        $answer = $this->transport->post("{$settings->serviceUrl()}/bridge/v1/exchange", $body, [
            'amobridge-connection' => $settings->connection(),
            'webhook-id' => $id,
            'webhook-timestamp' => $timestamp,
            'webhook-signature' => Signature::make($secrets, $id, $timestamp, $body),
        ], $seconds);
        $stamp = $answer->header('webhook-timestamp');
        if ($answer->header('webhook-id') !== $id) {
            throw new NoAnswer("status {$answer->status}, not an answer to this request");
        }
        if (!Signature::fits($secrets, $id, $stamp, $answer->body, $answer->header('webhook-signature'))) {
            throw new NoAnswer("status {$answer->status}, the answer is not signed");
        }

        return $answer;
    }

    private function learnClock(HttpAnswer $answer): bool
    {
        $error = $answer->json()['error'] ?? [];
        $time = ($error['code'] ?? '') === 'clock' ? strtotime((string) ($error['time'] ?? '')) : false;
        if ($time === false) {
            return false;
        }
        $now = $this->module->clock->now();
        StateTable::write('clock_offset', ($time - $now) . ' ' . $now);

        return true;
    }

    /** A signed status other than 200 changes nothing but the time of the next call. */
    private function obey(HttpAnswer $answer): void
    {
        $code = (string) ($answer->json()['error']['code'] ?? 'unknown');
        StateTable::write('last_refusal', "{$answer->status} {$code}");
        $seconds = $answer->header('retry-after');
        if (ctype_digit($seconds)) {
            $wait = min((int) $seconds, self::LONGEST_WAIT_SECONDS);
            StateTable::write('wait_until', (string) ($this->module->clock->now() + $wait));
        }
    }

    /**
     * @param array<string, mixed> $answer
     * @param string[] $sentResults
     */
    private function apply(array $answer, array $sentResults): bool
    {
        $accepted = array_filter((array) ($answer['accepted'] ?? []), 'is_string');
        $this->module->outbox->accept($accepted);
        $rejected = (array) ($answer['rejected'] ?? []);
        $this->module->outbox->reject($rejected);
        $this->module->commands->delivered($sentResults);
        StateTable::write('last_exchange', (string) $this->module->clock->now());
        StateTable::write('last_refusal', '');
        $commands = array_slice((array) ($answer['commands'] ?? []), 0, Runner::MAX_COMMANDS);
        foreach ($commands as $command) {
            $this->module->commands->runForLater($command);
        }

        return $accepted !== [] || $rejected !== [] || $sentResults !== [] || $commands !== [];
    }
}
