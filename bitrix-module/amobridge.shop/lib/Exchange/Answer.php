<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Format\Wire;

/** What exchange.php says. An unsigned answer never tells the service anything. */
final class Answer
{
    private const REASONS = [
        200 => 'OK',
        400 => 'Bad Request',
        401 => 'Unauthorized',
        405 => 'Method Not Allowed',
        409 => 'Conflict',
        413 => 'Content Too Large',
        503 => 'Service Unavailable',
    ];

    private function __construct(
        public readonly int $status,
        public readonly string $body,
        public readonly bool $isSigned,
    ) {
    }

    public static function signed(int $status, string $body): self
    {
        return new self($status, $body, true);
    }

    public static function failure(int $status, string $code, string $message): self
    {
        return new self($status, Wire::json(['error' => ['code' => $code, 'message' => $message]]), true);
    }

    public static function unsigned(int $status, string $code, string $message): self
    {
        return new self($status, Wire::json(['error' => ['code' => $code, 'message' => $message]]), false);
    }

    public function statusLine(): string
    {
        return $this->status . ' ' . self::REASONS[$this->status];
    }
}
