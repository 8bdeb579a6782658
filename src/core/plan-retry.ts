import type { Retry } from './failure.ts'

/** Waits after the first to the fifth failure, ±20 %: a failed item is tried at most six times before a person is asked. */
const waitsMs = [1_000, 5_000, 30_000, 120_000, 600_000] as const

export type AfterFailure = { kind: 'later'; attempts: number; delayMs: number } | { kind: 'failed'; attempts: number; recoverable: boolean }

/**
 * What becomes of an item whose run failed. `attempts` are the failures before this one, `chance` is in [0, 1).
 * A wait that the other side asked for is a floor. What amoCRM refused for its content fails at once.
 */
export function planAfterFailure(retry: Retry, attempts: number, chance: number): AfterFailure {
  if (retry.when === 'never') return { kind: 'failed', attempts: attempts + 1, recoverable: false }
  const base = waitsMs[attempts]
  if (base === undefined) return { kind: 'failed', attempts: attempts + 1, recoverable: true }
  const wait = Math.round(base * (0.8 + 0.4 * chance))
  return { kind: 'later', attempts: attempts + 1, delayMs: retry.when === 'after' ? Math.max(wait, retry.delayMs) : wait }
}
