<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Journal;
use Amobridge\Shop\Module;
use Amobridge\Shop\Table\StateTable;
use Bitrix\Main\Application;

/** Calls the service while there is something to say: after a response, and from the agent. */
final class Sender
{
    private const LOCK = 'amobridge_shop_exchange';
    private const JOB_SECONDS = 5;
    private const JOB_ANSWER_SECONDS = 3;
    /** In one run, whatever the service asks for. */
    private const MAX_CALLS = 20;
    private const AGENT_SECONDS = 15;
    private const AGENT_ANSWER_SECONDS = 15;
    /** How long the jobs of hits leave a silent service to the agent. */
    private const REST_SECONDS = 30;

    private static bool $isArmed = false;

    /**
     * After this hit's response. Where a script ends with a bare die(), as the 1C exchange does, the job never runs:
     * agent and pull are the guarantee (docs/facts/bitrix.md, background jobs).
     */
    public static function arm(): void
    {
        if (!self::$isArmed) {
            self::$isArmed = true;
            Application::getInstance()->addBackgroundJob([self::class, 'afterResponse']);
        }
    }

    public static function afterResponse(): void
    {
        self::$isArmed = false;
        self::run(static function (Module $module): void {
            if ((int) StateTable::read('rest_until') <= $module->clock->now() && $module->outbox->waitingCount() > 0) {
                self::drain($module, self::JOB_SECONDS, self::JOB_ANSWER_SECONDS);
            }
        });
    }

    /** Called with nothing to say as well: commands ride back on our calls. */
    public static function fromAgent(): void
    {
        self::run(static function (Module $module): void {
            StateTable::write('last_agent', (string) $module->clock->now());
            self::drain($module, self::AGENT_SECONDS, self::AGENT_ANSWER_SECONDS);
        });
    }

    private static function drain(Module $module, int $seconds, int $answerSeconds): void
    {
        $settings = $module->settings;
        $mayCall = $settings->isPaired() && $settings->serviceUrl() !== '' && $module->installation->isAtHome()
            && $module->exchange->waitsUntil() <= $module->clock->now();
        if (!$mayCall || !Application::getConnection()->lock(self::LOCK)) {
            return;
        }
        // in a web cluster a fresh order may not have reached a replica yet
        Application::getInstance()->getConnectionPool()->useMasterOnly(true);
        try {
            $stopAt = $module->clock->now() + $seconds;
            $calls = 0;
            do {
                $moved = $module->exchange->once($answerSeconds);
                $calls++;
            } while ($moved && $calls < self::MAX_CALLS && $module->clock->now() < $stopAt && self::hasWork($module));
            StateTable::write('last_failure', '');
        } catch (NoAnswer $failure) {
            StateTable::write('last_failure', $failure->getMessage());
            StateTable::write('rest_until', (string) ($module->clock->now() + self::REST_SECONDS));
        } finally {
            Application::getConnection()->unlock(self::LOCK);
        }
    }

    private static function hasWork(Module $module): bool
    {
        return $module->outbox->waitingCount() > 0 || $module->commands->hasWaitingResults();
    }

    /** @param callable(Module): void $work */
    private static function run(callable $work): void
    {
        try {
            $work(Module::current());
        } catch (\Throwable $failure) {
            Journal::error('The exchange with Amobridge failed', $failure);
        }
    }
}
