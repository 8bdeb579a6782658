<?php

declare(strict_types=1);

namespace Bitrix\Main {
    use Bitrix\Main\ORM\Data\DataManager;
    use Bitrix\Main\ORM\Fields\StringField;

    /** Rows of b_module. */
    final class ModuleTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_module';
        }

        public static function getMap(): array
        {
            return [(new StringField('ID', ['size' => 50]))->configurePrimary()];
        }
    }

    class ModuleManager
    {
        /** Modules every stub shop has, with their versions. */
        public static array $builtIn = ['main' => '25.550.0', 'sale' => '25.550.0', 'catalog' => '25.550.0', 'currency' => '25.550.0'];

        public static function registerModule(string $id): void
        {
            if (!self::isModuleInstalled($id)) {
                ModuleTable::add(['ID' => $id]);
            }
        }

        public static function unRegisterModule(string $id): void
        {
            // takes the agents along, leaves the event handlers (docs/facts/bitrix.md, installer)
            \CAgent::RemoveModuleAgents($id);
            ModuleTable::delete($id);
        }

        public static function isModuleInstalled(string $id): bool
        {
            return isset(self::$builtIn[$id]) || ModuleTable::getRow(['filter' => ['=ID' => $id]]) !== null;
        }

        public static function getVersion(string $id): string|false
        {
            return self::$builtIn[$id] ?? (self::isModuleInstalled($id) ? '1.0.0' : false);
        }
    }

    class Loader
    {
        /** @var array<string, string> namespace prefix => lib folder */
        private static array $namespaces = [];

        public static function includeModule(string $id): bool
        {
            if (!ModuleManager::isModuleInstalled($id)) {
                return false;
            }
            $folder = getLocalPath("modules/{$id}");
            if ($folder === false) {
                return isset(ModuleManager::$builtIn[$id]);
            }
            $root = Application::getDocumentRoot() . $folder;
            $namespace = implode('\\', array_map('ucfirst', explode('.', $id)));
            self::$namespaces[$namespace] = "{$root}/lib";

            return !is_file("{$root}/include.php") || (include_once "{$root}/include.php") !== false;
        }

        public static function requireModule(string $id): bool
        {
            return self::includeModule($id) ?: throw new LoaderException("Required module `{$id}` was not found");
        }

        /** lib/outbox/sender.php, then lib/Outbox/Sender.php; `FooTable` may live in foo.php. */
        public static function autoLoad(string $class): void
        {
            foreach (self::$namespaces as $namespace => $folder) {
                if (!str_starts_with($class, "{$namespace}\\")) {
                    continue;
                }
                $path = str_replace('\\', '/', substr($class, strlen($namespace) + 1));
                foreach ([strtolower($path), $path, preg_replace('/table$/', '', strtolower($path))] as $candidate) {
                    if (is_file("{$folder}/{$candidate}.php")) {
                        require_once "{$folder}/{$candidate}.php";

                        return;
                    }
                }
            }
        }

        public static function forget(): void
        {
            self::$namespaces = [];
        }
    }

    spl_autoload_register([Loader::class, 'autoLoad']);

    class Application
    {
        public const JOB_PRIORITY_NORMAL = 100;
        public const JOB_PRIORITY_LOW = 50;

        private static ?self $instance = null;
        private static ?DB\Connection $connection = null;
        private array $jobs = [];
        private Context $context;

        private function __construct()
        {
            $this->context = new Context();
        }

        public static function getInstance(): self
        {
            return self::$instance ??= new self();
        }

        public static function getConnection(): DB\Connection
        {
            return self::$connection ??= new DB\Connection((string) getenv('AMOBRIDGE_STUB_DSN'));
        }

        public static function getDocumentRoot(): string
        {
            return (string) getenv('AMOBRIDGE_STUB_ROOT');
        }

        public function getContext(): Context
        {
            return $this->context;
        }

        public function getConnectionPool(): self
        {
            return $this;
        }

        public function useMasterOnly(bool $on): void
        {
        }

        public function addBackgroundJob(callable $job, array $arguments = [], int $priority = self::JOB_PRIORITY_NORMAL): self
        {
            $this->jobs[] = [$job, $arguments];

            return $this;
        }

        public function jobCount(): int
        {
            return count($this->jobs);
        }

        /** As when a script ends with a bare die(). */
        public function forgetJobs(): void
        {
            $this->jobs = [];
        }

        /** Jobs may add jobs; the last exception is rethrown at the end. */
        public function runJobs(): void
        {
            $last = null;
            while ($this->jobs !== []) {
                [$job, $arguments] = array_shift($this->jobs);
                try {
                    $job(...$arguments);
                } catch (\Throwable $error) {
                    $last = $error;
                }
            }
            if ($last !== null) {
                throw $last;
            }
        }

        /** As at the start of a new hit. */
        public static function reset(bool $dropConnection = true): void
        {
            self::$instance = null;
            self::$connection = $dropConnection ? null : self::$connection;
        }
    }
}

namespace Bitrix\Main\Config {
    use Bitrix\Main\ORM\Data\DataManager;
    use Bitrix\Main\ORM\Fields\StringField;
    use Bitrix\Main\ORM\Fields\TextField;

    final class OptionTable extends DataManager
    {
        public static function getTableName(): string
        {
            return 'b_option';
        }

        public static function getMap(): array
        {
            return [
                (new StringField('KEYNAME', ['size' => 190]))->configurePrimary(),
                new StringField('MODULE_ID'),
                new TextField('VALUE'),
            ];
        }
    }

    class Option
    {
        public static function get(string $module, string $name, mixed $default = ''): string
        {
            $row = OptionTable::getRow(['filter' => ['=KEYNAME' => "{$module}:{$name}"]]);
            if ($row !== null) {
                return $row['VALUE'];
            }
            if ($default !== '') {
                return (string) $default;
            }
            $folder = getLocalPath("modules/{$module}");
            if ($folder === false || !is_file(\Bitrix\Main\Application::getDocumentRoot() . "{$folder}/default_option.php")) {
                return '';
            }
            include \Bitrix\Main\Application::getDocumentRoot() . "{$folder}/default_option.php";
            $variable = str_replace('.', '_', $module) . '_default_option';

            return (string) ($$variable[$name] ?? '');
        }

        public static function set(string $module, string $name, mixed $value): void
        {
            OptionTable::delete("{$module}:{$name}");
            OptionTable::add(['KEYNAME' => "{$module}:{$name}", 'MODULE_ID' => $module, 'VALUE' => (string) $value]);
        }

        public static function delete(string $module, array $filter = []): void
        {
            foreach (OptionTable::getList(['filter' => ['=MODULE_ID' => $module]])->fetchAll() as $row) {
                if (!isset($filter['name']) || $row['KEYNAME'] === "{$module}:{$filter['name']}") {
                    OptionTable::delete($row['KEYNAME']);
                }
            }
        }
    }
}

namespace Bitrix\Main\Localization {
    class Loc
    {
        public static string $language = 'ru';
        private static array $messages = [];

        /** The language file mirrors the file's place in its module. */
        public static function loadMessages(string $file): void
        {
            for ($root = dirname($file); $root !== dirname($root); $root = dirname($root)) {
                $path = "{$root}/lang/" . self::$language . substr($file, strlen($root));
                if (is_file($path)) {
                    $MESS = [];
                    include $path;
                    self::$messages = $MESS + self::$messages;

                    return;
                }
            }
        }

        public static function getMessage(string $code, array $replace = []): ?string
        {
            if (!isset(self::$messages[$code])) {
                // classes of lib/ are found lazily by the caller's file
                foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 4) as $frame) {
                    self::loadMessages($frame['file'] ?? '');
                }
            }

            return isset(self::$messages[$code]) ? strtr(self::$messages[$code], $replace) : null;
        }
    }
}

namespace Bitrix\Main\Security {
    class SecurityException extends \Bitrix\Main\SystemException
    {
    }

    class Cipher
    {
        public function encrypt(string $data, string $key): string
        {
            $iv = random_bytes(16);

            return $iv . hash('sha256', $data, true)
                . openssl_encrypt($data, 'aes-256-ctr', hash('sha256', $key, true), OPENSSL_RAW_DATA, $iv);
        }

        public function decrypt(string $data, string $key): string
        {
            $plain = openssl_decrypt(
                substr($data, 48),
                'aes-256-ctr',
                hash('sha256', $key, true),
                OPENSSL_RAW_DATA,
                substr($data, 0, 16)
            );
            if ($plain === false || !hash_equals(substr($data, 16, 32), hash('sha256', $plain, true))) {
                throw new SecurityException('Decryption failed');
            }

            return $plain;
        }
    }
}

namespace Bitrix\Main\ORM\Fields {
    class CryptoField
    {
        public static string $key = 'the-key-of-this-site';

        public static function cryptoAvailable(): bool
        {
            return self::$key !== '';
        }

        public static function getDefaultKey(): string
        {
            return self::$key;
        }
    }
}
