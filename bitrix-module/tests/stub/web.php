<?php

declare(strict_types=1);

namespace Bitrix\Main {
    class HttpRequest
    {
        /** Set by tests; otherwise php://input. */
        public static ?string $input = null;

        public static function getInput(): string
        {
            return self::$input ?? (string) file_get_contents('php://input');
        }

        public function getHeader(string $name): ?string
        {
            return $_SERVER['HTTP_' . strtoupper(str_replace('-', '_', $name))] ?? null;
        }

        public function get(string $name): mixed
        {
            return $_POST[$name] ?? $_GET[$name] ?? null;
        }

        public function getPost(string $name): mixed
        {
            return $_POST[$name] ?? null;
        }

        public function getQuery(string $name): mixed
        {
            return $_GET[$name] ?? null;
        }

        public function getCookieRaw(string $name): mixed
        {
            return $_COOKIE[$name] ?? null;
        }

        public function getRequestMethod(): string
        {
            return $_SERVER['REQUEST_METHOD'] ?? '';
        }

        public function isPost(): bool
        {
            return $this->getRequestMethod() === 'POST';
        }

        public function isHttps(): bool
        {
            return ($_SERVER['HTTPS'] ?? '') === 'on';
        }

        public function isAdminSection(): bool
        {
            return defined('ADMIN_SECTION') && ADMIN_SECTION === true;
        }

        public function getHttpHost(): string
        {
            return $_SERVER['HTTP_HOST'] ?? '';
        }

        public function getRequestedPage(): string
        {
            return (string) parse_url($_SERVER['REQUEST_URI'] ?? '', PHP_URL_PATH);
        }
    }

    class HttpResponse
    {
        public string $status = '200 OK';
        /** @var array<string, string> */
        public array $headers = [];

        public function setStatus(string|int $status): static
        {
            $this->status = (string) $status;

            return $this;
        }

        public function addHeader(string $name, string $value): static
        {
            $this->headers[$name] = $value;

            return $this;
        }
    }

    class Context
    {
        private HttpRequest $request;
        private HttpResponse $response;

        public function __construct()
        {
            $this->request = new HttpRequest();
            $this->response = new HttpResponse();
        }

        public static function getCurrent(): self
        {
            return Application::getInstance()->getContext();
        }

        public function getRequest(): HttpRequest
        {
            return $this->request;
        }

        public function getResponse(): HttpResponse
        {
            return $this->response;
        }

        public function getSite(): ?string
        {
            return 's1';
        }

        public function getLanguage(): string
        {
            return Localization\Loc::$language;
        }
    }
}

namespace Bitrix\Main\Web {
    class HttpHeaders
    {
        public function __construct(private array $values)
        {
        }

        public function get(string $name): ?string
        {
            return $this->values[strtolower($name)] ?? null;
        }
    }

    /** Over cURL; counts what was asked of it so that tests see that nothing goes out at checkout. */
    class HttpClient
    {
        public static int $requests = 0;
        private int $status = 0;
        private array $received = [];
        private array $errors = [];
        private array $headers;

        public function __construct(private array $options = [])
        {
            $this->headers = $options['headers'] ?? [];
        }

        public function setHeader(string $name, string $value): static
        {
            $this->headers[$name] = $value;

            return $this;
        }

        public function post(string $url, string $body): string|false
        {
            self::$requests++;
            $this->received = [];
            $handle = curl_init($url);
            curl_setopt_array($handle, [
                CURLOPT_POST => true,
                CURLOPT_POSTFIELDS => $body,
                CURLOPT_RETURNTRANSFER => true,
                CURLOPT_FOLLOWLOCATION => $this->options['redirect'] ?? true,
                CURLOPT_CONNECTTIMEOUT => $this->options['socketTimeout'] ?? 30,
                CURLOPT_TIMEOUT => $this->options['streamTimeout'] ?? 60,
                CURLOPT_HTTPHEADER => array_map(
                    static fn (string $name, string $value): string => "{$name}: {$value}",
                    array_keys($this->headers),
                    $this->headers
                ),
                CURLOPT_HEADERFUNCTION => function ($handle, string $line): int {
                    if (str_contains($line, ':')) {
                        [$name, $value] = explode(':', $line, 2);
                        $this->received[strtolower(trim($name))] = trim($value);
                    }

                    return strlen($line);
                },
            ]);
            $answer = curl_exec($handle);
            $this->status = (int) curl_getinfo($handle, CURLINFO_RESPONSE_CODE);
            if ($answer === false) {
                $this->errors = ['NETWORK' => curl_error($handle)];
            } elseif (strlen($answer) > ($this->options['bodyLengthMax'] ?? PHP_INT_MAX)) {
                $this->errors = ['NETWORK' => 'Maximum content length has been reached'];
                $answer = false;
            }

            return $answer;
        }

        public function getStatus(): int
        {
            return $this->status;
        }

        public function getHeaders(): HttpHeaders
        {
            return new HttpHeaders($this->received);
        }

        public function getError(): array
        {
            return $this->errors;
        }
    }
}
