<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Schema;
use Amobridge\Shop\Settings;
use Amobridge\Shop\Subscriptions;
use Amobridge\Shop\Table\StateTable;
use Bitrix\Main\Application;
use Bitrix\Main\Config\OptionTable;
use Bitrix\Main\HandlerTable;
use Bitrix\Main\ModuleManager;

final class InstallTest extends ShopCase
{
    protected function startsInstalled(): bool
    {
        return false;
    }

    public function testInstallingTwiceEndsInTheSameState(): void
    {
        $this->install();
        $once = $this->traces();
        $this->install();

        self::assertSame($once, $this->traces());
        self::assertSame(3, $once['handlers']);
        self::assertSame(1, $once['agents']);
        self::assertSame(['/bitrix/admin/amobridge_shop_status.php', '/bitrix/tools/amobridge.shop/exchange.php'], $once['files']);
        self::assertCount(count(Schema::TABLES), $once['tables']);
        self::assertSame([], Subscriptions::missing());
    }

    public function testUninstallingAsksFirst(): void
    {
        $this->install();
        $this->pair();
        $before = $this->traces();
        $_POST = ['sessid' => bitrix_sessid()];
        ob_start();
        try {
            $this->installer()->DoUninstall();
            self::fail('the step page ends the hit');
        } catch (\StubPageEnd) {
            $page = (string) ob_get_clean();
        }

        self::assertSame($before, $this->traces());
        self::assertStringContainsString('name="savedata" value="Y" checked', $page);
        self::assertStringContainsString(bitrix_sessid_post(), $page);
    }

    public function testUninstallingWithoutDataLeavesNothing(): void
    {
        $bare = $this->traces();
        $this->install();
        $this->pair();
        Orders::place();
        $this->endHit();
        $this->uninstall('N');

        self::assertSame($bare, $this->traces());
        self::assertFalse(ModuleManager::isModuleInstalled(Settings::MODULE_ID));
        self::assertDirectoryDoesNotExist(Application::getDocumentRoot() . '/upload/amobridge.shop');
    }

    public function testUninstallingMayKeepTheData(): void
    {
        $this->install();
        $this->pair();
        StateTable::write('epoch', '1:abcd');
        $this->uninstall('Y');
        $left = $this->traces();
        self::assertSame([0, 0, []], [$left['handlers'], $left['agents'], $left['files']]);
        self::assertCount(count(Schema::TABLES), $left['tables']);

        $this->install();
        self::assertSame(Service::SECRET, $this->module->settings->secret());
        self::assertSame('1:abcd', StateTable::read('epoch'));
    }

    public function testAnOldKernelIsRefusedInWords(): void
    {
        $versions = ModuleManager::$builtIn;
        ModuleManager::$builtIn['sale'] = '23.0.0';
        $done = $this->installer()->DoInstall();
        ModuleManager::$builtIn = $versions;

        self::assertFalse($done);
        self::assertStringContainsString('sale', (string) $GLOBALS['APPLICATION']->GetException());
        self::assertFalse(ModuleManager::isModuleInstalled(Settings::MODULE_ID));
    }

    public function testALostSubscriptionIsNoticed(): void
    {
        $this->install();
        HandlerTable::delete(HandlerTable::getRow(['filter' => ['=MESSAGE_ID' => 'ONSALEORDERSAVED']])['UNIQUE_ID']);

        self::assertSame(['OnSaleOrderSaved'], Subscriptions::missing());
    }

    public function testBothLanguagesHaveTheSameTexts(): void
    {
        $root = dirname(__DIR__, 2) . '/amobridge.shop/lang';
        $read = static function (string $file): array {
            $MESS = [];
            include $file;

            return array_keys($MESS);
        };
        $russian = self::phpFiles("{$root}/ru");
        self::assertNotSame([], $russian);
        self::assertSame($russian, self::phpFiles("{$root}/en"));
        foreach ($russian as $file) {
            self::assertSame($read("{$root}/ru{$file}"), $read("{$root}/en{$file}"), $file);
        }
    }

    public function testEveryTextThatIsAskedForExists(): void
    {
        $root = dirname(__DIR__, 2) . '/amobridge.shop';
        $asked = 0;
        foreach (self::phpFiles($root) as $file) {
            preg_match_all("/getMessage\\('([A-Z_0-9]+)'/", (string) file_get_contents($root . $file), $found);
            $MESS = [];
            if ($found[1] !== []) {
                include "{$root}/lang/ru{$file}";
            }
            foreach ($found[1] as $code) {
                self::assertArrayHasKey($code, $MESS, $file);
                $asked++;
            }
        }
        self::assertGreaterThan(5, $asked);
    }

    public function testEveryFileIsPlainPhp(): void
    {
        $root = dirname(__DIR__, 2) . '/amobridge.shop';
        foreach (self::phpFiles($root) as $file) {
            $text = (string) file_get_contents($root . $file);
            self::assertStringStartsWith("<?php\n", $text, $file);
            self::assertStringNotContainsString('/work/', $text, $file);
            self::assertDoesNotMatchRegularExpression('/\b(var_dump|eval|unserialize)\(|<\?(?!php|=)/', $text, $file);
            if (str_starts_with($file, '/lib/')) {
                self::assertStringContainsString('declare(strict_types=1);', $text, $file);
                $namespace = trim('Amobridge\\Shop\\' . str_replace('/', '\\', substr(dirname($file), 5)), '\\');
                self::assertStringContainsString("namespace {$namespace};", $text, $file);
            }
        }
    }

    /** @return string[] paths from the root, sorted */
    private static function phpFiles(string $root): array
    {
        $paths = [];
        foreach (new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root, \FilesystemIterator::SKIP_DOTS)) as $file) {
            if ($file->getExtension() === 'php') {
                $paths[] = substr($file->getPathname(), strlen($root));
            }
        }
        sort($paths);

        return $paths;
    }

    private function uninstall(string $savedata): void
    {
        $_POST = ['step' => '2', 'savedata' => $savedata, 'sessid' => bitrix_sessid()];
        $this->installer()->DoUninstall();
    }

    /** @return array<string, mixed> everything of ours that the site can see */
    private function traces(): array
    {
        $files = [];
        foreach (['/bitrix/admin', '/bitrix/tools'] as $folder) {
            $root = Application::getDocumentRoot() . $folder;
            foreach (is_dir($root) ? self::phpFiles($root) : [] as $file) {
                $files[] = $folder . $file;
            }
        }

        return [
            'handlers' => HandlerTable::getCount(['=TO_MODULE_ID' => Settings::MODULE_ID]),
            'agents' => \StubAgentTable::getCount(['=MODULE_ID' => Settings::MODULE_ID]),
            'files' => $files,
            'options' => OptionTable::getCount(['=MODULE_ID' => Settings::MODULE_ID]),
            'tables' => array_values(array_filter(
                array_map(static fn (string $table): string => $table::getTableName(), Schema::TABLES),
                [Application::getConnection(), 'isTableExists']
            )),
        ];
    }
}
