<?php

// The machine endpoint: no statistics, no agents, no session file (docs/facts/bitrix.md, own endpoint file).
define('NO_KEEP_STATISTIC', true);
define('STOP_STATISTICS', true);
define('NO_AGENT_STATISTIC', 'Y');
define('NO_AGENT_CHECK', true);
define('NOT_CHECK_PERMISSIONS', true);
define('PUBLIC_AJAX_MODE', true);
define('BX_SECURITY_SESSION_VIRTUAL', true);

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_before.php';

$amobridgeBody = '';
if (\Bitrix\Main\Loader::includeModule('amobridge.shop')) {
    $amobridgeBody = \Amobridge\Shop\Exchange\EndpointPage::respond();
} else {
    \Bitrix\Main\Context::getCurrent()->getResponse()->setStatus('503 Service Unavailable');
}

// whatever a template or another module has printed would spoil the JSON
while (ob_get_level() > 0) {
    ob_end_clean();
}

\CMain::FinalActions($amobridgeBody);
