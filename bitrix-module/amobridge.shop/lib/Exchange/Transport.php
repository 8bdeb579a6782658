<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

interface Transport
{
    /**
     * @param array<string, string> $headers
     * @param int $seconds for the whole request
     * @throws NoAnswer
     */
    public function post(string $url, string $body, array $headers, int $seconds): HttpAnswer;
}
