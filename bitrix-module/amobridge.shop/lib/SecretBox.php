<?php

declare(strict_types=1);

namespace Amobridge\Shop;

use Bitrix\Main\ORM\Fields\CryptoField;
use Bitrix\Main\Security\Cipher;
use Bitrix\Main\Security\SecurityException;

/** Keeps a secret out of database dumps where the site has a key of its own (`crypto_key` of .settings.php). */
final class SecretBox
{
    public static function close(string $plain): string
    {
        return CryptoField::cryptoAvailable()
            ? 'enc:' . base64_encode((new Cipher())->encrypt($plain, CryptoField::getDefaultKey()))
            : 'raw:' . $plain;
    }

    /** '' when nothing is kept, or when the site came to another key: then it has to be paired again. */
    public static function open(string $stored): string
    {
        [$form, $value] = array_pad(explode(':', $stored, 2), 2, '');
        if ($form !== 'enc') {
            return $value;
        }
        try {
            return (new Cipher())->decrypt((string) base64_decode($value, true), CryptoField::getDefaultKey());
        } catch (SecurityException) {
            return '';
        }
    }
}
