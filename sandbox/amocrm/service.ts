import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiRequest, Habits } from './api-request.ts'
import type { MovableClock } from './clock.ts'
import { type FaultRule, type Faults, faultReply, spoil } from './faults.ts'
import type { Limits } from './limits.ts'
import { parseQuery } from './query.ts'
import { gatewayPage, Refusal, type Reply, refuse } from './reply.ts'
import { type LoggedRequest, type RequestLog, routeOf } from './request-log.ts'
import { createRouter, dispatch } from './router.ts'
import { apiRoutes } from './routes/all.ts'
import { answerSubdomain, answerTokenRequest } from './routes/oauth.ts'
import type { Grant, Tokens } from './tokens.ts'
import { isObject } from './validation.ts'
import type { Account } from './world/account.ts'
import type { World } from './world/default-world.ts'

/** A request as it arrived. */
export interface Incoming {
  at: number
  method: string
  url: URL
  header(name: string): string | undefined
  body: string
}

/** `reset`: the connection is cut without an answer. */
export type Outcome = Reply | 'reset'

export interface Latency {
  readMs: number
  writeMs: number
  perItemMs: number
}

export interface ServiceDeps {
  clock: MovableClock
  world: World
  tokens: Tokens
  limits: Limits
  faults: Faults
  log: RequestLog
  latency: Latency
  habits: Habits
  /** Ends waits when the emulator closes. */
  signal: AbortSignal
}

export interface Service {
  answer(incoming: Incoming): Promise<Outcome>
}

interface Caller {
  account: Account
  grant: Grant
}

/** Everything that is amoCRM itself: /api/v4 and /oauth2, with limits, faults and latency around them. */
export function createService(deps: ServiceDeps): Service {
  const { clock, world, tokens, limits, faults, log, latency, habits, signal } = deps
  const router = createRouter(apiRoutes)

  return {
    async answer(incoming) {
      const body = parseBody(incoming)
      const caller = identify(incoming, body)
      const entry = toEntry(incoming, body, caller)
      log.add(entry)
      const outcome = await outcomeOf(incoming, body, caller)
      entry.status = outcome === 'reset' ? 'reset' : outcome.status
      return outcome
    },
  }

  async function outcomeOf(incoming: Incoming, body: unknown, caller: Caller | undefined): Promise<Outcome> {
    const limited = caller && limits.check(caller.account.id, caller.grant.client, incoming.at)
    if (limited !== undefined) return limited
    const fault = faults.strike(incoming.method, incoming.url.pathname + incoming.url.search)
    if (fault !== undefined && fault.when !== 'after') {
      await wait(fault.delayMs ?? 0)
      const outcome = instead(fault, undefined)
      if (outcome !== undefined) return outcome
    }
    await wait(latencyOf(incoming, body))
    const reply = handle(incoming, body, caller)
    if (fault === undefined || fault.when !== 'after') return reply
    await wait(fault.delayMs ?? 0)
    return instead(fault, reply) ?? reply
  }

  /** Undefined: the fault only delays. */
  function instead(fault: FaultRule, reply: Reply | undefined): Outcome | undefined {
    if (fault.do === 'reset') return 'reset'
    if (fault.do === 'malformed') return spoil(reply ?? { status: 200, headers: { 'content-type': 'application/hal+json' }, body: null })
    return faultReply(fault.do)
  }

  async function wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal, ref: false })
  }

  function latencyOf({ method }: Incoming, body: unknown): number {
    return method === 'GET' ? latency.readMs : latency.writeMs + latency.perItemMs * itemsIn(body)
  }

  function handle(incoming: Incoming, body: unknown, caller: Caller | undefined): Reply {
    const { pathname } = incoming.url
    try {
      if (pathname.startsWith('/api/v4/')) return handleApi(incoming, body, caller)
      if (pathname === '/oauth2/access_token') return handleToken(incoming, body)
      if (pathname === '/oauth2/account/current/subdomain')
        return answerSubdomain(tokens, incoming.header('x-refresh-token') ?? '', world.accounts)
      return gatewayPage(404)
    } catch (error) {
      if (error instanceof Refusal) return error.reply
      throw error
    }
  }

  function handleToken(incoming: Incoming, body: unknown): Reply {
    if (incoming.method !== 'POST') refuse(405, 'Method not allowed')
    const fields = isObject(body) ? body : Object.fromEntries(new URLSearchParams(incoming.body))
    return answerTokenRequest(tokens, { fields, hostAccount: hostAccount(incoming), nowSec: clock.nowSec() })
  }

  function handleApi(incoming: Incoming, body: unknown, caller: Caller | undefined): Reply {
    if (caller === undefined) refuse(401, 'Unauthorized')
    const { account } = caller
    const isWrite = incoming.method !== 'GET'
    if (account.subscription === 'all-refused' || (isWrite && account.subscription === 'writes-refused'))
      refuse(402, 'Account subscription has ended')
    if (body === unreadable) refuse(400, 'Request body is not valid JSON')
    const sent = incoming.header('content-type') ?? ''
    if (incoming.body !== '' && !sent.startsWith('application/json')) refuse(400, 'Content-Type should be application/json')
    if (isWrite) account.version += 1
    const path = incoming.url.pathname
    return dispatch(router, incoming.method, path.slice('/api/v4'.length), (params) => toRequest(incoming, caller, params, body))
  }

  function toRequest(incoming: Incoming, { account, grant }: Caller, params: Record<string, string>, body: unknown): ApiRequest {
    const user = contextUser(incoming, account, grant)
    const asUser = habits.apiAuthor === 'user' || incoming.header('x-context-user-id') !== undefined
    const query = parseQuery(incoming.url.searchParams)
    return { account, user, author: asUser ? user.id : 0, path: incoming.url.pathname, params, query, body, habits }
  }

  /** X-Context-User-ID: only with an administrator's token, never for unknown or free users. */
  function contextUser(incoming: Incoming, account: Account, grant: Grant) {
    const granting = account.users.get(grant.userId) ?? refuse(401, 'Unauthorized')
    const wished = incoming.header('x-context-user-id')
    if (wished === undefined) return granting
    const user = account.users.get(Number(wished))
    if (!granting.isAdmin || user === undefined || user.isFree || !user.isActive) refuse(401, 'Unauthorized')
    return user
  }

  /** The token decides the account; a host that names another one does not know the token. */
  function identify(incoming: Incoming, body: unknown): Caller | undefined {
    const grant = incoming.url.pathname.startsWith('/oauth2/') ? grantOfRefresh(incoming, body) : grantOfBearer(incoming)
    const account = grant === undefined ? undefined : world.accounts.get(grant.accountId)
    if (grant === undefined || account === undefined) return undefined
    const named = hostAccount(incoming)
    return named === undefined || named.id === account.id ? { account, grant } : undefined
  }

  function grantOfBearer(incoming: Incoming): Grant | undefined {
    const [scheme, token] = (incoming.header('authorization') ?? '').split(' ')
    return scheme === 'Bearer' && token !== undefined ? tokens.findGrant(token) : undefined
  }

  /** Token requests count as requests of their account. */
  function grantOfRefresh(incoming: Incoming, body: unknown): Grant | undefined {
    const sent = isObject(body) ? body.refresh_token : incoming.header('x-refresh-token')
    return typeof sent === 'string' ? tokens.findRefresh(sent) : undefined
  }

  /** `shop1.localhost:9101` and `shop1.amocrm.ru` name an account, `127.0.0.1:9101` does not. */
  function hostAccount(incoming: Incoming): Account | undefined {
    const [label] = (incoming.header('host') ?? '').split('.')
    return world.accounts.values().find(({ subdomain }) => subdomain === label)
  }
}

const unreadable = Symbol('unreadable')

function parseBody({ body, header }: Incoming): unknown {
  if (body === '' || (header('content-type') ?? '').startsWith('application/x-www-form-urlencoded')) return undefined
  try {
    const parsed: unknown = JSON.parse(body)
    return parsed
  } catch {
    return unreadable
  }
}

function itemsIn(body: unknown): number {
  if (Array.isArray(body)) return body.length
  return isObject(body) ? 1 : 0
}

function toEntry({ at, method, url, body: text }: Incoming, body: unknown, caller: Caller | undefined): LoggedRequest {
  const path = url.pathname + url.search
  const isSecret = url.pathname.startsWith('/oauth2/')
  return {
    at,
    method,
    path,
    route: routeOf(url.pathname),
    status: 0,
    items: itemsIn(body),
    client: caller?.grant.client ?? '',
    accountId: caller?.account.id,
    bodySummary: isSecret ? '' : text.slice(0, 200),
  }
}
