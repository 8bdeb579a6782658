import { describe, expect, test } from 'vitest'
import { parseTransform } from './transform.ts'

function apply(text: string, values: string[], timeZone?: string): string[] {
  const transform = parseTransform(text)
  if (!transform.ok) throw new Error(transform.problem.code)
  return transform.value(values, timeZone === undefined ? {} : { timeZone })
}

describe(parseTransform, () => {
  test.each([
    ['trim', [' a '], ['a']],
    ['lower', ['ЁЛКА'], ['ёлка']],
    ['upper', ['a'], ['A']],
    ['digits', ['+7 (999) 000-11-22'], ['79990001122']],
    ['phone', ['8 (999) 000-11-22', 'нет'], ['+79990001122', 'нет']],
    ['number', ['1 234,50', 'x', '15 990 ₽', '1,234.5'], ['1234.50', '15990', '1234.5']],
    ['round', ['12,5', '-12.5', '-12.51', '99999999999999999999.5'], ['13', '-12', '-13', '100000000000000000000']],
    ['split(;)', ['a; b;'], ['a', 'b']],
    ['split(", ")', ['a, b'], ['a', 'b']],
    ['split( )', ['a b'], ['a', 'b']],
    ['join(", ")', ['a', 'b'], ['a, b']],
    ['join(, )', ['a', 'b'], ['a, b']],
    ['join(")")', ['a', 'b'], ['a)b']],
    ['join(-)', [], []],
    ['first', ['a', 'b'], ['a']],
    ['map({N: Новый, "P": Оплачен})', ['N', 'P', 'X'], ['Новый', 'Оплачен', 'X']],
    ['map({"a,b": "c:d"})', ['a,b'], ['c:d']],
    ['default(нет)', [], ['нет']],
    ['default(нет)', [' '], ['нет']],
    ['default(нет)', ['да'], ['да']],
    [' trim ', [' a '], ['a']],
  ])('%s', (text, before, after) => expect(apply(text, before)).toEqual(after))

  test.each([
    ['date(dd.MM.yyyy HH:mm)', '2026-11-23T08:05:00Z', undefined, '23.11.2026 08:05'],
    ['date(dd.MM.yyyy HH:mm)', '2026-11-23T22:05:00Z', 'Europe/Moscow', '24.11.2026 01:05'],
    ['date(d.M.yy, Asia/Vladivostok)', '2026-11-03T22:05:00Z', 'Europe/Moscow', '4.11.26'],
    ['date("dd.MM.yyyy, HH:mm")', '2026-11-23T08:05:00Z', undefined, '23.11.2026, 08:05'],
    ['date(dd.MM.yyyy, HH:mm:ss)', '2026-11-23T08:05:09Z', undefined, '23.11.2026, 08:05:09'],
    ['date(yyyy-MM-dd)', '23.11.2026', 'America/New_York', '2026-11-23'],
    ['date(yyyy-MM-dd)', 'завтра', undefined, 'завтра'],
    ['date(yyyy)', '2026-02-31', undefined, '2026-02-31'],
  ])('%s of %s in %s', (text, value, timeZone, shown) => expect(apply(text, [value], timeZone)).toEqual([shown]))

  test.each([
    ['nothing', 'transform-unknown', undefined],
    ['tirm', 'transform-unknown', 'trim'],
    ['constructor', 'transform-unknown', undefined],
    ['trim(x)', 'transform-no-argument', undefined],
    ['split', 'transform-needs-argument', undefined],
    ['split()', 'transform-needs-argument', undefined],
    ['map(x)', 'transform-map', undefined],
    ['map({a})', 'transform-map', undefined],
    ['map({})', 'transform-map', undefined],
    ['date(DD.MM.YYYY)', 'transform-date', 'date(dd.MM.yyyy)'],
    ['date(dd, Europe/Moskow)', 'transform-zone', 'Europe/Moscow'],
    ['split(', 'transform-syntax', undefined],
    ['', 'transform-syntax', undefined],
  ])('"%s" is refused: %s', (text, code, suggestion) => {
    const transform = parseTransform(text)
    expect(transform.ok ? 'read' : { code: transform.problem.code, suggestion: transform.problem.suggestion }).toEqual({ code, suggestion })
  })
})
