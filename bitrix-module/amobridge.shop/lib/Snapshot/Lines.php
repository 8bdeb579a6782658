<?php

declare(strict_types=1);

namespace Amobridge\Shop\Snapshot;

use Amobridge\Shop\Format\Wire;
use Bitrix\Main\Loader;
use Bitrix\Sale\BasketItem;

/** The lines of a basket. The parts of a set are left out: the set itself carries their price. */
final class Lines
{
    private const SKU_CODES = ['CML2_ARTICLE', 'ARTICLE', 'ARTNUMBER'];

    public function __construct(private string $siteUrl)
    {
    }

    /**
     * @param iterable<BasketItem> $basket
     * @return array<int, array<string, mixed>>
     */
    public function of(iterable $basket): array
    {
        $items = [];
        foreach ($basket as $item) {
            if (!$item->isBundleChild()) {
                $items[] = $item;
            }
        }
        $parents = self::parents(array_map(static fn (BasketItem $item): int => (int) $item->getProductId(), $items));

        return array_map(fn (BasketItem $item): array => $this->line($item, $parents), $items);
    }

    /**
     * @param array<int, string> $parents
     * @return array<string, mixed>
     */
    private function line(BasketItem $item, array $parents): array
    {
        $properties = self::properties($item);
        $page = Wire::text($item->getField('DETAIL_PAGE_URL'));

        return [
            'id' => (string) $item->getId(),
            'parentId' => $parents[(int) $item->getProductId()] ?? null,
            'productId' => (string) $item->getProductId(),
            'xmlId' => Wire::text($item->getField('PRODUCT_XML_ID')),
            'sku' => self::sku($properties),
            'name' => (string) $item->getField('NAME'),
            'price' => Wire::money($item->getPrice()),
            'discount' => Wire::money($item->getDiscountPrice()),
            'vatRate' => Wire::vatRate($item->getField('VAT_RATE')),
            'quantity' => Wire::quantity($item->getQuantity()),
            'unit' => Wire::text($item->getField('MEASURE_NAME')),
            'properties' => $properties,
            'url' => $page === null || preg_match('~^https?://~', $page) ? $page : $this->siteUrl . $page,
        ];
    }

    /** @return array<int, array{code: string, name: string, value: string}> */
    private static function properties(BasketItem $item): array
    {
        $properties = [];
        foreach ($item->getPropertyCollection()->getPropertyValues() as $property) {
            $properties[] = [
                'code' => (string) $property['CODE'],
                'name' => (string) $property['NAME'],
                'value' => (string) $property['VALUE'],
            ];
        }

        return $properties;
    }

    /** @param array<int, array{code: string, name: string, value: string}> $properties */
    private static function sku(array $properties): ?string
    {
        $values = array_column($properties, 'value', 'code');
        foreach (self::SKU_CODES as $code) {
            if (($values[$code] ?? '') !== '') {
                return $values[$code];
            }
        }

        return null;
    }

    /**
     * Products of which these are offers.
     *
     * @param int[] $productIds
     * @return array<int, string>
     */
    private static function parents(array $productIds): array
    {
        if ($productIds === [] || !Loader::includeModule('catalog')) {
            return [];
        }
        $parents = [];
        foreach (\CCatalogSku::getProductList($productIds) ?: [] as $offerId => $product) {
            $parents[(int) $offerId] = (string) $product['ID'];
        }

        return $parents;
    }
}
