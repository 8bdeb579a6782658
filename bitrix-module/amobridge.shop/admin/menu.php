<?php

use Bitrix\Main\Localization\Loc;

/** @var CMain $APPLICATION */

Loc::loadMessages(__FILE__);

if ($APPLICATION->GetGroupRight('amobridge.shop') < 'R') {
    return false;
}

return [
    'parent_menu' => 'global_menu_store',
    'sort' => 900,
    'text' => Loc::getMessage('AMOBRIDGE_SHOP_MENU'),
    'title' => Loc::getMessage('AMOBRIDGE_SHOP_MENU_TITLE'),
    'url' => 'amobridge_shop_status.php?lang=' . LANGUAGE_ID,
    'icon' => 'sale_menu_icon_crm',
    'items_id' => 'menu_amobridge_shop',
    'items' => [],
];
