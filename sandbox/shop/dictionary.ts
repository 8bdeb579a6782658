import type { PropertyValue } from './model.ts'

/** What an administrator of this shop has set up; `profile.get` shows it. */

export type PropertyRole = 'payer' | 'phone' | 'email' | 'location' | 'address' | 'company' | 'inn' | 'kpp' | 'contact'

export interface PropertyDefinition {
  id: string
  /** Null for a property its administrator gave no code: its key in a snapshot is `#<id>`. */
  code: string | null
  name: string
  personType: string
  role: PropertyRole | null
}

export interface FormDefinition {
  source: 'webform' | 'iblock'
  id: string
  code: string
  name: string
  fields: { code: string; title: string; type: string }[]
}

export const sites = [{ id: 's1', name: 'Кофе и приборы', timeZone: 'Europe/Moscow' }] as const

export const statuses: readonly { id: string; name: string; final: boolean; notify: boolean }[] = [
  { id: 'N', name: 'Принят, ожидается оплата', final: false, notify: false },
  { id: 'P', name: 'Оплачен, формируется к отправке', final: false, notify: true },
  { id: 'S', name: 'Отгружен', final: false, notify: true },
  { id: 'F', name: 'Выполнен', final: true, notify: true },
  { id: 'D', name: 'Отменён продавцом', final: true, notify: true },
]

export const person = '1'
export const company = '2'

export const personTypes = [
  { id: person, name: 'Физическое лицо' },
  { id: company, name: 'Юридическое лицо' },
] as const

const marks = ['UTM_SOURCE', 'UTM_MEDIUM', 'UTM_CAMPAIGN', 'UTM_CONTENT', 'UTM_TERM'] as const

/** Each person type has its own set: one code, two ids. */
export const properties: readonly PropertyDefinition[] = [
  { id: '1', code: 'FIO', name: 'Ф.И.О.', personType: person, role: 'payer' },
  { id: '2', code: 'EMAIL', name: 'E-Mail', personType: person, role: 'email' },
  { id: '3', code: 'PHONE', name: 'Телефон', personType: person, role: 'phone' },
  { id: '6', code: 'LOCATION', name: 'Город', personType: person, role: 'location' },
  { id: '7', code: 'ADDRESS', name: 'Адрес доставки', personType: person, role: 'address' },
  { id: '20', code: null, name: 'Код домофона', personType: person, role: null },
  { id: '21', code: 'DELIVERY_TIME', name: 'Время доставки', personType: person, role: null },
  { id: '22', code: 'COMMENT', name: 'Пожелание', personType: person, role: null },
  { id: '30', code: 'AMO_LEAD_ID', name: 'Сделка amoCRM', personType: person, role: null },
  ...marks.map((code, index) => ({ id: String(40 + index), code, name: code.toLowerCase(), personType: person, role: null })),
  { id: '8', code: 'COMPANY', name: 'Название компании', personType: company, role: 'company' },
  { id: '9', code: 'COMPANY_ADR', name: 'Юридический адрес', personType: company, role: null },
  { id: '10', code: 'INN', name: 'ИНН', personType: company, role: 'inn' },
  { id: '11', code: 'KPP', name: 'КПП', personType: company, role: 'kpp' },
  { id: '12', code: 'FIO', name: 'Контактное лицо', personType: company, role: 'payer' },
  { id: '13', code: 'EMAIL', name: 'E-Mail', personType: company, role: 'email' },
  { id: '14', code: 'PHONE', name: 'Телефон', personType: company, role: 'phone' },
  { id: '19', code: 'ADDRESS', name: 'Адрес доставки', personType: company, role: 'address' },
  { id: '31', code: 'AMO_LEAD_ID', name: 'Сделка amoCRM', personType: company, role: null },
  { id: '32', code: 'COMMENT', name: 'Пожелание', personType: company, role: null },
  ...marks.map((code, index) => ({ id: String(50 + index), code, name: code.toLowerCase(), personType: company, role: null })),
]

export const forms: readonly FormDefinition[] = [
  {
    source: 'webform',
    id: '3',
    code: 'CALLBACK',
    name: 'Обратный звонок',
    fields: [
      { code: 'NAME', title: 'Имя', type: 'text' },
      { code: 'PHONE', title: 'Телефон', type: 'text' },
    ],
  },
  {
    source: 'webform',
    id: '4',
    code: 'FEEDBACK',
    name: 'Вопрос магазину',
    fields: [
      { code: 'NAME', title: 'Имя', type: 'text' },
      { code: 'PHONE', title: 'Телефон', type: 'text' },
      { code: 'EMAIL', title: 'E-Mail', type: 'email' },
      { code: 'MESSAGE', title: 'Сообщение', type: 'textarea' },
    ],
  },
]

export const deliveryServices = [
  { id: '1', name: 'Курьер', priceKopecks: 50_000 },
  { id: '2', name: 'Самовывоз', priceKopecks: 0 },
  { id: '3', name: 'СДЭК', priceKopecks: 35_000 },
] as const

export const paySystems = [
  { id: '1', name: 'Карта' },
  { id: '2', name: 'Наличные курьеру' },
  { id: '3', name: 'Счёт для юридических лиц' },
] as const

export const priceTypes = [{ id: '1', code: 'BASE', name: 'Розничная цена' }] as const

export const versions = { module: '1.0.0', kernel: '25.550.0', sale: '25.550.0', php: '8.2' } as const

/** One-click orders of many shops share one account: its id says nothing about who bought. */
export const anonymousUserId = '2'
export const administratorUserId = '1'

const propertyKey = (definition: PropertyDefinition): string => definition.code ?? `#${definition.id}`

export function hasProperty(personType: string, key: string): boolean {
  return properties.some((definition) => definition.personType === personType && propertyKey(definition) === key)
}

/** Key of the property an administrator marked so for this person type. */
export function keyByRole(personType: string, role: PropertyRole): string | undefined {
  const found = properties.find((definition) => definition.personType === personType && definition.role === role)
  return found === undefined ? undefined : propertyKey(found)
}

/** The first value of the property in that role; null when the order has none. */
export function valueByRole(values: Readonly<Record<string, PropertyValue>>, personType: string, role: PropertyRole): string | null {
  const key = keyByRole(personType, role)
  const value = key === undefined ? undefined : values[key]
  return (Array.isArray(value) ? value[0] : value) ?? null
}
