<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

final class HttpAnswer
{
    /** @param array<string, string> $headers by lower-case name; only those the bridge reads */
    public function __construct(
        public readonly int $status,
        public readonly string $body,
        public readonly array $headers = [],
    ) {
    }

    public function header(string $name): string
    {
        return $this->headers[$name] ?? '';
    }

    /** @return array<string, mixed> */
    public function json(): array
    {
        $json = json_decode($this->body, true, 64);

        return is_array($json)
            ? $json
            : throw new NoAnswer('the answer is not JSON: ' . mb_substr($this->body, 0, 200));
    }
}
