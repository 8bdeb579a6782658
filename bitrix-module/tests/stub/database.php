<?php

declare(strict_types=1);

namespace Bitrix\Main\DB;

use Bitrix\Main\SystemException;

class SqlException extends SystemException
{
}
class SqlQueryException extends SqlException
{
}
class DuplicateEntryException extends SqlQueryException
{
}

class SqlHelper
{
    public function __construct(private Connection $connection)
    {
    }

    public function quote(string $identifier): string
    {
        return $this->connection->getType() === 'mysql' ? "`{$identifier}`" : "\"{$identifier}\"";
    }

    public function forSql(string $value): string
    {
        return substr($this->connection->pdo()->quote($value), 1, -1);
    }
}

class Result
{
    public function __construct(private array $rows)
    {
    }

    public function fetch(): array|false
    {
        return array_shift($this->rows) ?? false;
    }

    public function fetchAll(): array
    {
        $rows = $this->rows;
        $this->rows = [];

        return $rows;
    }
}

class Connection
{
    private \PDO $pdo;
    private int $affected = 0;
    /** @var array<string, resource> */
    private array $locks = [];
    /** Set by tests: every statement fails with this text. */
    public ?string $failure = null;

    public function __construct(private string $dsn)
    {
        [$address, $user, $password] = array_pad(explode('|', $dsn), 3, null);
        $this->pdo = new \PDO($address, $user, $password, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION]);
        if ($this->getType() === 'sqlite') {
            $this->pdo->exec('PRAGMA journal_mode = WAL');
            $this->pdo->exec('PRAGMA synchronous = NORMAL');
            $this->pdo->exec('PRAGMA busy_timeout = 5000');
        } else {
            $this->pdo->exec("SET NAMES utf8mb4");
        }
    }

    public function pdo(): \PDO
    {
        return $this->pdo;
    }

    public function getType(): string
    {
        return $this->pdo->getAttribute(\PDO::ATTR_DRIVER_NAME);
    }

    public function getSqlHelper(): SqlHelper
    {
        return new SqlHelper($this);
    }

    public function getDatabase(): string
    {
        return explode('|', $this->dsn)[0];
    }

    public function getHost(): string
    {
        return 'localhost';
    }

    /** @param array<int, mixed> $values positional; a convenience of the stub for its own ORM */
    public function query(string $sql, array $values = []): Result
    {
        if ($this->failure !== null) {
            throw new SqlQueryException($this->failure);
        }
        try {
            $statement = $this->pdo->prepare($sql);
            $statement->execute($values);
        } catch (\PDOException $error) {
            throw (string) $error->getCode() === '23000'
                ? new DuplicateEntryException($error->getMessage())
                : new SqlQueryException("{$error->getMessage()}: {$sql}");
        }
        $this->affected = $statement->rowCount();

        return new Result($statement->columnCount() > 0 ? $statement->fetchAll(\PDO::FETCH_ASSOC) : []);
    }

    public function queryExecute(string $sql): void
    {
        $this->query($sql);
    }

    public function queryScalar(string $sql): mixed
    {
        $row = $this->query($sql)->fetch();

        return $row === false ? null : reset($row);
    }

    public function getAffectedRowsCount(): int
    {
        return $this->affected;
    }

    public function getInsertedId(): int
    {
        return (int) $this->pdo->lastInsertId();
    }

    public function isTableExists(string $table): bool
    {
        return $this->getType() === 'sqlite'
            ? $this->query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?", [$table])->fetch() !== false
            : $this->query('SHOW TABLES LIKE ?', [$table])->fetch() !== false;
    }

    /** @param string[] $columns */
    public function isIndexExists(string $table, array $columns): bool
    {
        foreach ($this->indexes($table) as $indexed) {
            if ($indexed === $columns) {
                return true;
            }
        }

        return false;
    }

    /** @param string[] $columns */
    public function createIndex(string $table, string $name, array $columns): void
    {
        $quoted = implode(', ', array_map([$this->getSqlHelper(), 'quote'], $columns));
        $this->query("CREATE INDEX {$name} ON {$table} ({$quoted})");
    }

    public function dropTable(string $table): void
    {
        $this->query("DROP TABLE {$table}");
    }

    public function startTransaction(): void
    {
        $this->pdo->beginTransaction();
    }

    public function commitTransaction(): void
    {
        $this->pdo->commit();
    }

    public function rollbackTransaction(): void
    {
        $this->pdo->rollBack();
    }

    /** Held by the connection, as GET_LOCK is; taking it again is allowed. */
    public function lock(string $name, int $timeout = 0): bool
    {
        if (isset($this->locks[$name])) {
            return true;
        }
        $file = fopen(dirname((string) getenv('AMOBRIDGE_STUB_ROOT')) . '/' . md5($this->dsn . $name) . '.lock', 'c');
        $stopAt = microtime(true) + $timeout;
        while (!flock($file, LOCK_EX | LOCK_NB)) {
            if (microtime(true) >= $stopAt) {
                return false;
            }
            usleep(20000);
        }
        $this->locks[$name] = $file;

        return true;
    }

    public function unlock(string $name): bool
    {
        if (!isset($this->locks[$name])) {
            return false;
        }
        fclose($this->locks[$name]);
        unset($this->locks[$name]);

        return true;
    }

    /** @return array<int, string[]> */
    private function indexes(string $table): array
    {
        $found = [];
        if ($this->getType() === 'sqlite') {
            foreach ($this->query("PRAGMA index_list({$table})")->fetchAll() as $index) {
                $found[$index['name']] = array_column($this->query("PRAGMA index_info({$index['name']})")->fetchAll(), 'name');
            }

            return $found;
        }
        foreach ($this->query("SHOW INDEX FROM {$table}")->fetchAll() as $part) {
            $found[$part['Key_name']][] = $part['Column_name'];
        }

        return $found;
    }
}
