import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertKopecks, formatMoney, toKopecks, toWholeRoubles } from './money.ts'

describe(toKopecks, () => {
  test.each([
    ['15990.00', 1_599_000n],
    ['0.1', 10n],
    ['-3.999', -400n],
    ['12345678901234567890.12', 1_234_567_890_123_456_789_012n],
    ['1,5', undefined],
    ['', undefined],
  ])('%s', (money, kopecks) => expect(toKopecks(money)).toBe(kopecks))
})

describe(toWholeRoubles, () => {
  test.each([
    ['15990.49', 15_990n],
    ['15990.50', 15_991n],
    ['-0.50', 0n],
    ['-0.51', -1n],
  ])('%s', (money, roubles) => expect(toWholeRoubles(toKopecks(money) ?? 0n)).toBe(roubles))

  test('is never further than half a rouble away', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), (kopecks) => {
        const away = toWholeRoubles(kopecks) * 100n - kopecks
        expect(away >= -49n && away <= 50n).toBe(true)
      }),
    )
  })
})

test('a rate converts and rounds', () => expect(convertKopecks(10_000n, 92.5)).toBe(925_000n))

test.each([
  ['15990.50', '15 990,50'],
  ['15990.00', '15 990'],
  ['-1234567', '−1 234 567'],
  ['0.05', '0,05'],
  ['by phone', 'by phone'],
])('%s is shown as %s', (money, shown) => expect(formatMoney(money)).toBe(shown))
