import { gatewayPage, problem, type Reply } from './reply.ts'

type LimitAnswer = 'html' | 'json' | 'header'

export interface LimitRules {
  /** Per integration and account. Source: "Ограничения/рекомендации по API". */
  requestsPerSecond: number
  /** Per account, all integrations together. */
  accountRequestsPerSecond: number
  /** What a 429 looks like: the gateway's page, JSON with `retry_after`, or the page with a `Retry-After` header. */
  answer: LimitAnswer
  retryAfterSec: number
  /** This many 429 within 60 s close the account with 403 until somebody lifts it. */
  violationsToBan: number
}

export interface Limits {
  readonly rules: LimitRules
  configure(change: Partial<LimitRules>): void
  /** Undefined: let it through. Counts at arrival, token requests too. */
  check(accountId: number, client: string, nowMs: number): Reply | undefined
  ban(accountId: number): void
  /** Lifts bans and forgets what was counted. */
  reset(): void
}

export function createLimits(initial: Pick<LimitRules, 'requestsPerSecond' | 'accountRequestsPerSecond'>): Limits {
  let rules: LimitRules = { ...initial, answer: 'html', retryAfterSec: 1, violationsToBan: 20 }
  const windows = new Map<string, Window>()
  const banned = new Set<number>()

  function windowOf(key: string): Window {
    const known = windows.get(key)
    if (known !== undefined) return known
    const fresh: Window = []
    windows.set(key, fresh)
    return fresh
  }

  function tooMany(): Reply {
    const { answer, retryAfterSec } = rules
    if (answer === 'json') return problem(429, 'Too many requests', { retry_after: retryAfterSec })
    const page = gatewayPage(429)
    return answer === 'header' ? { ...page, headers: { ...page.headers, 'retry-after': String(retryAfterSec) } } : page
  }

  return {
    get rules() {
      return rules
    },
    configure: (change) => {
      rules = { ...rules, ...change }
    },
    check(accountId, client, nowMs) {
      if (banned.has(accountId)) return gatewayPage(403)
      const ofClient = recent(windowOf(`${accountId}/${client}`), nowMs, 1000)
      const ofAccount = recent(windowOf(`${accountId}`), nowMs, 1000)
      if (ofClient.length < rules.requestsPerSecond && ofAccount.length < rules.accountRequestsPerSecond) {
        ofClient.push(nowMs)
        ofAccount.push(nowMs)
        return undefined
      }
      const violations = recent(windowOf(`${accountId}/violations`), nowMs, 60_000)
      violations.push(nowMs)
      if (violations.length >= rules.violationsToBan) banned.add(accountId)
      return tooMany()
    },
    ban: (accountId) => void banned.add(accountId),
    reset() {
      windows.clear()
      banned.clear()
    },
  }
}

/** Arrival times, oldest first. */
type Window = number[]

/** A request made exactly one second ago is no longer in the second. */
function recent(window: Window, nowMs: number, spanMs: number): Window {
  const gone = window.findIndex((at) => at > nowMs - spanMs)
  window.splice(0, gone === -1 ? window.length : gone)
  return window
}
