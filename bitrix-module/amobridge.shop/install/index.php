<?php

use Amobridge\Shop\Agent;
use Amobridge\Shop\Schema;
use Amobridge\Shop\Subscriptions;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Bitrix\Main\ModuleManager;

Loc::loadMessages(__FILE__);

class amobridge_shop extends CModule
{
    private const PHP_NEEDED = '8.1.0';
    private const MODULES_NEEDED = ['main' => '24.0.0', 'sale' => '24.0.0'];

    public $MODULE_ID = 'amobridge.shop';
    public $MODULE_GROUP_RIGHTS = 'Y';

    public function __construct()
    {
        $arModuleVersion = [];
        include __DIR__ . '/version.php';

        $this->MODULE_VERSION = $arModuleVersion['VERSION'];
        $this->MODULE_VERSION_DATE = $arModuleVersion['VERSION_DATE'];
        $this->MODULE_NAME = Loc::getMessage('AMOBRIDGE_SHOP_NAME');
        $this->MODULE_DESCRIPTION = Loc::getMessage('AMOBRIDGE_SHOP_DESCRIPTION');
        $this->PARTNER_NAME = Loc::getMessage('AMOBRIDGE_SHOP_PARTNER');
        $this->PARTNER_URI = 'https://example.com/amobridge';
    }

    public function DoInstall()
    {
        global $APPLICATION;

        $problem = $this->findUnmetRequirement();
        if ($problem !== null) {
            $APPLICATION->ThrowException($problem);

            return false;
        }

        // before it is registered, the loader refuses to include a module
        ModuleManager::registerModule($this->MODULE_ID);
        Loader::requireModule($this->MODULE_ID);
        $this->InstallDB();
        $this->InstallEvents();
        $this->InstallFiles();

        return true;
    }

    public function DoUninstall()
    {
        global $APPLICATION;

        $request = Application::getInstance()->getContext()->getRequest();
        if ((int) $request->get('step') < 2) {
            $APPLICATION->IncludeAdminFile(Loc::getMessage('AMOBRIDGE_SHOP_UNINSTALL'), __DIR__ . '/unstep1.php');

            return true;
        }

        Loader::requireModule($this->MODULE_ID);
        $this->UnInstallFiles();
        $this->UnInstallEvents();
        $this->UnInstallDB(['savedata' => $request->get('savedata')]);
        ModuleManager::unRegisterModule($this->MODULE_ID);

        return true;
    }

    public function InstallDB()
    {
        Schema::install();
        Agent::add();

        return true;
    }

    public function UnInstallDB($arParams = [])
    {
        CAgent::RemoveModuleAgents($this->MODULE_ID);
        if (($arParams['savedata'] ?? 'N') !== 'Y') {
            Schema::uninstall();
            Option::delete($this->MODULE_ID);
            DeleteDirFilesEx('/upload/' . $this->MODULE_ID);
        }

        return true;
    }

    public function InstallEvents()
    {
        Subscriptions::register();

        return true;
    }

    public function UnInstallEvents()
    {
        // the kernel leaves these rows behind, and they would come back to life on the next install
        Subscriptions::unregister();

        return true;
    }

    public function InstallFiles()
    {
        $root = Application::getDocumentRoot();
        CopyDirFiles(__DIR__ . '/admin', $root . '/bitrix/admin', true, true);
        CopyDirFiles(__DIR__ . '/tools', $root . '/bitrix/tools/' . $this->MODULE_ID, true, true);

        return true;
    }

    public function UnInstallFiles()
    {
        DeleteDirFiles(__DIR__ . '/admin', Application::getDocumentRoot() . '/bitrix/admin');
        DeleteDirFilesEx('/bitrix/tools/' . $this->MODULE_ID);

        return true;
    }

    private function findUnmetRequirement(): ?string
    {
        if (version_compare(PHP_VERSION, self::PHP_NEEDED, '<')) {
            return (string) Loc::getMessage('AMOBRIDGE_SHOP_NEEDS_PHP', ['#NEEDED#' => self::PHP_NEEDED, '#HAVE#' => PHP_VERSION]);
        }
        foreach (self::MODULES_NEEDED as $module => $version) {
            $have = ModuleManager::isModuleInstalled($module) ? (string) ModuleManager::getVersion($module) : '';
            if ($have === '' || !CheckVersion($have, $version)) {
                return (string) Loc::getMessage('AMOBRIDGE_SHOP_NEEDS_MODULE', ['#MODULE#' => $module, '#NEEDED#' => $version]);
            }
        }

        return null;
    }
}
