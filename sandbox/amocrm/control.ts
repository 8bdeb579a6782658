import { z } from 'zod'
import type { MovableClock } from './clock.ts'
import { verbs } from './control-verbs.ts'
import type { EmulatorWorld } from './emulator.ts'
import type { Faults } from './faults.ts'
import type { Limits } from './limits.ts'
import { json, type Reply } from './reply.ts'
import type { RequestLog } from './request-log.ts'
import type { Incoming } from './service.ts'
import type { Tokens } from './tokens.ts'

export interface ControlDeps {
  clock: MovableClock
  world: EmulatorWorld
  limits: Limits
  faults: Faults
  tokens: Tokens
  log: RequestLog
}

/**
 * For other processes on this machine: POST /_control/<verb> with JSON, GET /_control/state, /_control/requests and
 * /_control/version, a number that grows with each change.
 * `account` in a body or query names another account than the first.
 */
export function createControl(deps: ControlDeps): (incoming: Incoming) => Reply {
  return (incoming) => {
    if (isForeignPage(incoming)) return json({ error: 'not for other sites' }, 403)
    const name = incoming.url.pathname.slice('/_control/'.length)
    if (incoming.method === 'GET') return read(deps, name, incoming.url.searchParams)
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
    if (verb === undefined) return json({ error: `unknown verb ${name}`, verbs: Object.keys(verbs) }, 404)
    try {
      const body: unknown = incoming.body === '' ? {} : JSON.parse(incoming.body)
      const { account } = AccountChoice.parse(body)
      const world = account === undefined ? deps.world : deps.world.of(account)
      return json({ ok: true, result: verb(body, { ...deps, account: world }) ?? null })
    } catch (error) {
      return json({ ok: false, error: error instanceof Error ? error.message : String(error) }, 400)
    }
  }
}

/** A web page of another site must not reach in through the visitor's browser. */
function isForeignPage({ header }: Incoming): boolean {
  const origin = header('origin')
  return origin !== undefined && origin !== `http://${header('host')}`
}

const AccountChoice = z.looseObject({ account: z.int().optional() })

function read(deps: ControlDeps, name: string, params: URLSearchParams): Reply {
  const asked = params.get('account')
  const world = asked === null ? deps.world : deps.world.of(Number(asked))
  if (name === 'requests') return json({ ...deps.log.counters(), maxInAnySecond: deps.log.maxInAnySecond(), requests: deps.log.all })
  if (name === 'version') return json({ version: world.account.version })
  if (name !== 'state')
    return json({ error: 'GET /_control/state, /_control/requests or /_control/version', verbs: Object.keys(verbs) }, 404)
  const { id, subdomain, filtersOn, subscription } = world.account
  return json({
    account: { id, subdomain, filtersOn, subscription },
    nowMs: deps.clock.nowMs(),
    version: world.account.version,
    token: deps.tokens.longLived(id),
    limits: deps.limits.rules,
    leads: world.leads(),
    contacts: world.contacts(),
    companies: world.companies(),
    notes: world.notes(),
    counters: deps.log.counters(),
    maxInAnySecond: deps.log.maxInAnySecond(),
  })
}
