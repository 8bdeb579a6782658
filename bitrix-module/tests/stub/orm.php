<?php

declare(strict_types=1);

namespace Bitrix\Main\ORM\Fields {
    class ScalarField
    {
        public bool $primary = false;
        public bool $autocomplete = false;
        public bool $required = false;
        public bool $long = false;
        public mixed $default = null;

        public function __construct(public string $name, public array $parameters = [])
        {
        }

        public function configurePrimary(bool $value = true): static
        {
            $this->primary = $value;

            return $this;
        }

        public function configureAutocomplete(bool $value = true): static
        {
            $this->autocomplete = $value;

            return $this;
        }

        public function configureRequired(bool $value = true): static
        {
            $this->required = $value;

            return $this;
        }

        public function configureNullable(bool $value = true): static
        {
            return $this;
        }

        public function configureDefaultValue(mixed $value): static
        {
            $this->default = $value;

            return $this;
        }

        public function size(): int
        {
            return $this->parameters['size'] ?? 255;
        }
    }

    class IntegerField extends ScalarField
    {
    }
    class FloatField extends ScalarField
    {
    }
    class StringField extends ScalarField
    {
    }
    class DatetimeField extends ScalarField
    {
    }
    class TextField extends StringField
    {
        public function configureLong(bool $value = true): static
        {
            $this->long = $value;

            return $this;
        }
    }
}

namespace Bitrix\Main\ORM\Data {
    use Bitrix\Main\Application;
    use Bitrix\Main\DB\Result as DbResult;
    use Bitrix\Main\Error;
    use Bitrix\Main\ORM\Fields;
    use Bitrix\Main\Result;
    use Bitrix\Main\SystemException;
    use Bitrix\Main\Type\DateTime;

    class AddResult extends Result
    {
        public function __construct(private mixed $id = null)
        {
        }

        public function getId(): mixed
        {
            return $this->id;
        }
    }

    class UpdateResult extends Result
    {
        public function __construct(private int $affected = 0)
        {
        }

        public function getAffectedRowsCount(): int
        {
            return $this->affected;
        }
    }

    class DeleteResult extends Result
    {
    }

    /** The table behind a DataManager: its columns and statements. */
    class Entity
    {
        /** @param class-string<DataManager> $manager */
        public function __construct(private string $manager)
        {
        }

        public function getConnection(): \Bitrix\Main\DB\Connection
        {
            return Application::getConnection();
        }

        public function createDbTable(): void
        {
            $sqlite = $this->getConnection()->getType() === 'sqlite';
            $columns = [];
            $primary = [];
            foreach (($this->manager)::getMap() as $field) {
                $type = match (true) {
                    $field instanceof Fields\IntegerField => $sqlite ? 'INTEGER' : ($field->size() >= 8 && $field->size() < 255 ? 'BIGINT' : 'INT'),
                    $field instanceof Fields\FloatField => 'DECIMAL(18,4)',
                    $field instanceof Fields\DatetimeField => 'DATETIME',
                    $field instanceof Fields\TextField => $field->long && !$sqlite ? 'LONGTEXT' : 'TEXT',
                    default => "VARCHAR({$field->size()})",
                };
                $suffix = '';
                if ($field->autocomplete) {
                    $suffix = $sqlite ? ' PRIMARY KEY AUTOINCREMENT' : ' NOT NULL AUTO_INCREMENT';
                }
                if ($field->primary && !($field->autocomplete && $sqlite)) {
                    $primary[] = $this->quote($field->name);
                }
                $columns[] = $this->quote($field->name) . " {$type}{$suffix}";
            }
            if ($primary !== []) {
                $columns[] = 'PRIMARY KEY (' . implode(', ', $primary) . ')';
            }
            $this->getConnection()->query(
                'CREATE TABLE IF NOT EXISTS ' . ($this->manager)::getTableName() . ' (' . implode(', ', $columns) . ')'
                . ($sqlite ? '' : ' DEFAULT CHARSET=utf8mb4')
            );
        }

        public function quote(string $name): string
        {
            return $this->getConnection()->getSqlHelper()->quote($name);
        }

        public function field(string $name): Fields\ScalarField
        {
            foreach (($this->manager)::getMap() as $field) {
                if ($field->name === $name) {
                    return $field;
                }
            }
            throw new SystemException("Unknown field definition `{$name}`");
        }

        public function primary(): Fields\ScalarField
        {
            foreach (($this->manager)::getMap() as $field) {
                if ($field->primary) {
                    return $field;
                }
            }
            throw new SystemException('no primary key');
        }

        /** @return array{string, array<int, mixed>} an SQL condition and its values */
        public function where(array $filter): array
        {
            $parts = [];
            $values = [];
            foreach ($filter as $key => $value) {
                if (!preg_match('/^(!=|>=|<=|!@|=|@|>|<|!)?([A-Z_0-9]+)$/', (string) $key, $found)) {
                    throw new SystemException("filter {$key}");
                }
                [, $operator, $name] = $found;
                $column = $this->quote($this->field($name)->name);
                if ($value === null) {
                    $parts[] = $column . ($operator === '!=' || $operator === '!' ? ' IS NOT NULL' : ' IS NULL');
                } elseif ($operator === '@' || $operator === '!@' || is_array($value)) {
                    $marks = implode(', ', array_fill(0, count($value), '?'));
                    $parts[] = $value === [] ? '1 = 0' : "{$column} " . ($operator === '!@' ? 'NOT IN' : 'IN') . " ({$marks})";
                    array_push($values, ...array_values($value));
                } else {
                    $sql = match ($operator) {
                        '!=', '!' => '<>',
                        '' => '=',
                        default => $operator,
                    };
                    $parts[] = "{$column} {$sql} ?";
                    $values[] = $this->toDb($value);
                }
            }

            return [$parts === [] ? '1 = 1' : implode(' AND ', $parts), $values];
        }

        public function toDb(mixed $value): mixed
        {
            return $value instanceof DateTime ? $value->format('Y-m-d H:i:s') : $value;
        }

        public function fromDb(array $row): array
        {
            foreach ($row as $name => $value) {
                if ($value !== null && $this->field($name) instanceof Fields\DatetimeField) {
                    $row[$name] = new DateTime($value, 'Y-m-d H:i:s');
                } elseif ($value !== null && !$this->field($name) instanceof Fields\IntegerField) {
                    $row[$name] = (string) $value;
                }
            }

            return $row;
        }
    }

    abstract class DataManager
    {
        abstract public static function getTableName();

        abstract public static function getMap();

        public static function getEntity(): Entity
        {
            return new Entity(static::class);
        }

        public static function getList(array $parameters = []): DbResult
        {
            $entity = static::getEntity();
            $unknown = array_diff(array_keys($parameters), ['select', 'filter', 'order', 'limit', 'offset']);
            if ($unknown !== []) {
                throw new SystemException('getList: ' . implode(', ', $unknown));
            }
            $columns = array_map(
                static fn (string $name): string => $name === '*' ? '*' : $entity->quote($entity->field($name)->name),
                $parameters['select'] ?? ['*']
            );
            [$where, $values] = $entity->where($parameters['filter'] ?? []);
            $sql = 'SELECT ' . implode(', ', $columns) . ' FROM ' . static::getTableName() . " WHERE {$where}";
            $order = [];
            foreach ($parameters['order'] ?? [] as $name => $direction) {
                $order[] = $entity->quote($entity->field($name)->name) . " {$direction}";
            }
            $sql .= $order === [] ? '' : ' ORDER BY ' . implode(', ', $order);
            $sql .= isset($parameters['limit']) ? ' LIMIT ' . (int) $parameters['limit'] : '';

            return new DbResult(array_map([$entity, 'fromDb'], $entity->getConnection()->query($sql, $values)->fetchAll()));
        }

        public static function getRow(array $parameters): ?array
        {
            return static::getList(['limit' => 1] + $parameters)->fetch() ?: null;
        }

        public static function getCount(array $filter = []): int
        {
            [$where, $values] = static::getEntity()->where($filter);
            $row = static::getEntity()->getConnection()
                ->query('SELECT COUNT(*) AS CNT FROM ' . static::getTableName() . " WHERE {$where}", $values)->fetch();

            return (int) $row['CNT'];
        }

        public static function add(array $data): AddResult
        {
            $entity = static::getEntity();
            $row = [];
            foreach (static::getMap() as $field) {
                $value = $data[$field->name] ?? $field->default;
                if ($field->required && ($value === null || $value === '')) {
                    return (new AddResult())->addError(new Error("Field {$field->name} is required"));
                }
                if (!$field->autocomplete || $value !== null) {
                    $row[$field->name] = $value;
                }
            }
            foreach (array_keys($data) as $name) {
                $entity->field($name);
            }
            $columns = implode(', ', array_map([$entity, 'quote'], array_keys($row)));
            $marks = implode(', ', array_fill(0, count($row), '?'));
            $entity->getConnection()->query(
                'INSERT INTO ' . static::getTableName() . " ({$columns}) VALUES ({$marks})",
                array_map([$entity, 'toDb'], array_values($row))
            );
            $primary = $entity->primary();

            return new AddResult($primary->autocomplete && !isset($row[$primary->name])
                ? $entity->getConnection()->getInsertedId()
                : $row[$primary->name]);
        }

        public static function update(mixed $primary, array $data): UpdateResult
        {
            $entity = static::getEntity();
            $sets = [];
            foreach (array_keys($data) as $name) {
                $sets[] = $entity->quote($entity->field($name)->name) . ' = ?';
            }
            $values = array_map([$entity, 'toDb'], array_values($data));
            $values[] = $primary;
            $key = $entity->quote($entity->primary()->name);
            $entity->getConnection()->query('UPDATE ' . static::getTableName() . ' SET ' . implode(', ', $sets) . " WHERE {$key} = ?", $values);

            return new UpdateResult($entity->getConnection()->getAffectedRowsCount());
        }

        public static function delete(mixed $primary): DeleteResult
        {
            $entity = static::getEntity();
            $key = $entity->quote($entity->primary()->name);
            $entity->getConnection()->query('DELETE FROM ' . static::getTableName() . " WHERE {$key} = ?", [$primary]);

            return new DeleteResult();
        }
    }
}

namespace Bitrix\Main\ORM\Data\Internal {
    trait DeleteByFilterTrait
    {
        public static function deleteByFilter(array $filter)
        {
            [$where, $values] = static::getEntity()->where($filter);
            static::getEntity()->getConnection()->query('DELETE FROM ' . static::getTableName() . " WHERE {$where}", $values);
        }
    }
}
