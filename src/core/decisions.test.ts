import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterNotFound, betweenReadingsMs, lateCommitMs } from './lost-create.ts'
import { afterSending, planDealChange, type SentView } from './plan-deal.ts'
import { planAfterFailure } from './plan-retry.ts'
import { priceOf } from './price.ts'

describe(priceOf, () => {
  test.each([
    { total: '15990.50', currency: 'RUB', price: { kind: 'price', roubles: 15_991 } },
    { total: '100.00', currency: 'USD', price: { kind: 'price', roubles: 9_250 } },
    { total: '100.00', currency: 'EUR', price: { kind: 'skipped' } },
    { total: '100.00', currency: 'KZT', price: { kind: 'unknown-currency' } },
    { total: '2147483648', currency: 'RUB', price: { kind: 'too-big' } },
    { total: 'дорого', currency: 'RUB', price: { kind: 'unreadable' } },
  ])('$total $currency', ({ total, currency, price }) =>
    expect(priceOf({ total, currency }, 'RUB', { USD: 92.5, EUR: 'skip' })).toEqual(price),
  )
})

describe(planDealChange, () => {
  const sent: SentView = {
    name: 'Order #1',
    price: 100,
    tags: ['Сайт'],
    fields: { 5: [{ value: 'a' }], 6: [{ value: 'b' }] },
    noteHash: null,
  }
  const view = { ...sent, note: null }
  test.each([
    { note: 'the same plans nothing', now: view, change: null },
    {
      note: 'only the changed field',
      now: { ...view, fields: { 5: [{ value: 'a' }], 6: [{ value: 'c' }] } },
      change: { fields: { 6: [{ value: 'c' }] } },
    },
    { note: 'an empty value wipes nothing', now: { ...view, price: null, fields: {} }, change: null },
    { note: 'a new tag is added', now: { ...view, tags: ['Сайт', 'Опт'] }, change: { tagsToAdd: ['Опт'] } },
    { note: 'name and price', now: { ...view, name: 'X', price: 0 }, change: { name: 'X', price: 0 } },
  ])('$note', ({ now, change }) => expect(planDealChange(now, sent, null)).toEqual(change))

  test('what was sent plans nothing', () => {
    const anyView = fc.record({
      name: fc.string(),
      price: fc.option(fc.nat()),
      tags: fc.uniqueArray(fc.string()),
      fields: fc.dictionary(fc.nat().map(String), fc.array(fc.record({ value: fc.string() }))),
      note: fc.constant(null),
    })
    fc.assert(
      fc.property(anyView, (now) => {
        expect(planDealChange(now, afterSending(now, undefined, null), null)).toBeNull()
      }),
    )
  })
})

describe(planAfterFailure, () => {
  test('waits grow, then a person is asked', () => {
    expect([0, 1, 2, 3, 4].map((attempts) => planAfterFailure({ when: 'backoff' }, attempts, 0.5))).toMatchObject(
      [1_000, 5_000, 30_000, 120_000, 600_000].map((delayMs) => ({ kind: 'later', delayMs })),
    )
    expect(planAfterFailure({ when: 'backoff' }, 5, 0.5)).toEqual({ kind: 'failed', attempts: 6, recoverable: true })
  })
  test('what was refused for its content fails at once', () =>
    expect(planAfterFailure({ when: 'never' }, 0, 0.5)).toEqual({ kind: 'failed', attempts: 1, recoverable: false }))
  test('a wait that was asked for is a floor', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(4), fc.double({ min: 0, max: 0.999, noNaN: true }), (delayMs, attempts, chance) => {
        expect(planAfterFailure({ when: 'after', delayMs }, attempts, chance)).toMatchObject({ kind: 'later' })
        const after = planAfterFailure({ when: 'after', delayMs }, attempts, chance)
        expect(after.kind === 'later' && after.delayMs >= delayMs).toBe(true)
      }),
    )
  })
})

describe(afterNotFound, () => {
  test('absent is never concluded early or from one reading', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(fc.nat(60_000), { minLength: 1, maxLength: 8 }), (limitMs, pauses) => {
        let readAtMs = 0
        let firstAbsentAtMs: number | null = null
        for (const pause of pauses) {
          readAtMs += pause
          const state = afterNotFound({ sentAtMs: 0, limitMs, firstAbsentAtMs }, readAtMs)
          if (state.kind === 'absent') {
            expect(firstAbsentAtMs).not.toBeNull()
            expect(readAtMs).toBeGreaterThanOrEqual(limitMs + lateCommitMs)
            expect(readAtMs - (firstAbsentAtMs ?? readAtMs)).toBeGreaterThanOrEqual(betweenReadingsMs)
            return
          }
          firstAbsentAtMs = state.firstAbsentAtMs
        }
      }),
    )
  })
  test('the second reading at the told time concludes', () => {
    const first = afterNotFound({ sentAtMs: 0, limitMs: 20_000, firstAbsentAtMs: null }, 2_000)
    expect(first).toEqual({ kind: 'wait', againAtMs: 50_000, firstAbsentAtMs: 2_000 })
    expect(afterNotFound({ sentAtMs: 0, limitMs: 20_000, firstAbsentAtMs: 2_000 }, 50_000)).toEqual({ kind: 'absent' })
  })
})
