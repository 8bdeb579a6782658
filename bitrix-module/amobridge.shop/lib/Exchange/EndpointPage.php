<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Module;
use Bitrix\Main\Context;

/** Between exchange.php and the endpoint: takes the request of this hit, gives back the body of its response. */
final class EndpointPage
{
    public static function respond(): string
    {
        // parts of the shop's kernel call $USER unguarded; nobody is logged in (docs/facts/bitrix.md, changing status)
        if (!is_object($GLOBALS['USER'] ?? null)) {
            $GLOBALS['USER'] = new \CUser();
        }
        $endpoint = Module::current()->endpoint;
        $call = Incoming::read(Context::getCurrent()->getRequest());
        $answer = $endpoint->answer($call);
        $response = Context::getCurrent()->getResponse();
        $response->setStatus($answer->statusLine());
        $response->addHeader('Content-Type', 'application/json; charset=utf-8');
        $response->addHeader('Cache-Control', 'no-store');
        foreach ($endpoint->sign($answer, $call) as $name => $value) {
            $response->addHeader($name, $value);
        }

        return $answer->body;
    }
}
