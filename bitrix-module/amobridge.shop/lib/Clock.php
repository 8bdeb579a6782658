<?php

declare(strict_types=1);

namespace Amobridge\Shop;

interface Clock
{
    /** Seconds since 1970, as this machine believes. */
    public function now(): int;

    public function milliseconds(): int;
}
