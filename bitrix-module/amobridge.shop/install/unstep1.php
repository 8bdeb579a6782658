<?php

use Bitrix\Main\Localization\Loc;

/** @var CMain $APPLICATION */

if (!check_bitrix_sessid()) {
    return;
}

Loc::loadMessages(__FILE__);

?>
<form action="<?= htmlspecialcharsbx($APPLICATION->GetCurPage()) ?>">
    <?= bitrix_sessid_post() ?>
    <input type="hidden" name="lang" value="<?= htmlspecialcharsbx(LANGUAGE_ID) ?>">
    <input type="hidden" name="id" value="amobridge.shop">
    <input type="hidden" name="uninstall" value="Y">
    <input type="hidden" name="step" value="2">
    <?php CAdminMessage::ShowMessage(Loc::getMessage('AMOBRIDGE_SHOP_UNSTEP_WARNING')) ?>
    <p>
        <label>
            <input type="checkbox" name="savedata" value="Y" checked>
            <?= Loc::getMessage('AMOBRIDGE_SHOP_UNSTEP_SAVE') ?>
        </label>
    </p>
    <input type="submit" value="<?= Loc::getMessage('AMOBRIDGE_SHOP_UNSTEP_GO') ?>">
</form>
