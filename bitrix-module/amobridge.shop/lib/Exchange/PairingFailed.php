<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

/** Why pairing did not work; the code is that of a message, the text what the other side said. */
final class PairingFailed extends \RuntimeException
{
    public function __construct(public readonly string $reason, string $details = '')
    {
        parent::__construct($details);
    }
}
