<?php

declare(strict_types=1);

namespace Amobridge\Shop\Exchange;

use Amobridge\Shop\Settings;
use Bitrix\Main\Web\HttpClient;

/** The kernel's client: it knows the site's proxy. Redirects are not followed, a signed body goes nowhere else. */
final class HttpTransport implements Transport
{
    private const READ = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'retry-after'];
    private const MAX_BYTES = 1024 * 1024;
    private const CONNECT_SECONDS = 2;

    public function __construct(private Settings $settings)
    {
    }

    public function post(string $url, string $body, array $headers, int $seconds): HttpAnswer
    {
        $client = new HttpClient([
            'socketTimeout' => self::CONNECT_SECONDS,
            'streamTimeout' => $seconds,
            'redirect' => false,
            'bodyLengthMax' => self::MAX_BYTES,
            'privateIp' => ServiceUrl::isLoopback($url) || $this->settings->allowsPrivateService(),
            'headers' => $headers + ['Content-Type' => 'application/json; charset=utf-8'],
        ]);
        $answer = $client->post($url, $body);
        if ($answer === false) {
            throw new NoAnswer(implode('; ', array_map('strval', $client->getError())) ?: 'no connection');
        }
        $received = [];
        foreach (self::READ as $name) {
            $received[$name] = (string) $client->getHeaders()->get($name);
        }

        return new HttpAnswer($client->getStatus(), $answer, $received);
    }
}
