import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DirectoryField } from '../directory.ts'
import { fieldId } from '../ids.ts'
import { toEmail } from './email.ts'
import { fitValues } from './fit.ts'
import { parsePath, readPath } from './path.ts'
import { toE164 } from './phone.ts'
import { parseTemplate, renderTemplate } from './template.ts'
import { parseTransform } from './transform.ts'

const data = {
  order: {
    number: '10025',
    properties: { UTM_SOURCE: 'yandex', 'CITY.raw': '84', COLORS: ['red', 'blue'], '#12': 'no code' },
    payments: [{ system: 'Card' }, { system: 'Cash' }],
    lines: [{ name: 'A' }, { name: 'B' }],
    comment: null,
  },
  touch: { last: { utm_source: 'vk' } },
}

function read(text: string): string[] {
  const path = parsePath(text)
  if (!path.ok) throw new Error(path.problem)
  return readPath(path.value, data)
}

describe('paths', () => {
  test.each([
    ['order.number', ['10025']],
    ['order.properties.UTM_SOURCE', ['yandex']],
    ['order.properties.CITY.raw', ['84']],
    ['order.properties.#12', ['no code']],
    ['order.properties.COLORS', ['red', 'blue']],
    ['order.payments[1].system', ['Cash']],
    ['order.lines[*].name', ['A', 'B']],
    ['order.payments[9].system', []],
    ['order.comment', []],
    ['order.properties', []],
    ['order.constructor.name', []],
    ['order.properties.__proto__', []],
    ['touch.last.utm_source', ['vk']],
  ])('%s', (path, values) => expect(read(path)).toEqual(values))

  test.each(['', 'shop.name', 'order..number', 'order.payments[x]', 'order number'])('"%s" is no path', (text) =>
    expect(parsePath(text).ok).toBe(false),
  )

  test('no text makes reading throw or reach a prototype', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const path = parsePath(`order.${text}`)
        if (path.ok) for (const value of readPath(path.value, { order: {} })) expect(value).toBe(undefined)
      }),
    )
  })
})

describe('transforms', () => {
  test.each([
    ['trim', [' a '], ['a']],
    ['digits', ['+7 (999) 000-11-22'], ['79990001122']],
    ['phone', ['8 (999) 000-11-22'], ['+79990001122']],
    ['number', ['1 234,50', 'x'], ['1234.50']],
    ['round', ['12,5'], ['13']],
    ['split(;)', ['a; b;'], ['a', 'b']],
    ['join(", ")', ['a', 'b'], ['a, b']],
    ['first', ['a', 'b'], ['a']],
    ['date(dd.MM.yyyy HH:mm)', ['2026-11-23T08:05:00Z'], ['23.11.2026 08:05']],
    ['map({N: Новый, "P": "Оплачен"})', ['N', 'P', 'X'], ['Новый', 'Оплачен', 'X']],
    ['default(нет)', [], ['нет']],
  ])('%s', (text, before, after) => {
    const transform = parseTransform(text)
    expect(transform.ok && transform.value(before)).toEqual(after)
  })

  test.each(['nothing', 'trim(x)', 'split', 'map(x)', 'map({a})', 'constructor'])('"%s" is refused', (text) =>
    expect(parseTransform(text).ok).toBe(false),
  )
})

describe('templates', () => {
  const render = (text: string) => {
    const template = parseTemplate(text)
    return template.ok ? renderTemplate(template.value, data) : template
  }
  test.each([
    ['Order #{{order.number}}', 'Order #10025'],
    ['{{ order.lines[*].name | lower }}', 'a, b'],
    ['{{order.comment | default(пусто)}}!', 'пусто!'],
  ])('%s', (text, rendered) => expect(render(text)).toBe(rendered))

  test('a place that cannot be read is told with its position', () => {
    expect(render('Order {{shop.name}}')).toMatchObject({ ok: false, at: 8 })
    expect(render('Order {{order.number')).toMatchObject({ ok: false, at: 6 })
  })

  test('text without places stays as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{{')),
        (text) => {
          expect(render(text)).toBe(text)
        },
      ),
    )
  })
})

describe('phones and e-mails', () => {
  test.each([
    ['8 (999) 000-11-22', '+79990001122'],
    ['+7 999 000 11 22', '+79990001122'],
    ['9990001122', '+79990001122'],
    ['8 800 555-35-35', '+78005553535'],
    ['+375 29 123-45-67', '+375291234567'],
    ['+7 495 123-45-67 доб. 12', '+74951234567'],
    ['123', null],
    ['нет телефона', null],
  ])('%s', (text, e164) => expect(toE164(text)).toBe(e164))

  test.each([
    [' Anna@Example.TEST ', 'anna@example.test'],
    ['anna@', null],
    ['anna@example', null],
    ['a b@example.test', null],
  ])('%s', (text, email) => expect(toEmail(text)).toBe(email))

  test('reading a phone twice changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 900_000_0000, max: 999_999_9999 }), (national) => {
        const once = toE164(`8${national}`)
        if (once !== null) expect(toE164(once)).toBe(once)
      }),
    )
  })
})

describe(fitValues, () => {
  const field = (type: string, enums: DirectoryField['enums'] = []): DirectoryField => ({
    id: fieldId(1),
    entity: 'deal',
    name: 'F',
    code: null,
    type,
    enums,
  })
  const options = [
    { id: 11, value: 'Карта', code: 'card' },
    { id: 12, value: 'Наличные  при получении', code: null },
    { id: 13, value: 'Счёт', code: null },
  ]
  test.each([
    ['text', ['a', 'b'], [{ value: 'a, b' }]],
    ['numeric', ['1 234,5'], [{ value: '1234.5' }]],
    ['checkbox', ['Да'], [{ value: true }]],
    ['checkbox', ['N'], [{ value: false }]],
    ['date', ['2026-11-23T00:00:00Z'], [{ value: 1_795_392_000 }]],
    ['date', ['23.11.2026'], [{ value: 1_795_392_000 }]],
    ['select', ['КАРТА'], [{ enumId: 11 }]],
    ['select', ['счет'], [{ enumId: 13 }]],
    ['multiselect', ['Карта', 'Счёт'], [{ enumId: 11 }, { enumId: 13 }]],
    ['text', ['  '], []],
  ])('%s takes %j', (type, texts, values) => expect(fitValues(texts, field(type, options))).toEqual({ ok: true, values }))

  test.each([
    ['numeric', 'много', 'no-number'],
    ['checkbox', 'может быть', 'no-yes-or-no'],
    ['date', 'завтра', 'no-date'],
    ['select', 'Бартер', 'not-in-list'],
    ['file', 'x', 'unsupported-type'],
  ])('%s refuses %s', (type, text, reason) => expect(fitValues([text], field(type, options))).toEqual({ ok: false, reason }))

  test('tracking values are cut to what amoCRM keeps', () => {
    const fit = fitValues(['x'.repeat(300)], field('tracking_data'))
    expect(fit.ok && String(fit.values[0]?.value).length).toBe(255)
  })
})
