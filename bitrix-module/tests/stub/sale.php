<?php

declare(strict_types=1);

namespace Bitrix\Sale;

use Bitrix\Main\ArgumentNullException;
use Bitrix\Main\ArgumentOutOfRangeException;
use Bitrix\Main\Error;
use Bitrix\Main\Event;
use Bitrix\Main\EventResult;
use Bitrix\Main\Type\DateTime;
use Bitrix\Sale\Internals\OrderPropsTable;
use Bitrix\Sale\Internals\OrderTable;
use Bitrix\Sale\Internals\StatusTable;

class Result extends \Bitrix\Main\Result
{
    private array $warnings = [];

    public function addWarnings(array $warnings): void
    {
        array_push($this->warnings, ...$warnings);
    }

    public function hasWarnings(): bool
    {
        return $this->warnings !== [];
    }

    public function getWarningMessages(): array
    {
        return array_map(static fn (Error $warning): string => $warning->getMessage(), $this->warnings);
    }
}

class ResultError extends Error
{
}

class Notify
{
    /** @var array<int, array{event: string, order: int}> the letters of this process */
    public static array $mails = [];
    private static bool $isDisabled = false;

    public static function setNotifyDisable(bool $value): void
    {
        self::$isDisabled = $value;
    }

    public static function isNotifyDisabled(): bool
    {
        return self::$isDisabled;
    }

    public static function send(string $event, int $order): void
    {
        if (!self::$isDisabled) {
            self::$mails[] = ['event' => $event, 'order' => $order];
        }
    }
}

class OrderStatus
{
    public static function getAllStatusesNames(?string $language = null): array
    {
        return array_column(StatusTable::getList(['filter' => ['=TYPE' => 'O'], 'order' => ['SORT' => 'ASC']])->fetchAll(), 'STUB_NAME', 'ID');
    }
}

/** Fields of a child of an order; an unknown name throws, as in the kernel. */
class Fields
{
    public function __construct(protected array $fields)
    {
    }

    public function getField(string $name): mixed
    {
        return array_key_exists($name, $this->fields)
            ? $this->fields[$name]
            : throw new ArgumentOutOfRangeException("name {$name}");
    }

    public function getId(): int
    {
        return (int) ($this->fields['ID'] ?? 0);
    }

    public function all(): array
    {
        return $this->fields;
    }

    /** @return DateTime|null */
    protected static function date(?string $text): ?DateTime
    {
        return $text === null ? null : new DateTime($text, 'Y-m-d H:i:s');
    }
}

class BasketPropertyCollection
{
    public function __construct(private array $rows)
    {
    }

    public function getPropertyValues(): array
    {
        return $this->rows;
    }
}

class BasketItem extends Fields
{
    public function getProductId(): int
    {
        return (int) $this->fields['PRODUCT_ID'];
    }

    public function getQuantity(): float
    {
        return (float) $this->fields['QUANTITY'];
    }

    public function getPrice(): float
    {
        return (float) $this->fields['PRICE'];
    }

    public function getDiscountPrice(): float
    {
        return (float) $this->fields['DISCOUNT_PRICE'];
    }

    public function isBundleChild(): bool
    {
        return (bool) ($this->fields['STUB_BUNDLE_CHILD'] ?? false);
    }

    public function getPropertyCollection(): BasketPropertyCollection
    {
        return new BasketPropertyCollection($this->fields['PROPERTIES'] ?? []);
    }
}

class Payment extends Fields
{
    public Order $order;

    public function getPaymentSystemName(): string
    {
        return (string) $this->fields['PAY_SYSTEM_NAME'];
    }

    public function getSum(): float
    {
        return (float) $this->fields['SUM'];
    }

    public function isPaid(): bool
    {
        return $this->fields['PAID'] === 'Y';
    }

    public function isInner(): bool
    {
        return false;
    }

    public function getField(string $name): mixed
    {
        $value = parent::getField($name);

        return $name === 'DATE_PAID' ? self::date($value) : $value;
    }

    public function setPaid(string $value): Result
    {
        $this->fields['PAID'] = $value;
        $this->fields['DATE_PAID'] = $value === 'Y' ? (new DateTime())->format('Y-m-d H:i:s') : null;
        $this->order->paymentsChanged();

        return new Result();
    }
}

class Shipment extends Fields
{
}

class ShipmentCollection extends \ArrayIterator
{
    /** The system shipment holds goods that no real one holds. */
    public function getNotSystemItems(): array
    {
        return array_filter($this->getArrayCopy(), static fn (Shipment $one): bool => $one->getField('SYSTEM') !== 'Y');
    }
}

class PropertyValue extends Fields
{
    public Order $order;

    public function getValue(): mixed
    {
        return $this->fields['VALUE'];
    }

    public function setValue(mixed $value): Result
    {
        $this->fields['VALUE'] = $value;
        $this->order->markChanged();

        return new Result();
    }

    public function getName(): string
    {
        return (string) $this->fields['NAME'];
    }

    public function getType(): string
    {
        return (string) $this->fields['TYPE'];
    }

    public function getPropertyId(): int
    {
        return (int) $this->fields['ORDER_PROPS_ID'];
    }

    public function getProperty(): array
    {
        return $this->fields + ['CODE' => null, 'MULTIPLE' => 'N', 'OPTIONS' => []];
    }
}

class PropertyValueCollection extends \ArrayIterator
{
    public function getItemByOrderPropertyCode(string $code): ?PropertyValue
    {
        foreach ($this as $value) {
            if ($value->getField('CODE') === $code) {
                return $value;
            }
        }

        return null;
    }

    public function getPhone(): ?PropertyValue
    {
        return $this->byFlag('IS_PHONE');
    }

    public function getUserEmail(): ?PropertyValue
    {
        return $this->byFlag('IS_EMAIL');
    }

    public function getPayerName(): ?PropertyValue
    {
        return $this->byFlag('IS_PAYER');
    }

    private function byFlag(string $flag): ?PropertyValue
    {
        foreach ($this as $value) {
            if (($value->getProperty()[$flag] ?? 'N') === 'Y') {
                return $value;
            }
        }

        return null;
    }
}

/** save() keeps the order of things that the kernel has; see docs/facts/bitrix.md, events. */
class Order
{
    /** Orders whose loading fails, for tests. */
    public static array $broken = [];
    /** How often an order was loaded and saved in this process. */
    public static int $loads = 0;
    public static int $saves = 0;

    private const DATES = ['DATE_STATUS', 'DATE_CANCELED', 'DATE_INSERT', 'DATE_UPDATE'];

    private array $fields;
    private array $before = [];
    private bool $isChanged = false;
    private array $delayed = [];
    private array $basket = [];
    private array $properties = [];
    private array $payments = [];
    private array $shipments = [];

    private function __construct(array $fields, array $children)
    {
        $this->fields = $fields;
        $this->basket = array_map(static fn (array $one) => new BasketItem($one), $children['basket'] ?? []);
        $this->shipments = array_map(static fn (array $one) => new Shipment($one), $children['shipments'] ?? []);
        foreach ($children['payments'] ?? [] as $one) {
            $payment = new Payment($one);
            $payment->order = $this;
            $this->payments[] = $payment;
        }
        foreach ($children['properties'] ?? [] as $one) {
            $definition = OrderPropsTable::getRow(['filter' => ['=ID' => $one['ORDER_PROPS_ID']]]) ?? [];
            $value = new PropertyValue($one + $definition + ['CODE' => null, 'OPTIONS' => []]);
            $value->order = $this;
            $this->properties[] = $value;
        }
    }

    /** The stub's way in: {order, basket, properties, payments, shipments} as plain data; not a kernel method. */
    public static function fromPlain(array $data): self
    {
        $fields = $data['order'];
        foreach (self::DATES as $name) {
            $fields[$name] = isset($fields[$name]) ? new DateTime($fields[$name], 'Y-m-d H:i:s') : null;
        }
        $order = new self($fields + [
            'ACCOUNT_NUMBER' => null,
            'REASON_CANCELED' => '',
            'COMMENTS' => '',
            'USER_DESCRIPTION' => '',
            'CANCELED' => 'N',
            'PAYED' => 'N',
            'SUM_PAID' => '0',
            'VERSION' => 0,
        ], $data);
        $order->isChanged = true;

        return $order;
    }

    public static function load(int $id): ?self
    {
        if ($id <= 0) {
            throw new ArgumentNullException('id');
        }
        self::$loads++;
        if (in_array($id, self::$broken, true)) {
            throw new \TypeError('Unsupported operand types: string + int');
        }
        $row = OrderTable::getRow(['filter' => ['=ID' => $id]]);
        if ($row === null) {
            return null;
        }
        $children = json_decode($row['STUB_CHILDREN'], true, 512, JSON_THROW_ON_ERROR);
        unset($row['STUB_CHILDREN']);

        return new self($row, $children);
    }

    public static function getList(array $parameters): \Bitrix\Main\DB\Result
    {
        return OrderTable::getList($parameters);
    }

    /** Cancels and saves, saves again with an empty basket, deletes the row, tells. */
    public static function delete(int $id): Result
    {
        $order = self::load($id);
        Notify::setNotifyDisable(true);
        $set = $order->setField('CANCELED', 'Y');
        if (!$set->isSuccess()) {
            Notify::setNotifyDisable(false);

            return $set;
        }
        $order->save();
        $order->basket = [];
        $order->isChanged = true;
        $order->save();
        OrderTable::delete($id);
        (new Event('sale', 'OnSaleOrderDeleted', ['ENTITY' => $order, 'VALUE' => true]))->send();
        Notify::setNotifyDisable(false);

        return new Result();
    }

    /** Archiving: the row leaves the table, OnSaleOrderDeleted does not come. */
    public static function archive(int $id): void
    {
        (new Event('sale', 'OnSaleOrderBeforeArchived', ['ENTITY' => self::load($id)]))->send();
        OrderTable::delete($id);
    }

    public function getId(): int
    {
        return (int) ($this->fields['ID'] ?? 0);
    }

    public function isNew(): bool
    {
        return $this->getId() === 0;
    }

    public function getSiteId(): string
    {
        return (string) $this->fields['LID'];
    }

    public function getField(string $name): mixed
    {
        return array_key_exists($name, $this->fields)
            ? $this->fields[$name]
            : throw new ArgumentOutOfRangeException("name {$name}");
    }

    public function isPaid(): bool
    {
        return $this->fields['PAYED'] === 'Y';
    }

    public function isCanceled(): bool
    {
        return $this->fields['CANCELED'] === 'Y';
    }

    public function getPrice(): float
    {
        return (float) $this->fields['PRICE'];
    }

    public function getSumPaid(): float
    {
        return (float) $this->fields['SUM_PAID'];
    }

    public function getDeliveryPrice(): float
    {
        return (float) $this->fields['PRICE_DELIVERY'];
    }

    public function getCurrency(): string
    {
        return (string) $this->fields['CURRENCY'];
    }

    public function getUserId(): int
    {
        return (int) $this->fields['USER_ID'];
    }

    public function getPersonTypeId(): int
    {
        return (int) $this->fields['PERSON_TYPE_ID'];
    }

    public function getBasket(): \ArrayIterator
    {
        return new \ArrayIterator($this->basket);
    }

    public function getPropertyCollection(): PropertyValueCollection
    {
        return new PropertyValueCollection($this->properties);
    }

    public function getPaymentCollection(): \ArrayIterator
    {
        return new \ArrayIterator($this->payments);
    }

    public function getShipmentCollection(): ShipmentCollection
    {
        return new ShipmentCollection($this->shipments);
    }

    public static function isLocked(int $id): bool
    {
        return in_array($id, self::$locked, true);
    }

    /** Orders open at a manager's, for tests. */
    public static array $locked = [];

    /** Any two letters will do for a status: the kernel does not ask the list. */
    public function setField(string $name, mixed $value): Result
    {
        if ($this->getField($name) === $value) {
            return new Result();
        }
        $veto = match ($name) {
            'STATUS_ID' => $this->ask('OnSaleBeforeStatusOrderChange', ['VALUE' => $value, 'OLD_VALUE' => $this->fields[$name]]),
            'CANCELED' => $this->ask('OnSaleBeforeOrderCanceled', []) ?? ($value === 'Y' ? $this->whyNotCancel() : null),
            default => null,
        };
        if ($veto !== null) {
            return (new Result())->addError($veto);
        }
        $this->before += [$name => $this->fields[$name]];
        $this->fields[$name] = $value;
        $this->isChanged = true;
        if ($name === 'STATUS_ID') {
            $this->fields['DATE_STATUS'] = new DateTime();
            $this->delay('OnSaleStatusOrderChange', ['VALUE' => $value, 'OLD_VALUE' => $this->before[$name]]);
        } elseif ($name === 'CANCELED') {
            $this->fields['DATE_CANCELED'] = new DateTime();
            $this->delay('OnSaleOrderCanceled', []);
        }

        return new Result();
    }

    public function markChanged(): void
    {
        $this->isChanged = true;
    }

    public function paymentsChanged(): void
    {
        $paid = 0.0;
        foreach ($this->payments as $payment) {
            $paid += $payment->isPaid() ? $payment->getSum() : 0.0;
        }
        $this->fields['SUM_PAID'] = (string) $paid;
        $isPaid = $paid > 0 && $paid >= $this->getPrice() ? 'Y' : 'N';
        if ($isPaid !== $this->fields['PAYED']) {
            $this->fields['PAYED'] = $isPaid;
            $this->delay('OnSaleOrderPaid', []);
        }
        $this->isChanged = true;
    }

    public function save(): Result
    {
        self::$saves++;
        $isNew = $this->isNew() || OrderTable::getRow(['filter' => ['=ID' => $this->getId()], 'select' => ['ID']]) === null;
        $veto = $this->ask('OnSaleOrderBeforeSaved', ['VALUES' => $this->before]);
        if ($veto !== null) {
            return (new Result())->addError($veto);
        }
        $isChanged = $this->isChanged;
        if ($isNew) {
            $this->insert();
        } elseif ($isChanged) {
            $this->fields['VERSION'] = (int) $this->fields['VERSION'] + 1;
        }
        if ($isChanged) {
            $this->fields['RUNNING'] = 'N';
            $this->fields['DATE_UPDATE'] = $isNew && isset($this->fields['DATE_UPDATE']) ? $this->fields['DATE_UPDATE'] : new DateTime();
            OrderTable::update($this->getId(), $this->row());
        }
        $values = $this->before;
        (new Event('sale', 'OnSaleOrderSaved', [
            'ENTITY' => $this,
            'IS_NEW' => $isNew,
            'IS_CHANGED' => $isChanged,
            'VALUES' => $values,
        ]))->send();
        $delayed = $this->delayed;
        $this->before = [];
        $this->delayed = [];
        $this->isChanged = false;
        foreach ($delayed as $name => $parameters) {
            (new Event('sale', $name, ['ENTITY' => $this] + $parameters))->send();
            $this->mail($name);
        }
        if ($isNew) {
            Notify::send('SALE_NEW_ORDER', $this->getId());
        }

        return new Result();
    }

    private function insert(): void
    {
        $now = new DateTime();
        $this->fields['DATE_INSERT'] ??= $now;
        $this->fields['DATE_STATUS'] ??= $now;
        $this->fields['DATE_UPDATE'] ??= null;
        $this->fields['DATE_CANCELED'] ??= null;
        $id = OrderTable::add(['RUNNING' => 'Y'] + $this->row())->getId();
        $this->fields['ID'] = (int) $id;
        $this->fields['ACCOUNT_NUMBER'] ??= (string) $id;
    }

    private function row(): array
    {
        $children = [
            'basket' => array_map(static fn (BasketItem $one) => $one->all(), $this->basket),
            'payments' => array_map(static fn (Payment $one) => $one->all(), $this->payments),
            'shipments' => array_map(static fn (Shipment $one) => $one->all(), $this->shipments),
            'properties' => array_map(static fn (PropertyValue $one) => [
                'ORDER_PROPS_ID' => $one->getPropertyId(),
                'VALUE' => $one->getValue(),
                'OPTIONS' => $one->getProperty()['OPTIONS'],
            ], $this->properties),
        ];

        return $this->fields + ['STUB_CHILDREN' => json_encode($children, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE)];
    }

    private function whyNotCancel(): ?Error
    {
        foreach ($this->payments as $payment) {
            if ($payment->isPaid()) {
                return new Error('Нельзя отменить заказ: есть оплата', 'SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE');
            }
        }
        foreach ($this->shipments as $shipment) {
            if ($shipment->getField('DEDUCTED') === 'Y') {
                return new Error('Нельзя отменить заказ: есть отгрузка', 'SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED');
            }
        }

        return null;
    }

    /** A before-event; the error of whoever vetoed. */
    private function ask(string $event, array $parameters): ?Error
    {
        $asked = new Event('sale', $event, ['ENTITY' => $this] + $parameters);
        $asked->send();
        foreach ($asked->getResults() as $result) {
            if ($result->getType() === EventResult::ERROR) {
                return $result->getParameters();
            }
        }

        return null;
    }

    /** First data wins. */
    private function delay(string $event, array $parameters): void
    {
        $this->delayed += [$event => $parameters];
    }

    private function mail(string $event): void
    {
        $status = StatusTable::getRow(['filter' => ['=ID' => $this->fields['STATUS_ID']]]);
        match (true) {
            $event === 'OnSaleStatusOrderChange' && ($status['NOTIFY'] ?? 'N') === 'Y'
                => Notify::send("SALE_STATUS_CHANGED_{$this->fields['STATUS_ID']}", $this->getId()),
            $event === 'OnSaleOrderCanceled' && $this->isCanceled() => Notify::send('SALE_ORDER_CANCEL', $this->getId()),
            $event === 'OnSaleOrderPaid' && $this->isPaid() => Notify::send('SALE_ORDER_PAID', $this->getId()),
            default => null,
        };
    }
}
