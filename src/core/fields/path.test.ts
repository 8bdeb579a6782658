import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePath, readPath } from './path.ts'
import { checkPath, type Subject } from './vocabulary.ts'

const data = {
  order: {
    number: '10025',
    paid: false,
    properties: { UTM_SOURCE: 'yandex', 'CITY.raw': '84', COLORS: ['red', 'blue'], '#12': 'no code', '1C_ID': 'a1' },
    payments: [{ system: 'Card' }, { system: 'Cash' }],
    lines: [
      { name: 'A', properties: [{ code: 'COLOR', value: 'black' }] },
      { name: 'B', properties: [] },
    ],
    comment: null,
  },
  touch: { last: { utm_source: 'vk' } },
  answers: { PHONE: '8 999', 'Your phone': '8 998' },
}

function read(text: string, from: Record<string, unknown> = data): string[] {
  const path = parsePath(text)
  if (!path.ok) throw new Error(path.problem.code)
  return readPath(path.value, from)
}

describe(readPath, () => {
  test.each([
    ['order.number', ['10025']],
    ['order.paid', ['false']],
    ['order.properties.UTM_SOURCE', ['yandex']],
    ['order.properties.CITY.raw', ['84']],
    ['order.properties.#12', ['no code']],
    ['order.properties.1C_ID', ['a1']],
    ['order.properties.COLORS', ['red', 'blue']],
    ['order.properties.COLORS[1]', ['blue']],
    ['order.payments[1].system', ['Cash']],
    ['order.lines[*].name', ['A', 'B']],
    ['order.lines[*].properties[*].value', ['black']],
    ['order.payments[9].system', []],
    ['order.payments.system', []],
    ['order.number.length', []],
    ['order.comment', []],
    ['order.properties', []],
    ['touch.last.utm_source', ['vk']],
    ['answers["Your phone"]', ['8 998']],
    ['buyer.phone', []],
  ])('%s', (path, values) => expect(read(path)).toEqual(values))

  test.each([
    'order.constructor',
    'order.constructor.name',
    'order.__proto__',
    'order.properties.__proto__',
    'order.lines.length',
    'order.toString',
  ])('%s reaches no prototype', (path) => expect(read(path)).toEqual([]))

  test('what is inherited is not there', () => {
    const order: unknown = Object.create({ number: 'inherited', buyer: { phone: '1' } })
    expect(read('order.number', { order })).toEqual([])
    expect(read('order.buyer.phone', { order })).toEqual([])
  })

  test('only own values are read, whatever the path', () => {
    const step = fc.constantFrom(
      '.a',
      '.b',
      '[0]',
      '[*]',
      '.__proto__',
      '.constructor',
      '.prototype',
      '.toString',
      '.length',
      '["__proto__"]',
    )
    const leaf = fc.oneof(fc.constant('own'), fc.constant(null))
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('node'), { maxLength: 3 }), fc.record({ a: tie('node'), b: tie('node') })),
    })).node
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), tree, (steps, order) => {
        for (const value of read(`order${steps.join('')}`, { order })) expect(value).toBe('own')
      }),
    )
  })
})

describe(parsePath, () => {
  test.each([
    ['', 0],
    ['shop.name', 0],
    ['order..number', 5],
    ['order.payments[x]', 14],
    ['order number', 5],
    ['order.payments[0]system', 17],
    ['order.', 5],
  ])('"%s" is no path: trouble at %i', (text, at) => expect(parsePath(text)).toMatchObject({ ok: false, at }))

  test('the nearest beginning is offered', () => {
    expect(parsePath('ordre.number')).toMatchObject({ problem: { code: 'path-root', suggestion: 'order.number' } })
  })

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(typeof parsePath(`order${text}`).ok).toBe('boolean')
      }),
    )
  })
})

describe(checkPath, () => {
  const check = (text: string, subject: Subject) => {
    const path = parsePath(text)
    return path.ok ? checkPath(path.value, subject) : path.problem
  }

  test.each<[string, Subject]>([
    ['order.number', 'order'],
    ['order.properties.ANY.raw', 'order'],
    ['order.lines[*].properties[0].value', 'order'],
    ['order.buyer.company.inn', 'order'],
    ['buyer.email', 'order'],
    ['touch.last.anything', 'order'],
    ['answers.PHONE', 'form'],
    ['form.name', 'form'],
  ])('%s is known', (text, subject) => expect(check(text, subject)).toBeUndefined())

  test.each<[string, Subject, string, string | undefined]>([
    ['order.nubmer', 'order', 'path-unknown', 'order.number'],
    ['order.lines[0].nme', 'order', 'path-unknown', 'order.lines[0].name'],
    ['order.lines.name', 'order', 'path-list', 'order.lines[*].name'],
    ['order.payments[*]', 'order', 'path-section', undefined],
    ['order.buyer', 'order', 'path-section', undefined],
    ['answers.PHONE', 'order', 'path-unknown', undefined],
    ['order.number', 'form', 'path-unknown', undefined],
    ['frm.name', 'form', 'path-root', 'form.name'],
    ['touch.utm_source', 'order', 'path-unknown', undefined],
  ])('%s of %s: %s', (text, subject, code, suggestion) => {
    const problem = check(text, subject)
    expect({ code: problem?.code, suggestion: problem?.suggestion }).toEqual({ code, suggestion })
  })
})
