import type { Product, Variant } from './model.ts'

interface Sold {
  id: string
  sku: string
  name: string
  roubles: number
  section: string
  unit?: string
  description: string
  /** Colours make offers: each gets its own id, the product itself is then not sold. */
  colours?: readonly string[]
}

const goods: readonly Sold[] = [
  {
    id: '501',
    sku: 'CM-X1',
    name: 'Кофемашина X1',
    roubles: 7745,
    section: 'Кофемашины',
    description: 'Рожковая, 15 бар, капучинатор.',
    colours: ['чёрный', 'белый'],
  },
  {
    id: '502',
    sku: 'CM-A5',
    name: 'Кофемашина автоматическая А5',
    roubles: 38_990,
    section: 'Кофемашины',
    description: 'Зерно и молоко: восемь напитков одной кнопкой.',
  },
  {
    id: '503',
    sku: 'GR-20',
    name: 'Кофемолка жерновая М20',
    roubles: 5_490,
    section: 'Кофемолки',
    description: 'Двадцать степеней помола.',
    colours: ['чёрный', 'серебристый'],
  },
  {
    id: '504',
    sku: 'GR-H',
    name: 'Кофемолка ручная',
    roubles: 2_190.5,
    section: 'Кофемолки',
    description: 'Стальные жернова, 30 г зерна.',
  },
  {
    id: '505',
    sku: 'KT-12',
    name: 'Чайник с носиком «Гусь», 1,2 л',
    roubles: 4_350,
    section: 'Чайники',
    description: 'Держит температуру от 40 до 100 градусов.',
    colours: ['белый', 'зелёный', 'чёрный'],
  },
  {
    id: '506',
    sku: 'KT-17',
    name: 'Чайник электрический, 1,7 л',
    roubles: 2_790,
    section: 'Чайники',
    description: 'Стекло и сталь, 2200 Вт.',
  },
  {
    id: '507',
    sku: 'CB-BR',
    name: 'Кофе в зёрнах «Бразилия Сантос»',
    roubles: 1_690,
    section: 'Кофе',
    unit: 'кг',
    description: 'Орех и шоколад. Продаётся на вес.',
  },
  {
    id: '508',
    sku: 'CB-ET',
    name: 'Кофе в зёрнах «Эфиопия Иргачеффе»',
    roubles: 2_240,
    section: 'Кофе',
    unit: 'кг',
    description: 'Цитрус и жасмин. Продаётся на вес.',
  },
  { id: '509', sku: 'FL-100', name: 'Фильтры бумажные, 100 шт', roubles: 390, section: 'Аксессуары', description: 'Для воронок V60.' },
  {
    id: '510',
    sku: 'V60-2',
    name: 'Воронка V60, керамика',
    roubles: 1_850,
    section: 'Аксессуары',
    description: 'На одну–четыре чашки.',
    colours: ['белый', 'красный'],
  },
  { id: '511', sku: 'SC-3', name: 'Весы с таймером', roubles: 3_120, section: 'Аксессуары', description: 'Точность 0,1 г.' },
  { id: '512', sku: 'CUP-2', name: 'Набор чашек, 2 шт', roubles: 1_290, section: 'Посуда', description: 'Двойные стенки, 250 мл.' },
]

/** About a dozen readable goods; some come in colours and are sold as offers. */
export function createProducts(updatedAtMs: number): Product[] {
  return goods.flatMap((sold) => [toProduct(sold, updatedAtMs), ...toOffers(sold, updatedAtMs)])
}

function toProduct(sold: Sold, updatedAtMs: number): Product {
  return {
    id: sold.id,
    xmlId: `a1-${sold.id}`,
    parentId: null,
    name: sold.name,
    sku: sold.sku,
    active: true,
    description: sold.description,
    sections: ['Каталог', sold.section],
    priceKopecks: Math.round(sold.roubles * 100),
    stock: 25,
    unit: sold.unit ?? 'шт',
    variants: [],
    updatedAtMs,
  }
}

function toOffers(sold: Sold, updatedAtMs: number): Product[] {
  return (sold.colours ?? []).map((colour, index) => ({
    ...toProduct(sold, updatedAtMs),
    id: `${sold.id}${index + 1}`,
    xmlId: `a1-${sold.id}#${index + 1}`,
    parentId: sold.id,
    name: `${sold.name}, ${colour}`,
    sku: `${sold.sku}-${index + 1}`,
    stock: 10,
    variants: [colourOf(colour)],
  }))
}

const colourOf = (value: string): Variant => ({ code: 'COLOR', name: 'Цвет', value })

/** What can be put into a cart: offers, and products that have none. */
export function listSold(products: Iterable<Product>): Product[] {
  const all = [...products].filter((product) => product.active)
  const parents = new Set(all.map((product) => product.parentId))
  return all.filter((product) => !parents.has(product.id))
}
