<?php

declare(strict_types=1);

namespace Stub {
    /** The machine's time, movable by tests. */
    final class Clock
    {
        public static ?int $frozenAt = null;
        public static int $movedBy = 0;

        public static function now(): int
        {
            return (self::$frozenAt ?? time()) + self::$movedBy;
        }
    }
}

namespace Bitrix\Main\Type {
    class Date
    {
        protected \DateTime $value;

        public function __construct(?string $time = null, ?string $format = null)
        {
            $this->value = $time === null
                ? (new \DateTime())->setTimestamp(\Stub\Clock::now())
                : (\DateTime::createFromFormat($format ?? 'Y-m-d H:i:s', $time) ?: throw new \Bitrix\Main\ObjectException($time));
        }

        public function getTimestamp(): int
        {
            return $this->value->getTimestamp();
        }

        public function format(string $format): string
        {
            return $this->value->format($format);
        }

        public function __clone()
        {
            $this->value = clone $this->value;
        }
    }

    class DateTime extends Date
    {
        public static function createFromTimestamp(int $timestamp): static
        {
            $made = new static();
            $made->value->setTimestamp($timestamp);

            return $made;
        }

        public function __toString(): string
        {
            // the user's zone and format: nothing the module may rely on
            return $this->value->format('d.m.Y H:i:s');
        }
    }
}
