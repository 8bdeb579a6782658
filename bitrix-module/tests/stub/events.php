<?php

declare(strict_types=1);

namespace Bitrix\Main;

use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

/** Rows of b_module_to_module. */
final class HandlerTable extends DataManager
{
    public static function getTableName(): string
    {
        return 'b_module_to_module';
    }

    public static function getMap(): array
    {
        return [
            (new StringField('UNIQUE_ID', ['size' => 64]))->configurePrimary(),
            new StringField('FROM_MODULE_ID'),
            new StringField('MESSAGE_ID'),
            new StringField('TO_MODULE_ID'),
            new StringField('TO_CLASS'),
            new StringField('TO_METHOD'),
            new IntegerField('VERSION'),
        ];
    }
}

class EventResult
{
    public const UNDEFINED = 0;
    public const SUCCESS = 1;
    public const ERROR = 2;

    public function __construct(private int $type, private mixed $parameters = null, private ?string $moduleId = null)
    {
    }

    public function getType(): int
    {
        return $this->type;
    }

    public function getParameters(): mixed
    {
        return $this->parameters;
    }
}

class Event
{
    /** @var EventResult[] */
    private array $results = [];

    public function __construct(private string $module, private string $name, private array $parameters = [])
    {
    }

    public function getParameter(string|int $key): mixed
    {
        return $this->parameters[$key] ?? null;
    }

    public function getParameters(): array
    {
        return $this->parameters;
    }

    public function getModuleId(): string
    {
        return $this->module;
    }

    public function getEventType(): string
    {
        return $this->name;
    }

    /** @return EventResult[] */
    public function getResults(): array
    {
        return $this->results;
    }

    /** Handlers' exceptions go through to whoever saved. */
    public function send(): void
    {
        foreach (EventManager::getInstance()->findEventHandlers($this->module, $this->name) as $handler) {
            $given = $handler['VERSION'] === 1
                ? ($handler['CALL'])(...array_values($this->parameters))
                : ($handler['CALL'])($this);
            $this->results[] = $given instanceof EventResult ? $given : new EventResult(EventResult::UNDEFINED, $given);
        }
    }
}

class EventManager
{
    private static ?self $instance = null;
    private array $ofThisHit = [];

    public static function getInstance(): self
    {
        return self::$instance ??= new self();
    }

    public static function reset(): void
    {
        self::$instance = null;
    }

    public function addEventHandler(string $module, string $event, callable $call): void
    {
        $this->ofThisHit[] = [strtoupper("{$module}:{$event}"), $call];
    }

    public function registerEventHandler(string $from, string $event, string $to, string $class = '', string $method = ''): void
    {
        $this->register(2, $from, $event, $to, $class, $method);
    }

    public function registerEventHandlerCompatible(string $from, string $event, string $to, string $class = '', string $method = ''): void
    {
        $this->register(1, $from, $event, $to, $class, $method);
    }

    public function unRegisterEventHandler(string $from, string $event, string $to, string $class = '', string $method = ''): void
    {
        foreach ([1, 2] as $version) {
            HandlerTable::delete($this->key($version, $from, $event, $to, $class, $method));
        }
    }

    /** @return array<int, array{TO_MODULE_ID: string, VERSION: int, CALL: callable}> */
    public function findEventHandlers(string $module, string $event): array
    {
        $found = [];
        $rows = HandlerTable::getList(['filter' => ['=FROM_MODULE_ID' => strtoupper($module), '=MESSAGE_ID' => strtoupper($event)]]);
        foreach ($rows->fetchAll() as $row) {
            // joined with b_module; a missing class is skipped silently
            if (ModuleManager::isModuleInstalled($row['TO_MODULE_ID']) && Loader::includeModule($row['TO_MODULE_ID'])
                && class_exists($row['TO_CLASS'])) {
                $found[] = [
                    'TO_MODULE_ID' => $row['TO_MODULE_ID'],
                    'VERSION' => (int) $row['VERSION'],
                    'CALL' => [$row['TO_CLASS'], $row['TO_METHOD']],
                ];
            }
        }
        foreach ($this->ofThisHit as [$name, $call]) {
            if ($name === strtoupper("{$module}:{$event}")) {
                $found[] = ['TO_MODULE_ID' => '', 'VERSION' => 2, 'CALL' => $call];
            }
        }

        return $found;
    }

    private function register(int $version, string $from, string $event, string $to, string $class, string $method): void
    {
        $key = $this->key($version, $from, $event, $to, $class, $method);
        if (HandlerTable::getRow(['filter' => ['=UNIQUE_ID' => $key]]) === null) {
            HandlerTable::add([
                'UNIQUE_ID' => $key,
                'FROM_MODULE_ID' => strtoupper($from),
                'MESSAGE_ID' => strtoupper($event),
                'TO_MODULE_ID' => $to,
                'TO_CLASS' => $class,
                'TO_METHOD' => $method,
                'VERSION' => $version,
            ]);
        }
    }

    private function key(int $version, string $from, string $event, string $to, string $class, string $method): string
    {
        return hash('sha256', "{$version}|" . strtoupper("{$from}|{$event}") . "|{$to}|{$class}|{$method}");
    }
}
