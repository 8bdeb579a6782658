import { type BreakerState, closedBreaker, resume } from '../amocrm/client/breaker.ts'
import { createAmoClient } from '../amocrm/client/client.ts'
import type { Gate } from '../amocrm/client/gate.ts'
import { guardGate } from '../amocrm/client/guarded-gate.ts'
import type { AmoAddress } from '../amocrm/client/host.ts'
import { createLimiter } from '../amocrm/client/limiter.ts'
import { createCrm } from '../amocrm/crm.ts'
import { CrmAccountError } from '../core/crm-failure.ts'
import type { Account } from '../ports/accounts.ts'
import { type Crm, patientClasses, type RequestClass, requestClasses } from '../ports/crm.ts'
import { findToken } from '../storage/accounts.ts'
import { createRequestLog, loadBreaker, saveBreaker } from '../storage/lanes.ts'
import { version } from '../version.ts'
import type { App } from './open-app.ts'

export const userAgent = `Amobridge/${version} (+https://github.com/amobridge/amobridge)`

/** One account's way to amoCRM: its token, its limiter and its breaker behind the CRM port. */
export interface AccountRuntime {
  crm: Crm
  /** Requests may leave until then: somebody else may hold the lane afterwards. */
  holdUntil(atMs: number): void
  /** Requests waiting for a slot. */
  waitingRequests(): number
  breaker(): BreakerState
  /** The token or the rate was changed by settings. */
  reload(requestsPerSecond: number): void
  close(): Promise<void>
}

export async function createAccountRuntime(
  app: App,
  account: Pick<Account, 'id' | 'baseUrl'>,
  requestsPerSecond: number,
): Promise<AccountRuntime> {
  const { clock, database, seal } = app
  let perSecond = requestsPerSecond
  let token: string | undefined
  let heldUntilMs = -Infinity
  let breaker = toBreaker(await loadBreaker(database, account.id))
  const limiter = createLimiter<RequestClass>({
    classes: requestClasses,
    patient: patientClasses,
    perSecond: () => perSecond,
    log: createRequestLog(database, account.id),
    clock,
    random: Math.random,
  })
  const counted = countWaiting(limiter)
  const guarded = guardGate(counted.gate, { get: () => breaker, put: keepBreaker }, clock)

  function keepBreaker(next: BreakerState): void {
    const moved = next.state !== breaker.state
    breaker = next
    // Only opening and closing must survive a restart; a lost count of failures costs nothing.
    if (moved) void database.write((tx) => saveBreaker(tx, account.id, next)).catch(() => undefined)
  }

  const client = createAmoClient<RequestClass>({
    ...addressOf(account),
    accessToken: async () => {
      token ??= await findToken(database, seal, account.id)
      if (token === undefined) throw new CrmAccountError('unauthorised', 'there is no token yet: give amocrm.token in the settings')
      return token
    },
    gate: guarded,
    mayLeave: () => clock.now() < heldUntilMs,
    userAgent,
    clock,
  })
  return {
    crm: createCrm({ client }),
    holdUntil: (atMs) => {
      heldUntilMs = atMs
    },
    waitingRequests: counted.waiting,
    breaker: () => breaker,
    reload(next) {
      perSecond = next
      token = undefined
    },
    close: () => client.close(),
  }
}

export function addressOf({ baseUrl }: { baseUrl: string }): AmoAddress {
  const url = new URL(baseUrl)
  return url.protocol === 'https:' && url.port === '' ? { host: url.host } : { baseUrl }
}

/** Written by us; anything else (an older version's record) starts closed. */
export function toBreaker(stored: unknown): BreakerState {
  return typeof stored === 'object' && stored !== null && 'state' in stored ? (stored as BreakerState) : closedBreaker
}

function countWaiting(gate: Gate<RequestClass>) {
  let waiting = 0
  const counted: Gate<RequestClass> = {
    async enter(requestClass, signal) {
      waiting += 1
      try {
        return await gate.enter(requestClass, signal)
      } finally {
        waiting -= 1
      }
    },
  }
  return { gate: counted, waiting: () => waiting }
}

/** Where a deal opens in amoCRM's own pages. */
export const dealUrlOf = (account: { baseUrl: string }, dealId: number) => `${account.baseUrl}/leads/detail/${dealId}`

/** A person asks to try a closed account at once. */
export const resumeBreaker = resume
export const breakerName = (breaker: BreakerState) => breaker.state
