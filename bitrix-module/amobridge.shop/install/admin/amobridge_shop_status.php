<?php

// the kernel's getLocalPath() is not loaded before the prolog, hence the loop
foreach (['/local', '/bitrix'] as $amobridgeHolder) {
    $amobridgePage = $_SERVER['DOCUMENT_ROOT'] . $amobridgeHolder . '/modules/amobridge.shop/admin/status.php';
    if (is_file($amobridgePage)) {
        require $amobridgePage;
        break;
    }
}
