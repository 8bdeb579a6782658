<?php

use Amobridge\Shop\Admin\Actions;
use Amobridge\Shop\Module;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;

/** @var CMain $APPLICATION */

Loc::loadMessages(__FILE__);

$right = $APPLICATION->GetGroupRight('amobridge.shop');
if ($right < 'R' || !Loader::includeModule('amobridge.shop')) {
    return;
}

$request = Application::getInstance()->getContext()->getRequest();
$module = Module::current();
$actions = new Actions($module);
$notice = Actions::mayAct($right, $request) ? $actions->run($request) : null;
$page = $APPLICATION->GetCurPage() . '?mid=amobridge.shop&lang=' . LANGUAGE_ID;

// an offered secret is shown at once and never again; everything else is redirected, so that F5 repeats nothing
if ($notice !== null && !$notice->isError && $notice->code !== 'OFFERED') {
    LocalRedirect($page . '&done=' . $notice->code);
}

$done = (string) $request->getQuery('done');
$doneTexts = [
    'SAVED' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_SAVED'),
    'PAIRED' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_PAIRED'),
    'UNPAIRED' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_UNPAIRED'),
];
$failedTexts = [
    'SITE_URL' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_FAILED_SITE_URL'),
    'PAIR_CODE' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_FAILED_CODE'),
    'PAIR_URL' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_FAILED_URL'),
    'PAIR_UNREACHABLE' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_FAILED_UNREACHABLE'),
    'PAIR_REFUSED' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_FAILED_REFUSED'),
    'PAIR_ANSWER' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_FAILED_ANSWER'),
    'PAIR_CONNECTION' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_FAILED_CONNECTION'),
];
$familyTexts = [
    'statuses' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_TICK_STATUSES'),
    'properties' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_TICK_PROPERTIES'),
    'buyers' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_TICK_BUYERS'),
    'products' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_TICK_PRODUCTS'),
];

if ($notice !== null && $notice->isError) {
    CAdminMessage::ShowMessage(trim(($failedTexts[$notice->code] ?? $notice->code) . ' ' . $notice->details));
} elseif (isset($doneTexts[$done])) {
    CAdminMessage::ShowMessage(['TYPE' => 'OK', 'MESSAGE' => $doneTexts[$done]]);
}

$siteUrl = $module->settings->siteUrl() ?: Actions::addressOf($request);
$disabled = $right === 'W' ? '' : ' disabled';
$tabs = new CAdminTabControl('amobridge_shop', [
    ['DIV' => 'edit1', 'TAB' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_TAB'), 'TITLE' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_TAB_TITLE')],
    ['DIV' => 'edit2', 'TAB' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_PAIR_TAB'), 'TITLE' => Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_PAIR_TITLE')],
]);
$tabs->Begin();
$tabs->BeginNextTab();
?>
<tr>
    <td colspan="2">
        <form method="post" action="<?= htmlspecialcharsbx($page) ?>">
            <?= bitrix_sessid_post() ?>
            <p>
                <label><?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_SITE_URL') ?>
                    <input type="text" name="site_url" size="50" value="<?= htmlspecialcharsbx($siteUrl) ?>"<?= $disabled ?>>
                </label>
            </p>
            <p><?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_TICKS') ?></p>
            <?php foreach ($actions->ticks() as $family => $isTicked) : ?>
                <label>
                    <input type="checkbox" name="ticks[]" value="<?= $family ?>"<?= $isTicked ? ' checked' : '' ?><?= $disabled ?>>
                    <?= htmlspecialcharsbx($familyTexts[$family]) ?>
                </label><br>
            <?php endforeach ?>
            <p>
                <label>
                    <input type="checkbox" name="respect_locks" value="Y"<?= $module->settings->respectsLocks() ? ' checked' : '' ?><?= $disabled ?>>
                    <?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_LOCKS') ?>
                </label>
            </p>
            <button type="submit" class="adm-btn-save" name="amobridge_action" value="save"<?= $disabled ?>>
                <?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_SAVE') ?>
            </button>
        </form>
    </td>
</tr>
<?php $tabs->BeginNextTab() ?>
<tr>
    <td colspan="2">
        <form method="post" action="<?= htmlspecialcharsbx($page) ?>">
            <?= bitrix_sessid_post() ?>
            <?php if ($notice !== null && $notice->code === 'OFFERED') : ?>
                <p><?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_OFFERED') ?></p>
                <p><code><?= htmlspecialcharsbx($notice->details) ?></code></p>
            <?php endif ?>
            <?php if ($module->settings->isPaired()) : ?>
                <p>
                    <?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_IS_PAIRED') ?>
                    <b><?= htmlspecialcharsbx($module->settings->connection()) ?></b>
                    <?= htmlspecialcharsbx($module->settings->serviceUrl()) ?>
                </p>
                <button type="submit" name="amobridge_action" value="unpair"<?= $disabled ?>>
                    <?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_UNPAIR') ?>
                </button>
            <?php endif ?>
            <p>
                <label><?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_CODE') ?>
                    <input type="text" name="pairing_code" size="60" autocomplete="off" value=""<?= $disabled ?>>
                </label>
                <button type="submit" name="amobridge_action" value="pair"<?= $disabled ?>>
                    <?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_PAIR') ?>
                </button>
            </p>
            <p><?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_REVERSE') ?></p>
            <p>
                <label><?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_CONNECTION') ?>
                    <input type="text" name="connection" size="30" value=""<?= $disabled ?>>
                </label>
                <button type="submit" name="amobridge_action" value="offer"<?= $disabled ?>>
                    <?= Loc::getMessage('AMOBRIDGE_SHOP_OPTIONS_OFFER') ?>
                </button>
            </p>
        </form>
    </td>
</tr>
<?php
$tabs->End();
