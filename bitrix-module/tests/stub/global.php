<?php

declare(strict_types=1);

use Bitrix\Main\Application;
use Bitrix\Main\ORM\Data\DataManager;
use Bitrix\Main\ORM\Fields\IntegerField;
use Bitrix\Main\ORM\Fields\StringField;

class CModule
{
    public $MODULE_ID;
    public $MODULE_NAME;
    public $MODULE_DESCRIPTION;
    public $MODULE_VERSION;
    public $MODULE_VERSION_DATE;
    public $PARTNER_NAME;
    public $PARTNER_URI;
    public $MODULE_GROUP_RIGHTS = 'N';
    public $MODULE_SORT = 10000;

    public function DoInstall()
    {
    }

    public function DoUninstall()
    {
    }

    public function InstallDB()
    {
        return false;
    }

    public function UnInstallDB()
    {
    }

    public function InstallEvents()
    {
    }

    public function UnInstallEvents()
    {
    }

    public function InstallFiles()
    {
    }

    public function UnInstallFiles()
    {
    }
}

/** Thrown where the kernel would print a page and die. */
final class StubPageEnd extends Exception
{
}

class CMain
{
    /** What GetGroupRight answers; tests set it. */
    public static string $right = 'W';
    public ?string $exception = null;
    public ?string $includedFile = null;

    public function ThrowException(string $text): void
    {
        $this->exception = $text;
    }

    public function GetException(): ?string
    {
        return $this->exception;
    }

    public function ResetException(): void
    {
        $this->exception = null;
    }

    public function GetGroupRight(string $module): string
    {
        return self::$right;
    }

    public function GetCurPage(): string
    {
        return '/bitrix/admin/partner_modules.php';
    }

    public function SetTitle(string $title): void
    {
    }

    public function AuthForm(string $text): void
    {
        throw new StubPageEnd($text);
    }

    public function IncludeAdminFile(string $title, string $file): void
    {
        $this->includedFile = $file;
        $APPLICATION = $this;
        include $file;
        throw new StubPageEnd($file);
    }

    public static function FinalActions(string $body = ''): void
    {
        $response = Application::getInstance()->getContext()->getResponse();
        if (PHP_SAPI !== 'cli') {
            http_response_code((int) $response->status);
            foreach ($response->headers as $name => $value) {
                header("{$name}: {$value}");
            }
            header('Content-Length: ' . strlen($body));
        }
        echo $body;
        flush();
        Application::getInstance()->runJobs();
    }
}

class CUser
{
    public function GetID()
    {
        return null;
    }
}

/** Rows of b_agent. */
final class StubAgentTable extends DataManager
{
    public static function getTableName(): string
    {
        return 'b_agent';
    }

    public static function getMap(): array
    {
        return [
            (new IntegerField('ID', ['size' => 8]))->configurePrimary()->configureAutocomplete(),
            new StringField('NAME'),
            new StringField('MODULE_ID'),
            new StringField('IS_PERIOD', ['size' => 1]),
            new IntegerField('AGENT_INTERVAL', ['size' => 8]),
        ];
    }
}

class CAgent
{
    public static function AddAgent(
        $name,
        $module = '',
        $period = 'N',
        $interval = 86400,
        $datecheck = '',
        $active = 'Y',
        $nextExec = '',
        $sort = 100,
        $userId = false,
        $existError = true
    ) {
        $known = StubAgentTable::getRow(['filter' => ['=NAME' => $name]]);
        if ($known !== null) {
            return $existError ? false : (int) $known['ID'];
        }

        return StubAgentTable::add([
            'NAME' => $name,
            'MODULE_ID' => $module,
            'IS_PERIOD' => $period,
            'AGENT_INTERVAL' => $interval,
        ])->getId();
    }

    public static function RemoveModuleAgents($module): void
    {
        foreach (StubAgentTable::getList(['filter' => ['=MODULE_ID' => $module]])->fetchAll() as $row) {
            StubAgentTable::delete($row['ID']);
        }
    }

    /** Runs each agent once, as cron does: no user, no session; what it returns is its next call. */
    public static function CheckAgents(): void
    {
        $user = $GLOBALS['USER'] ?? null;
        foreach (StubAgentTable::getList()->fetchAll() as $row) {
            $GLOBALS['USER'] = null;
            Bitrix\Main\Loader::includeModule($row['MODULE_ID']);
            $next = eval("return {$row['NAME']}");
            is_string($next) && $next !== ''
                ? StubAgentTable::update($row['ID'], ['NAME' => $next])
                : StubAgentTable::delete($row['ID']);
        }
        $GLOBALS['USER'] = $user;
    }
}

class CEventLog
{
    /** @var array<int, array<string, string>> */
    public static array $entries = [];

    public static function Add(array $entry): int
    {
        self::$entries[] = $entry;

        return count(self::$entries);
    }
}

class CAdminMessage
{
    public static function ShowMessage($message): void
    {
        echo '<div>' . htmlspecialcharsbx(is_array($message) ? $message['MESSAGE'] : $message) . '</div>';
    }
}

class CAdminTabControl
{
    public function __construct(private string $name, private array $tabs)
    {
    }

    public function Begin(): void
    {
    }

    public function BeginNextTab(): void
    {
    }

    public function Buttons(): void
    {
    }

    public function End(): void
    {
    }

    public function ActiveTabParam(): string
    {
        return "{$this->name}_active_tab=edit1";
    }
}

class CCatalogSku
{
    /** @var array<int, int> offer => product; tests fill it */
    public static array $parents = [];

    public static function getProductList(array $offerIds): array
    {
        $found = [];
        foreach ($offerIds as $id) {
            if (isset(self::$parents[$id])) {
                $found[$id] = ['ID' => self::$parents[$id]];
            }
        }

        return $found;
    }
}

function getLocalPath(string $path): string|false
{
    foreach (['/local', '/bitrix'] as $holder) {
        if (file_exists(Application::getDocumentRoot() . "{$holder}/{$path}")) {
            return "{$holder}/{$path}";
        }
    }

    return false;
}

function CheckVersion(string $have, string $need): bool
{
    return version_compare($have, $need, '>=');
}

function CopyDirFiles(string $from, string $to, bool $rewrite = true, bool $recursive = false): bool
{
    if (!is_dir($from)) {
        return false;
    }
    is_dir($to) || mkdir($to, 0777, true);
    foreach (array_diff(scandir($from), ['.', '..']) as $name) {
        is_dir("{$from}/{$name}")
            ? ($recursive && CopyDirFiles("{$from}/{$name}", "{$to}/{$name}", $rewrite, true))
            : copy("{$from}/{$name}", "{$to}/{$name}");
    }

    return true;
}

function DeleteDirFiles(string $from, string $to): void
{
    foreach (is_dir($from) ? array_diff(scandir($from), ['.', '..']) : [] as $name) {
        is_file("{$to}/{$name}") && unlink("{$to}/{$name}");
    }
}

function DeleteDirFilesEx(string $path): bool
{
    $full = Application::getDocumentRoot() . $path;
    if (is_file($full)) {
        return unlink($full);
    }
    foreach (is_dir($full) ? array_diff(scandir($full), ['.', '..']) : [] as $name) {
        DeleteDirFilesEx("{$path}/{$name}");
    }

    return is_dir($full) && rmdir($full);
}

function htmlspecialcharsbx($text)
{
    return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

function bitrix_sessid(): string
{
    return 'stub-session';
}

function bitrix_sessid_post(): string
{
    return '<input type="hidden" name="sessid" value="' . bitrix_sessid() . '">';
}

function check_bitrix_sessid(): bool
{
    return ($_POST['sessid'] ?? '') === bitrix_sessid();
}

function LocalRedirect(string $url): void
{
    throw new StubPageEnd("redirect {$url}");
}
