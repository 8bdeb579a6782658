<?php

use Amobridge\Shop\Admin\Actions;
use Amobridge\Shop\Admin\Health;
use Amobridge\Shop\Module;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;

/** @var CMain $APPLICATION */

require_once $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_before.php';

Loc::loadMessages(__FILE__);

$right = $APPLICATION->GetGroupRight('amobridge.shop');
if ($right < 'R' || !Loader::includeModule('amobridge.shop')) {
    $APPLICATION->AuthForm(Loc::getMessage('AMOBRIDGE_SHOP_STATUS_DENIED'));
}

$request = Application::getInstance()->getContext()->getRequest();
if (Actions::mayAct($right, $request)) {
    (new Actions(Module::current()))->run($request);
    LocalRedirect($APPLICATION->GetCurPage() . '?lang=' . LANGUAGE_ID);
}

$health = new Health(Module::current());
$texts = [
    'CONNECTION' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_CONNECTION'),
    'ENDPOINT' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_ENDPOINT'),
    'WAITING' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_WAITING'),
    'OLDEST' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_OLDEST'),
    'REJECTED' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_REJECTED'),
    'LAST_EXCHANGE' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_LAST_EXCHANGE'),
    'LAST_PULL' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_LAST_PULL'),
    'LAST_AGENT' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_LAST_AGENT'),
    'LAST_FAILURE' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_LAST_FAILURE'),
    'LAST_REFUSAL' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_LAST_REFUSAL'),
    'CLOCK_OFFSET' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_CLOCK_OFFSET'),
    'LOST_EVENTS' => Loc::getMessage('AMOBRIDGE_SHOP_STATUS_LOST_EVENTS'),
];

$APPLICATION->SetTitle(Loc::getMessage('AMOBRIDGE_SHOP_STATUS_TITLE'));

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';

if (!$health->isAtHome()) {
    CAdminMessage::ShowMessage(Loc::getMessage('AMOBRIDGE_SHOP_STATUS_CHANGED'));
}
?>
<form method="post" action="<?= htmlspecialcharsbx($APPLICATION->GetCurPage() . '?lang=' . LANGUAGE_ID) ?>">
    <?= bitrix_sessid_post() ?>
    <?php if (!$health->isAtHome() && $right === 'W') : ?>
        <p>
            <button type="submit" name="amobridge_action" value="moved"><?= Loc::getMessage('AMOBRIDGE_SHOP_STATUS_MOVED') ?></button>
            <button type="submit" name="amobridge_action" value="copy"><?= Loc::getMessage('AMOBRIDGE_SHOP_STATUS_COPY') ?></button>
        </p>
    <?php endif ?>
    <table class="internal">
        <?php foreach ($health->rows() as $code => $value) : ?>
            <tr>
                <td><?= htmlspecialcharsbx($texts[$code]) ?></td>
                <td><?= htmlspecialcharsbx($value === '' ? Loc::getMessage('AMOBRIDGE_SHOP_STATUS_NONE') : $value) ?></td>
            </tr>
        <?php endforeach ?>
    </table>
    <?php if ($right === 'W') : ?>
        <p>
            <button type="submit" name="amobridge_action" value="repair"><?= Loc::getMessage('AMOBRIDGE_SHOP_STATUS_REPAIR') ?></button>
            <button type="submit" name="amobridge_action" value="resend"><?= Loc::getMessage('AMOBRIDGE_SHOP_STATUS_RESEND') ?></button>
        </p>
    <?php endif ?>
</form>
<?php
require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
