/** What the 429s so far have taught: how slow to go and how long to stop. Plain data. */
export interface Pace {
  /** 429s in a row. */
  strikes: number
  /** Requests per second given up at the last 429; one comes back every half minute. */
  givenUp: number
  slowedAtMs: number
}

export const fullPace: Pace = { strikes: 0, givenUp: 0, slowedAtMs: 0 }

const recoverEveryMs = 30_000
const minuteMs = 60_000

/** How many requests a second to send now, at least one. */
export function currentRate(pace: Pace, perSecond: number, nowMs: number): number {
  return Math.max(1, perSecond - stillGivenUp(pace, nowMs))
}

/** After a 429: a quarter slower than before, at least by one. */
export function paceAfterLimit(pace: Pace, perSecond: number, nowMs: number): Pace {
  const rate = currentRate(pace, perSecond, nowMs)
  const slower = Math.max(1, Math.floor(rate * 0.75))
  return { strikes: pace.strikes + 1, givenUp: perSecond - slower, slowedAtMs: nowMs }
}

/**
 * How long nobody may send after the newest of `strikes` 429s in a row: 1, 2, 4, 8, 16 s, then minutes, and a quarter (5 s at most)
 * by chance on top. A wait that amoCRM named is a floor. `chance` is in [0, 1).
 */
export function holdAfterLimit(strikes: number, namedMs: number | undefined, chance: number): number {
  const ownMs = strikes <= 5 ? 1_000 * 2 ** (strikes - 1) : Math.min(10 * minuteMs, minuteMs * 2 ** (strikes - 5))
  const baseMs = namedMs === undefined ? ownMs : Math.max(namedMs, strikes > 5 ? ownMs : 0)
  return Math.ceil(baseMs + chance * Math.min(baseMs * 0.25, 5_000))
}

function stillGivenUp(pace: Pace, nowMs: number): number {
  return Math.max(0, pace.givenUp - Math.floor(Math.max(0, nowMs - pace.slowedAtMs) / recoverEveryMs))
}
