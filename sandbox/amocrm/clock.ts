/** The account's clock: the given one, plus what tests moved it by. */
export interface MovableClock {
  nowMs(): number
  /** Whole unix seconds, as every time in API v4. */
  nowSec(): number
  advance(ms: number): void
}

export function createClock(baseMs: () => number): MovableClock {
  let aheadMs = 0
  const nowMs = () => baseMs() + aheadMs
  return {
    nowMs,
    nowSec: () => Math.floor(nowMs() / 1000),
    advance: (ms) => {
      aheadMs += ms
    },
  }
}
