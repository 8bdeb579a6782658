/** What stopped the calls: a 403 page (the account or our address is blocked), or a run of failures. */
export type BreakerCause = 'banned' | 'failures'

/** The breaker of one account. Plain data: the caller keeps it over restarts. Instants are ms since epoch. */
export type BreakerState =
  | { state: 'closed'; failures: number }
  | { state: 'open'; cause: BreakerCause; untilMs: number; openForMs: number }
  /** One request is on its way to try. */
  | { state: 'half-open'; cause: BreakerCause; probeSentAtMs: number; openForMs: number }

export const closedBreaker: BreakerState = { state: 'closed', failures: 0 }

export const failuresInARow = 8
/** A probe that never reported back (its process died) is given up after this. */
const probeLostAfterMs = 120_000

const firstOpenMs: Record<BreakerCause, number> = { banned: 10 * 60_000, failures: 30_000 }
const longestOpenMs: Record<BreakerCause, number> = { banned: 60 * 60_000, failures: 10 * 60_000 }

export type Admission = { admitted: true; probe: boolean; next: BreakerState } | { admitted: false; waitMs: number; cause: BreakerCause }

/** May a request go now? An open breaker whose time is over admits one probe. */
export function admit(breaker: BreakerState, nowMs: number): Admission {
  if (breaker.state === 'closed') return { admitted: true, probe: false, next: breaker }
  const tryAgainAtMs = breaker.state === 'open' ? breaker.untilMs : breaker.probeSentAtMs + probeLostAfterMs
  const { cause, openForMs } = breaker
  if (nowMs < tryAgainAtMs) return { admitted: false, waitMs: tryAgainAtMs - nowMs, cause }
  return { admitted: true, probe: true, next: { state: 'half-open', cause, probeSentAtMs: nowMs, openForMs } }
}

/** After a request was answered. Only the probe's answer closes: an older request's may arrive late. */
export function afterAnswer(breaker: BreakerState, probe: boolean): BreakerState {
  if (breaker.state === 'closed') return breaker.failures === 0 ? breaker : closedBreaker
  return probe ? closedBreaker : breaker
}

/** After a 403 page: ten minutes, twice as long after each failed probe, an hour at most. */
export function afterBan(breaker: BreakerState, probe: boolean, nowMs: number): BreakerState {
  if (breaker.state === 'closed' || probe) return openAgain(breaker, 'banned', nowMs)
  return breaker.cause === 'banned' ? breaker : openAgain(closedBreaker, 'banned', nowMs)
}

/** After a 5xx, a time-out or a connection that did not come about. */
export function afterFailure(breaker: BreakerState, probe: boolean, nowMs: number): BreakerState {
  if (breaker.state !== 'closed') return probe ? openAgain(breaker, breaker.cause, nowMs) : breaker
  const failures = breaker.failures + 1
  return failures < failuresInARow ? { state: 'closed', failures } : openAgain(breaker, 'failures', nowMs)
}

/** After a probe of which nothing is known: the next request is the probe. */
export function afterStoppedProbe(breaker: BreakerState, nowMs: number): BreakerState {
  return breaker.state === 'half-open' ? { ...resume(breaker, nowMs) } : breaker
}

/** A person asks to try at once: the next request is the probe. */
export function resume(breaker: BreakerState, nowMs: number): BreakerState {
  if (breaker.state === 'closed') return breaker
  return { state: 'open', cause: breaker.cause, untilMs: nowMs, openForMs: breaker.openForMs }
}

function openAgain(breaker: BreakerState, cause: BreakerCause, nowMs: number): BreakerState {
  const again = breaker.state !== 'closed' && breaker.cause === cause
  const openForMs = again ? Math.min(longestOpenMs[cause], breaker.openForMs * 2) : firstOpenMs[cause]
  return { state: 'open', cause, untilMs: nowMs + openForMs, openForMs }
}
