import type { Clock } from './clock.ts'

/** The requests of the last second, counted at one place for everybody who sends in the account's name. */
export interface SlidingLog {
  /** Counts one request unless the last second is full or a hold is in force. 0 when granted, else ms after which to ask again. */
  take(perSecond: number): Promise<number>
  /** No request for the next `ms`. A shorter hold never shortens a longer one. */
  holdFor(ms: number): Promise<void>
}

/** A second as the receiver may see it: requests reach it up to 20 ms closer together than they were sent. */
const windowMs = 1_020

/** For one process alone: forgotten at its end. */
export function createMemoryLog(clock: Pick<Clock, 'now'>): SlidingLog {
  let grantsMs: number[] = []
  let heldUntilMs = Number.NEGATIVE_INFINITY
  return {
    async take(perSecond) {
      const nowMs = clock.now()
      if (nowMs < heldUntilMs) return heldUntilMs - nowMs
      grantsMs = grantsMs.filter((grantMs) => grantMs > nowMs - windowMs)
      const oldestThatCounts = grantsMs.at(-perSecond)
      if (oldestThatCounts !== undefined) return oldestThatCounts + windowMs - nowMs
      grantsMs.push(nowMs)
      return 0
    },
    async holdFor(ms) {
      heldUntilMs = Math.max(heldUntilMs, clock.now() + ms)
    },
  }
}
