<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

/** A planned failure; becomes the `error` of the command's result. The codes are a closed list of the protocol. */
final class CommandFailed extends \RuntimeException
{
    private const PASSING = ['order_locked', 'busy', 'failed'];

    /** @param array<string, mixed> $details */
    public function __construct(private string $reason, string $message, private array $details = [])
    {
        parent::__construct($message);
    }

    /** @return array{id: string, ok: false, error: array<string, mixed>} */
    public function toResult(string $commandId): array
    {
        $error = ['code' => $this->reason, 'message' => $this->getMessage(), 'retry' => $this->mayPass()];

        $details = $this->details === [] ? [] : ['data' => $this->details];

        return ['id' => $commandId, 'ok' => false, 'error' => $error + $details];
    }

    /** Whether another try can help; such a result is not remembered. */
    public function mayPass(): bool
    {
        return in_array($this->reason, self::PASSING, true);
    }
}
