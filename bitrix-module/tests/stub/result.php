<?php

declare(strict_types=1);

namespace Bitrix\Main;

class SystemException extends \Exception
{
}
class ArgumentException extends SystemException
{
}
class ArgumentNullException extends ArgumentException
{
}
class ArgumentOutOfRangeException extends ArgumentException
{
}
class ObjectException extends SystemException
{
}
class LoaderException extends SystemException
{
}

class Error
{
    public function __construct(private string $message, private int|string $code = 0)
    {
    }

    public function getMessage(): string
    {
        return $this->message;
    }

    public function getCode(): int|string
    {
        return $this->code;
    }
}

class Result
{
    /** @var Error[] */
    protected array $errors = [];

    public function addError(Error $error): static
    {
        $this->errors[] = $error;

        return $this;
    }

    /** @param Error[] $errors */
    public function addErrors(array $errors): static
    {
        array_push($this->errors, ...$errors);

        return $this;
    }

    public function isSuccess(): bool
    {
        return $this->errors === [];
    }

    /** @return Error[] */
    public function getErrors(): array
    {
        return $this->errors;
    }

    /** @return string[] */
    public function getErrorMessages(): array
    {
        return array_map(static fn (Error $error): string => $error->getMessage(), $this->errors);
    }
}
