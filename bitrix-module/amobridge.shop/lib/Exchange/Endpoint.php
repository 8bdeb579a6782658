<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Command\Runner;
use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Journal;
use Amobridge\Shop\Module;
use Amobridge\Shop\Table\RequestTable;
use Amobridge\Shop\Table\StateTable;
use Amobridge\Shop\Table\Upsert;
use Bitrix\Main\Application;
use Bitrix\Main\DB\DuplicateEntryException;

/** exchange.php: verifies the service's call, carries out its commands, hands over the events that wait. */
final class Endpoint
{
    private const TOLERANCE_SECONDS = 300;
    private const REPLAY_SECONDS = 600;
    private const MAX_BYTES = 1024 * 1024;

    public function __construct(private Module $module)
    {
    }

    public function answer(Incoming $call): Answer
    {
        if ($call->method !== 'POST') {
            return Answer::unsigned(405, 'method', 'POST only');
        }
        if (strlen($call->body) > self::MAX_BYTES) {
            return Answer::unsigned(413, 'too_large', 'The body is over 1 MiB');
        }
        try {
            return $this->isFromService($call)
                ? $this->answerService($call)
                : Answer::unsigned(401, 'signature', 'Unauthorized');
        } catch (\Throwable $failure) {
            Journal::error('A call of the service could not be answered', $failure);

            return Answer::unsigned(503, 'failed', 'Internal error');
        }
    }

    /** @return array<string, string> headers that bind the answer to its request */
    public function sign(Answer $answer, Incoming $call): array
    {
        if (!$answer->isSigned) {
            return [];
        }
        $timestamp = (string) $this->module->clock->now();
        $secrets = [$this->module->settings->secret()];

        return [
            'webhook-id' => $call->id,
            'webhook-timestamp' => $timestamp,
            'webhook-signature' => Signature::make($secrets, $call->id, $timestamp, $answer->body),
        ];
    }

    /** An unknown connection and a wrong signature look the same from outside. */
    private function isFromService(Incoming $call): bool
    {
        $settings = $this->module->settings;
        $secret = $settings->isPaired() ? $settings->secret() : '';

        return Signature::isSecret($secret)
            && ($call->connection === '' || $call->connection === $settings->connection())
            && preg_match('/^[\x21-\x7e]{1,256}$/', $call->id) === 1
            && preg_match('/^\d{1,12}$/', $call->timestamp) === 1
            && Signature::fits([$secret], $call->id, $call->timestamp, $call->body, $call->signature);
    }

    private function answerService(Incoming $call): Answer
    {
        $this->module->installation->calledAs($call->host);
        $now = $this->module->clock->now();
        if (abs($now - (int) $call->timestamp) > self::TOLERANCE_SECONDS) {
            return Answer::signed(401, Wire::json(['error' => ['code' => 'clock', 'time' => Wire::seconds($now)]]));
        }
        if ($this->isReplay($call->id, $now)) {
            return Answer::failure(409, 'replay', 'This request has been here');
        }
        $message = json_decode($call->body, true, 64);
        $commands = is_array($message) ? ($message['commands'] ?? []) : null;
        $accepted = is_array($message) ? ($message['accepted'] ?? []) : null;
        $rejected = is_array($message) ? ($message['rejected'] ?? []) : null;
        $isReadable = self::areCommands($commands) && is_array($accepted) && is_array($rejected);
        if (!$isReadable || ($message['protocol'] ?? null) !== 1) {
            return Answer::failure(400, 'malformed', 'Not a message of protocol 1');
        }

        return $this->serve($commands, array_filter($accepted, 'is_string'), $rejected);
    }

    private function isReplay(string $id, int $now): bool
    {
        RequestTable::deleteByFilter(['<AT' => $now - self::REPLAY_SECONDS]);
        try {
            Upsert::check(RequestTable::add(['HASH' => hash('sha256', $id), 'AT' => $now]));

            return false;
        } catch (DuplicateEntryException) {
            return true;
        }
    }

    private static function areCommands(mixed $commands): bool
    {
        return is_array($commands) && array_filter($commands, [Runner::class, 'isCommand']) === $commands;
    }

    /**
     * What does not fit into time or bytes is left undone: the service keeps a command until its result arrives.
     *
     * @param array<int, array<string, mixed>> $commands
     * @param string[] $accepted
     * @param array<mixed> $rejected
     */
    private function serve(array $commands, array $accepted, array $rejected): Answer
    {
        // in a web cluster a fresh order may not have reached a replica yet
        Application::getInstance()->getConnectionPool()->useMasterOnly(true);
        $isAtHome = $this->module->installation->isAtHome();
        if ($isAtHome) {
            $this->module->outbox->accept($accepted);
            $this->module->outbox->reject($rejected);
            StateTable::write('last_pull', (string) $this->module->clock->now());
        }
        $budget = EventPacker::MAX_BYTES - EventPacker::ENVELOPE_BYTES;
        $stopAt = $this->module->clock->now() + EventPacker::WORK_SECONDS;
        $results = $this->runAll($commands, $budget, $stopAt);
        $resultsText = implode(',', $results);
        $events = $isAtHome ? $this->module->packer->pack($budget - strlen($resultsText), $stopAt) : [];
        $head = Wire::json([
            'installation' => $this->module->installation->id(),
            'host' => $this->module->settings->host(),
        ]);

        return Answer::signed(
            200,
            substr($head, 0, -1) . ',"results":[' . $resultsText . '],"events":[' . implode(',', $events) . ']}'
        );
    }

    /**
     * @param array<int, array<string, mixed>> $commands
     * @return string[] results as JSON texts
     */
    private function runAll(array $commands, int $budget, int $stopAt): array
    {
        $results = [];
        foreach (array_slice($commands, 0, Runner::MAX_COMMANDS) as $command) {
            if ($results !== [] && $this->module->clock->now() >= $stopAt) {
                break;
            }
            $result = $this->module->commands->run($command);
            $budget -= strlen($result) + 1;
            if ($budget < 0 && $results !== []) {
                break;
            }
            $results[] = $result;
        }

        return $results;
    }
}
