import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSearchIndex } from './search.ts'

const step = fc.record({
  id: fc.integer({ min: 250, max: 262 }),
  text: fc.option(fc.string({ unit: fc.constantFrom('a', 'B', '9'), maxLength: 4 })),
})

describe(createSearchIndex, () => {
  test('always finds what a look through every text would', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 20 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '9'), minLength: 1, maxLength: 3 }),
        (steps, needle) => {
          const index = createSearchIndex(() => 0)
          const texts = new Map<number, string>()
          for (const { id, text } of steps) {
            if (text === null) {
              index.remove(id)
              texts.delete(id)
            } else {
              index.put(id, text, 0)
              texts.set(id, text.toLowerCase())
            }
            const expected = [...texts].filter(([, stored]) => stored.includes(needle)).map(([found]) => found)
            expect(index.find(needle, 0).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b))
          }
        },
      ),
    )
  })

  test('never shows a text before its time, and always from then on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 20 }),
        (lagMs, asked) => {
          const index = createSearchIndex(() => lagMs)
          index.put(1, 'old', 0)
          for (const atMs of asked.sort((a, b) => a - b)) {
            expect(index.find('old', atMs)).toEqual(atMs >= lagMs ? [1] : [])
          }
        },
      ),
    )
  })
})
