<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

interface Command
{
    /**
     * @return array{changed: bool, data: array<string, mixed>}
     * @throws CommandFailed
     */
    public function run(Input $input, string $commandId): array;
}
