import { describe, expect, test } from 'vitest'
import type { DirectoryField } from '../directory.ts'
import { fieldId } from '../ids.ts'
import { fitValues } from './fit.ts'

const options = [
  { id: 11, value: 'Карта', code: 'card' },
  { id: 12, value: 'Наличные  при получении', code: null },
  { id: 13, value: 'Счёт', code: null },
]
const field = (type: string, more: Partial<DirectoryField> = {}): DirectoryField => ({
  id: fieldId(1),
  entity: 'deal',
  name: 'F',
  code: null,
  type,
  enums: options,
  ...more,
})

describe(fitValues, () => {
  test.each([
    ['text', ['a', ' b '], [{ value: 'a, b' }]],
    ['streetaddress', ['Москва'], [{ value: 'Москва' }]],
    ['textarea', ['a\nb'], [{ value: 'a\nb' }]],
    ['url', ['https://shop.example/p?a=1'], [{ value: 'https://shop.example/p?a=1' }]],
    ['url', ['shop.example/p'], [{ value: 'https://shop.example/p' }]],
    ['numeric', ['1 234,5'], [{ value: '1234.5' }]],
    ['numeric', ['-12'], [{ value: '-12' }]],
    ['monetary', ['15 990,50 ₽'], [{ value: '15990.50' }]],
    ['price', ['1.234,50'], [{ value: '1234.50' }]],
    ['checkbox', ['Да'], [{ value: true }]],
    ['checkbox', ['Y'], [{ value: true }]],
    ['checkbox', ['1'], [{ value: true }]],
    ['checkbox', ['N'], [{ value: false }]],
    ['date', ['2026-11-23T00:00:00Z'], [{ value: 1_795_392_000 }]],
    ['date', ['23.11.2026'], [{ value: 1_795_392_000 }]],
    ['birthday', ['1.2.1990'], [{ value: 633_830_400 }]],
    ['date_time', ['2026-11-23T03:00:00+03:00'], [{ value: 1_795_392_000 }]],
    ['select', ['КАРТА'], [{ enumId: 11 }]],
    ['select', ['card'], [{ enumId: 11 }]],
    ['select', ['счет'], [{ enumId: 13 }]],
    ['select', ['12'], [{ enumId: 12 }]],
    ['radiobutton', ['наличные при получении'], [{ enumId: 12 }]],
    ['select', ['Карта', 'Карта'], [{ enumId: 11 }]],
    ['multiselect', ['Карта', 'Счёт', 'карта'], [{ enumId: 11 }, { enumId: 13 }]],
    ['smart_address', ['Москва', 'Лесная, 1'], [{ value: 'Москва, Лесная, 1', enumCode: 'address_line_1' }]],
    ['text', ['  '], []],
    ['select', [], []],
  ])('%s takes %j', (type, texts, values) => expect(fitValues(texts, field(type))).toEqual({ ok: true, values }))

  test.each([
    ['numeric', ['много'], 'no-number'],
    ['numeric', ['1,2,3'], 'no-number'],
    ['numeric', ['1', '2'], 'several-values'],
    ['checkbox', ['может быть'], 'no-yes-or-no'],
    ['date', ['завтра'], 'no-date'],
    ['date', ['31.02.2026'], 'no-date'],
    ['date', ['заказ 5'], 'no-date'],
    ['url', ['не знаю'], 'no-url'],
    ['select', ['Бартер'], 'not-in-list'],
    ['select', ['Карта', 'Счёт'], 'several-values'],
    ['multiselect', ['Карта', 'Бартер'], 'not-in-list'],
    ['file', ['x'], 'unsupported-type'],
    ['legal_entity', ['x'], 'unsupported-type'],
  ])('%s refuses %j', (type, texts, reason) => expect(fitValues(texts, field(type))).toEqual({ ok: false, reason }))

  test('a time without a zone is that of the site, a day is the one its clocks show', () => {
    const context = { timeZone: 'Europe/Moscow' }
    expect(fitValues(['23.11.2026 03:00'], field('date_time'), context)).toEqual({ ok: true, values: [{ value: 1_795_392_000 }] })
    expect(fitValues(['2026-11-22T22:00:00Z'], field('date'), context)).toEqual({ ok: true, values: [{ value: 1_795_392_000 }] })
  })

  test.each([
    ['PHONE', [], '8 (999) 000-11-22', { value: '+79990001122', enumCode: 'MOB' }],
    ['PHONE', [], 'спросить', { value: 'спросить', enumCode: 'MOB' }],
    ['EMAIL', [], 'A@Example.test', { value: 'a@example.test', enumCode: 'WORK' }],
    ['IM', [{ id: 1, value: 'Jabber', code: 'JABBER' }], 'anna', { value: 'anna', enumCode: 'JABBER' }],
  ])('a multitext %s has a kind the account knows', (code, enums, text, value) =>
    expect(fitValues([text], field('multitext', { code, enums }))).toEqual({ ok: true, values: [value] }),
  )

  test('tracking values are cut to what amoCRM keeps', () => {
    expect(fitValues(['x'.repeat(300)], field('tracking_data'))).toEqual({ ok: true, values: [{ value: 'x'.repeat(255) }] })
  })

  test('a text that was cut is handed back whole', () => {
    const long = 'x'.repeat(300)
    expect(fitValues([long], field('text'))).toEqual({ ok: true, values: [{ value: `${'x'.repeat(254)}…` }], leftover: long })
  })
})
