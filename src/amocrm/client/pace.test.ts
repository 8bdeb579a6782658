import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { currentRate, fullPace, holdAfterLimit, paceAfterLimit } from './pace.ts'

describe(holdAfterLimit, () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [6, 120_000],
    [7, 240_000],
    [20, 600_000],
  ])('strike %i waits %i ms', (strikes, ms) => expect(holdAfterLimit(strikes, undefined, 0)).toBe(ms))

  test('never shorter than the wait that was named, and little longer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.nat(3_600_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (strikes, named, chance) => {
          const hold = holdAfterLimit(strikes, named, chance)
          expect(hold).toBeGreaterThanOrEqual(named)
          expect(hold).toBeLessThanOrEqual(named + 5_000)
        },
      ),
    )
  })
})

test('the rate falls by a quarter with each 429, stays above zero, and is whole again in time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 30 }), (perSecond, limits) => {
      let pace = fullPace
      for (let strike = 0; strike < limits; strike += 1) {
        const before = currentRate(pace, perSecond, 0)
        pace = paceAfterLimit(pace, perSecond, 0)
        expect(currentRate(pace, perSecond, 0)).toBe(Math.max(1, Math.floor(before * 0.75)))
      }
      expect(currentRate(pace, perSecond, 30_000 * perSecond)).toBe(perSecond)
    }),
  )
})
