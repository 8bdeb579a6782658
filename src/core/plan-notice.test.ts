import { expect, test } from 'vitest'
import { nextNoticeTry } from './plan-notice.ts'

const hour = 3_600_000

test('a notice is tried ever more slowly, then hourly, and given up after 72 hours', () => {
  const tries: number[] = []
  for (let at: number | undefined = 0, attempts = 0; at !== undefined; attempts += 1) {
    at = nextNoticeTry(attempts, 0, at)
    if (at !== undefined) tries.push(at)
  }
  expect(tries.slice(0, 6)).toEqual([1_000, 6_000, 36_000, 156_000, 756_000, 756_000 + hour])
  expect(tries.at(-1)).toBeLessThanOrEqual(72 * hour)
  expect(tries).toHaveLength(5 + 71)
})
