<?php

declare(strict_types=1);

namespace Amobridge\Shop\Command;

use Bitrix\Main\Type\DateTime;

/** The data of a command, read by type; anything else is refused with the key's name. */
final class Input
{
    /** @param array<string, mixed> $data */
    public function __construct(private array $data)
    {
    }

    public function text(string $key): string
    {
        return $this->optionalText($key) ?? throw self::wrong($key, 'a text');
    }

    public function optionalText(string $key): ?string
    {
        $value = $this->data[$key] ?? null;

        return $value === null || is_string($value) ? $value : throw self::wrong($key, 'a text');
    }

    public function orderId(string $key = 'orderId'): int
    {
        return self::id($this->data[$key] ?? null) ?? throw self::wrong($key, 'an id');
    }

    /** The id after which a page begins; 0 for the first page. */
    public function afterId(): int
    {
        $value = $this->data['afterId'] ?? null;

        return $value === null ? 0 : (self::id($value) ?? throw self::wrong('afterId', 'an id'));
    }

    /** @return int[] ids of orders; those that no order can have are left out */
    public function ids(string $key, int $most): array
    {
        $values = $this->data[$key] ?? null;
        if (!is_array($values) || count($values) > $most) {
            throw self::wrong($key, "a list of at most {$most} ids");
        }

        return array_values(array_filter(array_map([self::class, 'id'], $values)));
    }

    public function whole(string $key): int
    {
        $value = $this->data[$key] ?? null;

        return is_int($value) ? $value : throw self::wrong($key, 'a whole number');
    }

    public function flag(string $key): bool
    {
        $value = $this->data[$key] ?? null;

        return is_bool($value) ? $value : throw self::wrong($key, 'true or false');
    }

    public function limit(int $most): int
    {
        $limit = isset($this->data['limit']) ? $this->whole('limit') : $most;

        return $limit >= 1 && $limit <= $most ? $limit : throw self::wrong('limit', "from 1 to {$most}");
    }

    /** RFC 3339, as a date of the kernel. */
    public function instant(string $key): ?DateTime
    {
        $text = $this->optionalText($key);
        if ($text === null) {
            return null;
        }
        $isInstant = preg_match('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/', $text) === 1;
        $seconds = $isInstant ? strtotime($text) : false;

        return $seconds === false ? throw self::wrong($key, 'an instant') : DateTime::createFromTimestamp($seconds);
    }

    private static function id(mixed $value): ?int
    {
        return is_string($value) && preg_match('/^[1-9]\d{0,17}$/', $value) ? (int) $value : null;
    }

    private static function wrong(string $key, string $expected): CommandFailed
    {
        return new CommandFailed('refused', "Данные команды: {$key} must be {$expected}");
    }
}
