import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestBatch, nextBatchSize } from './batch-size.ts'

const quick = { tookMs: 300, tooHeavy: false }

describe(nextBatchSize, () => {
  test.each([
    { note: 'stays at its largest', size: 50, answer: { ...quick, items: 50 }, next: 50 },
    { note: 'halves when amoCRM gave up', size: 50, answer: { items: 50, tookMs: 60_000, tooHeavy: true }, next: 25 },
    { note: 'halves on a slow answer', size: 50, answer: { items: 50, tookMs: 10_001, tooHeavy: false }, next: 25 },
    { note: 'goes by what was sent', size: 50, answer: { items: 6, tookMs: 60_000, tooHeavy: true }, next: 3 },
    { note: 'never below one', size: 1, answer: { items: 1, tookMs: 60_000, tooHeavy: true }, next: 1 },
    { note: 'grows back with a full batch', size: 25, answer: { ...quick, items: 25 }, next: 30 },
    { note: 'a small batch says nothing of a larger one', size: 25, answer: { ...quick, items: 3 }, next: 25 },
  ])('$note', ({ size, answer, next }) => expect(nextBatchSize(size, answer)).toBe(next))

  test('is always between one and the largest, and comes back', () => {
    const answer = fc.record({ items: fc.integer({ min: 1, max: 50 }), tookMs: fc.nat(20_000), tooHeavy: fc.boolean() })
    fc.assert(
      fc.property(fc.array(answer), (answers) => {
        let size = largestBatch
        for (const one of answers) {
          size = nextBatchSize(size, { ...one, items: Math.min(one.items, size) })
          expect(size).toBeGreaterThanOrEqual(1)
          expect(size).toBeLessThanOrEqual(largestBatch)
        }
        for (let full = 0; full < 10; full += 1) size = nextBatchSize(size, { ...quick, items: size })
        expect(size).toBe(largestBatch)
      }),
    )
  })
})
