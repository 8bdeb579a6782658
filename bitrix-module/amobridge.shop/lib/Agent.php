<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Amobridge\Shop\Exchange\Sender;

/** The module's only agent, once a minute. What it returns becomes its name, so it is always the same text. */
final class Agent
{
    public const NAME = '\\Amobridge\\Shop\\Agent::run();';
    public const EVERY_SECONDS = 60;

    /** Non-periodic agents run in every setup of cron and hits; adding it twice is one agent. */
    public static function add(): void
    {
        \CAgent::AddAgent(self::NAME, Settings::MODULE_ID, 'N', self::EVERY_SECONDS, '', 'Y', '', 100, false, false);
    }

    public static function run(): string
    {
        $user = $GLOBALS['USER'] ?? null;
        // in agents $USER is null and parts of the shop's kernel call it unguarded (docs/facts/bitrix.md, agents)
        $GLOBALS['USER'] = is_object($user) ? $user : new \CUser();
        try {
            Sender::fromAgent();
            Module::current()->commands->forgetOld();
        } catch (\Throwable $failure) {
            Journal::error('The agent failed', $failure);
        } finally {
            $GLOBALS['USER'] = $user;
        }

        return self::NAME;
    }
}
