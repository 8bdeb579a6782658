import { createRandom, type Random } from './random.ts'
import { gatewayPage, problem, type Reply } from './reply.ts'

export const faultKinds = [
  'reset',
  '500',
  '502',
  '503',
  '504',
  '429-html',
  '429-json',
  '429-header',
  '403-html',
  '403-json',
  '402',
  '401',
  'slow',
  'malformed',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface FaultRule {
  match?:
    | {
        method?: string | undefined
        /** Of path and query; a string matches as a part. */
        path?: RegExp | string | undefined
        /** Spares the first n-1 requests that match. */
        nth?: number | undefined
        /** Chance for each request that matches, drawn from the seed. */
        probability?: number | undefined
      }
    | undefined
  /** How often it strikes: once by default, with `probability` always. */
  times?: number | 'always' | undefined
  do: FaultKind
  /** `after`: the request is carried out and its answer lost or replaced. Default `before`. */
  when?: 'before' | 'after' | undefined
  delayMs?: number | undefined
}

export interface Faults {
  plan(rule: FaultRule): void
  clear(): void
  /** Rules that still can strike. */
  planned(): FaultRule[]
  /** The fault for this request. Draws chance, so ask once. */
  strike(method: string, path: string): FaultRule | undefined
}

interface Planned {
  rule: FaultRule
  random: Random
  seen: number
  left: number
}

/** The first rule that strikes wins; every rule counts the requests it matches. */
export function createFaults(seed: number): Faults {
  let rules: Planned[] = []
  let made = 0
  return {
    plan(rule) {
      made += 1
      const once = rule.match?.probability === undefined ? 1 : Infinity
      const left = rule.times === 'always' ? Infinity : (rule.times ?? once)
      rules.push({ rule, random: createRandom(seed * 1009 + made), seen: 0, left })
    },
    clear: () => {
      rules = []
    },
    planned: () => rules.filter(({ left }) => left > 0).map(({ rule }) => rule),
    strike(method, path) {
      const struck = rules.filter((planned) => matches(planned.rule, method, path)).filter(draws)[0]
      if (struck === undefined) return undefined
      struck.left -= 1
      return struck.rule
    },
  }
}

function matches({ match = {} }: FaultRule, method: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false
  if (match.path === undefined) return true
  return typeof match.path === 'string' ? path.includes(match.path) : match.path.test(path)
}

function draws(planned: Planned): boolean {
  planned.seen += 1
  const { nth = 1, probability } = planned.rule.match ?? {}
  const lucky = probability === undefined || planned.random() < probability
  return planned.left > 0 && planned.seen >= nth && lucky
}

/** What the client sees; `reset` and `slow` have no answer of their own, `malformed` spoils the real one. */
export function faultReply(kind: FaultKind): Reply | undefined {
  switch (kind) {
    case '500':
      return problem(500, 'Internal server error')
    case '502':
    case '503':
    case '504':
      return gatewayPage(Number(kind))
    case '429-html':
      return gatewayPage(429)
    case '429-json':
      return problem(429, 'Too many requests', { retry_after: 1 })
    case '429-header': {
      const page = gatewayPage(429)
      return { ...page, headers: { ...page.headers, 'retry-after': '1' } }
    }
    case '403-html':
      return gatewayPage(403)
    case '403-json':
      return problem(403, 'Forbidden')
    case '402':
      return problem(402, 'Account subscription has ended')
    case '401':
      return problem(401, 'Unauthorized')
    case 'reset':
    case 'slow':
    case 'malformed':
      return undefined
  }
}

export function spoil(reply: Reply): Reply {
  const body = reply.body ?? '{"_links":'
  return { ...reply, status: reply.status === 204 ? 200 : reply.status, body: body.slice(0, Math.max(1, Math.floor(body.length / 2))) }
}
