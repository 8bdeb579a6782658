<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Journal;
use Amobridge\Shop\Module;
use Amobridge\Shop\Origin;
use Amobridge\Shop\Table\CommandTable;
use Amobridge\Shop\Table\Upsert;
use Bitrix\Main\Application;
use Bitrix\Main\DB\DuplicateEntryException;

/** Carries out each command id once; a repeat is answered with the kept result. */
final class Runner
{
    public const MAX_COMMANDS = 50;
    private const KEPT_SECONDS = 30 * 86400;

    public function __construct(private Module $module)
    {
    }

    public static function isCommand(mixed $command): bool
    {
        return is_array($command)
            && is_string($command['id'] ?? null) && preg_match('/^[A-Za-z0-9_.:-]{1,100}$/', $command['id'])
            && is_string($command['type'] ?? null)
            && is_array($command['data'] ?? []);
    }

    /**
     * @param array<string, mixed> $command of which isCommand() is true
     * @return string the result as JSON
     */
    public function run(array $command): string
    {
        return $this->answer($command, $this->keepAnswer(...))
            ?? Wire::json((new CommandFailed('busy', 'Команда уже выполняется'))->toResult($command['id']));
    }

    /** A command that rode back on our own call: its result waits for the next one. */
    public function runForLater(mixed $command): void
    {
        if (!self::isCommand($command)) {
            Journal::warn('A command of the service was malformed');

            return;
        }
        $this->answer($command, $this->keepForNextCall(...));
    }

    /**
     * @param int|float $budgetBytes the first one goes in any case
     * @return array<string, string> JSON texts by command id, oldest first
     */
    public function waitingResults(int|float $budgetBytes): array
    {
        $texts = [];
        $rows = CommandTable::getList([
            'filter' => ['=WAITS' => 'Y'],
            'order' => ['AT' => 'ASC'],
            'limit' => self::MAX_COMMANDS,
        ]);
        foreach ($rows->fetchAll() as $row) {
            $budgetBytes -= strlen($row['RESULT']) + 1;
            if ($budgetBytes < 0 && $texts !== []) {
                break;
            }
            $texts[$row['ID']] = $row['RESULT'];
        }

        return $texts;
    }

    public function hasWaitingResults(): bool
    {
        return CommandTable::getRow(['filter' => ['=WAITS' => 'Y'], 'select' => ['ID']]) !== null;
    }

    /** @param array<int, int|string> $commandIds */
    public function delivered(array $commandIds): void
    {
        foreach ($commandIds as $id) {
            $row = CommandTable::getRow(['filter' => ['=ID' => (string) $id]]);
            if ($row === null) {
                continue;
            }
            $forgotten = self::isFinal($row['TYPE'], (string) $row['RESULT']) ? [] : ['RESULT' => ''];
            Upsert::check(CommandTable::update($row['ID'], ['WAITS' => 'N'] + $forgotten));
        }
    }

    public function forgetOld(): void
    {
        CommandTable::deleteByFilter(['<AT' => $this->module->clock->now() - self::KEPT_SECONDS]);
    }

    /**
     * @param array<string, mixed> $command
     * @param callable(array<string, mixed>, string): void $keep
     * @return ?string null while another process carries out this very command
     */
    private function answer(array $command, callable $keep): ?string
    {
        $id = $command['id'];
        if (!$this->module->installation->isAtHome()) {
            $why = 'Магазин перенесён или скопирован: ждём ответа администратора';
            $failure = new CommandFailed('installation_changed', $why);

            return Wire::json($failure->toResult($id));
        }
        $lock = 'amobridge_shop_command_' . $id;
        if (!Application::getConnection()->lock($lock)) {
            return null;
        }
        try {
            $result = $this->known($command)
                ?? Wire::json($this->carryOut($id, $command['type'], $command['data'] ?? []));
            $keep($command, $result);

            return $result;
        } finally {
            Application::getConnection()->unlock($lock);
        }
    }

    /**
     * The id is in the table before anything is done. An id without a result is one whose process died, or one that
     * may be tried again: it acts again, and every command finds by itself that there is nothing left to change.
     *
     * @param array<string, mixed> $command
     * @return ?string the kept result
     */
    private function known(array $command): ?string
    {
        try {
            Upsert::check(CommandTable::add([
                'ID' => $command['id'],
                'TYPE' => mb_substr($command['type'], 0, 60),
                'AT' => $this->module->clock->now(),
            ]));

            return null;
        } catch (DuplicateEntryException) {
            $row = CommandTable::getRow(['filter' => ['=ID' => $command['id']]]);

            return (string) ($row['RESULT'] ?? '') === '' ? null : $row['RESULT'];
        }
    }

    /** @param array<string, mixed> $command */
    private function keepAnswer(array $command, string $result): void
    {
        if (self::isFinal($command['type'], $result)) {
            Upsert::check(CommandTable::update($command['id'], ['RESULT' => $result]));
        }
    }

    /** @param array<string, mixed> $command */
    private function keepForNextCall(array $command, string $result): void
    {
        Upsert::check(CommandTable::update($command['id'], ['RESULT' => $result, 'WAITS' => 'Y']));
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    private function carryOut(string $id, string $type, array $data): array
    {
        try {
            $command = Catalogue::make($type, $this->module)
                ?? throw new CommandFailed('unknown_command', "Команды {$type} нет");
            $this->requireTick(Catalogue::familyOf($type));
            $done = Origin::during($id, static fn (): array => $command->run(new Input($data), $id));

            return ['id' => $id, 'ok' => true, 'changed' => $done['changed'], 'data' => (object) $done['data']];
        } catch (CommandFailed $failure) {
            return $failure->toResult($id);
        } catch (\Throwable $failure) {
            Journal::error("Command {$type} failed", $failure);

            return (new CommandFailed('failed', 'Неожиданная ошибка: ' . $failure::class))->toResult($id);
        }
    }

    private function requireTick(?string $family): void
    {
        if ($family !== null && !in_array($family, $this->module->settings->ticks(), true)) {
            throw new CommandFailed('refused', "В настройках модуля не разрешены команды: {$family}");
        }
    }

    /** What may be tried again must act again, and what was only read is read again. */
    private static function isFinal(string $type, string $result): bool
    {
        $mayPass = (json_decode($result, true)['error']['retry'] ?? false) === true;

        return !Catalogue::isReading($type) && !$mayPass;
    }
}
