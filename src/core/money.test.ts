import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertKopecks, formatMoney, formatSum, sumMoney, toKopecks, toMoney, toWholeRoubles } from './money.ts'

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
    ['-1.50', -1n],
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

test.each([
  ['15990.50', 'RUB', 'ru', '15 990,50 ₽'],
  ['15990.50', 'RUB', 'en', '15,990.50 ₽'],
  ['-1', 'USD', 'en', '−1 $'],
  ['7.00', 'BYN', 'ru', '7 BYN'],
] as const)('%s %s in %s is %s', (money, currency, language, shown) => expect(formatSum(money, currency, language)).toBe(shown))

describe(sumMoney, () => {
  test.each([
    [[], '0.00'],
    [['0.1', '0.2'], '0.30'],
    [['12345678901234567890.12', '-0.13'], '12345678901234567889.99'],
    [['-0.05'], '-0.05'],
    [['1', 'x'], undefined],
  ])('%j', (parts, sum) => expect(sumMoney(parts)).toBe(sum))

  test('the order of the parts changes nothing', () => {
    const money = fc.bigInt(-(10n ** 20n), 10n ** 20n).map(toMoney)
    fc.assert(
      fc.property(fc.array(money), (parts) => {
        expect(sumMoney(parts.toReversed())).toBe(sumMoney(parts))
      }),
    )
  })
})

test('money is read as it was written, however long', () => {
  fc.assert(
    fc.property(fc.bigInt(), (kopecks) => {
      expect(toKopecks(toMoney(kopecks))).toBe(kopecks)
    }),
  )
})
