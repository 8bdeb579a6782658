<?php

declare(strict_types=1);

namespace Amobridge\Shop\Admin;

/** What an administrator's action came to: the end of a message code, and words of the other side. */
final class Notice
{
    private function __construct(
        public readonly bool $isError,
        public readonly string $code,
        public readonly string $details = '',
    ) {
    }

    public static function done(string $code, string $details = ''): self
    {
        return new self(false, $code, $details);
    }

    public static function failed(string $code, string $details = ''): self
    {
        return new self(true, $code, $details);
    }
}
