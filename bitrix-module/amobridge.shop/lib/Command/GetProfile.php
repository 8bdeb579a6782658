<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Amobridge\Shop\Module;

final class GetProfile implements Command
{
    public function __construct(private Module $module)
    {
    }

    public function run(Input $input, string $commandId): array
    {
        return ['changed' => false, 'data' => $this->module->profile()];
    }
}
