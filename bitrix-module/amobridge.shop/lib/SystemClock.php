<?php

declare(strict_types=1);

namespace Amobridge\Shop;

final class SystemClock implements Clock
{
    public function now(): int
    {
        return time();
    }

    public function milliseconds(): int
    {
        return (int) (microtime(true) * 1000);
    }
}
