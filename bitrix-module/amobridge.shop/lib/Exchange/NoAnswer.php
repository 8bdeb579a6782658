<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

/** Nothing came that counts: no connection, or an answer that is unsigned, not JSON or for another request. */
final class NoAnswer extends \RuntimeException
{
}
