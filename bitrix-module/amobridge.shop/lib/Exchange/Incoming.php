<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Bitrix\Main\HttpRequest;

/**
 * A call as it came over the wire. The body is the raw one: the proactive filter rewrites parsed values, never the
 * stream (docs/facts/bitrix.md, reading a request).
 */
final class Incoming
{
    public function __construct(
        public readonly string $method,
        public readonly string $id,
        public readonly string $timestamp,
        public readonly string $signature,
        public readonly string $connection,
        public readonly string $body,
        public readonly string $host = '',
    ) {
    }

    public static function read(HttpRequest $request): self
    {
        $header = static fn (string $name): string => (string) $request->getHeader($name);

        return new self(
            (string) $request->getRequestMethod(),
            $header('webhook-id'),
            $header('webhook-timestamp'),
            $header('webhook-signature'),
            $header('amobridge-connection'),
            (string) HttpRequest::getInput(),
            (string) $request->getHttpHost(),
        );
    }
}
