import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseClass } from './priority.ts'

const classCount = 7

describe(chooseClass, () => {
  test('the highest goes while nobody has been passed over long enough', () => {
    expect(chooseClass([0, 3, 8])).toBe(0)
    expect(chooseClass([0, 9])).toBe(1)
  })

  test('a class that waits gets one of any ten slots, whoever else comes and goes', () => {
    const whoWaits = fc.array(fc.uniqueArray(fc.nat(classCount - 1), { minLength: 1 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(whoWaits, (slots) => {
        const passedOver = Array<number>(classCount).fill(0)
        for (const unsorted of slots) {
          const waiting = unsorted.toSorted((a, b) => a - b)
          const chosen = waiting[chooseClass(waiting.map((name) => passedOver[name] ?? 0))]
          for (let name = 0; name < classCount; name += 1) {
            passedOver[name] = waiting.includes(name) && name !== chosen ? (passedOver[name] ?? 0) + 1 : 0
          }
          expect(Math.max(...passedOver)).toBeLessThan(10)
        }
      }),
    )
  })

  test('with all at work the highest keeps what the one-in-ten of the others leaves', () => {
    const passedOver = Array<number>(classCount).fill(0)
    const served = Array<number>(classCount).fill(0)
    for (let slot = 0; slot < 1_000; slot += 1) {
      const chosen = chooseClass(passedOver)
      for (let name = 0; name < classCount; name += 1) passedOver[name] = name === chosen ? 0 : (passedOver[name] ?? 0) + 1
      served[chosen] = (served[chosen] ?? 0) + 1
    }
    expect(served[0]).toBeGreaterThanOrEqual(390)
    expect(Math.min(...served)).toBeGreaterThanOrEqual(100)
  })
})
