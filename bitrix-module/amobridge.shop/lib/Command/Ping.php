<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Format\Wire;
use Amobridge\Shop\Module;

final class Ping implements Command
{
    public function __construct(private Module $module)
    {
    }

    public function run(Input $input, string $commandId): array
    {
        return ['changed' => false, 'data' => [
            'time' => Wire::seconds($this->module->clock->now()),
            'pending' => $this->module->outbox->waitingCount(),
        ]];
    }
}
