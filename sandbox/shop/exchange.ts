import { z } from 'zod'
import type { CommandResult } from './commands/outcome.ts'
import { Command, type Commands } from './commands/run.ts'
import { maxBytes, packEvents } from './events.ts'
import { maxBodyBytes, parseJson } from './http.ts'
import { createUlid } from './ids.ts'
import type { Connection, ShopModule } from './module.ts'
import { isSigned, sign } from './signature.ts'

const Accepted = z.object({
  accepted: z.array(z.string()).default([]),
  rejected: z.array(z.object({ id: z.string(), code: z.string(), message: z.string().default('') })).default([]),
  commands: z.array(Command).default([]),
})
const Refused = z.object({
  error: z.object({ code: z.string(), message: z.string().default(''), time: z.iso.datetime({ offset: true }).optional() }),
})

export type ExchangeResult =
  /** Nothing was sent: not paired, a copy, or the service asked to wait. */
  | { kind: 'not-sent'; why: 'not-connected' | 'installation-changed' | 'waiting'; untilMs?: number }
  /** No answer that counts: the shop keeps everything. */
  | { kind: 'no-answer'; why: string }
  /** A signed status other than 200: nothing changes. */
  | { kind: 'refused'; status: number; code: string; retryAfterSec: number | null }
  | { kind: 'done'; sent: number; accepted: number; rejected: number; results: number; commands: number }

export interface Exchange {
  /** One exchange; calls never overlap. */
  once(): Promise<ExchangeResult>
  last(): ExchangeResult | null
  /** Whether rows or results wait for the next exchange. */
  hasWork(): boolean
  /** How far the module believes its clock is behind the service's. */
  clockCorrectionMs(): number
}

const answerWaitMs = 30_000
const correctionKeptMs = 24 * 3_600_000

/** The module's own calls to the service, from its background job and its agent. */
export function createExchange(shop: ShopModule, commands: Commands, signal: AbortSignal): Exchange {
  let correction = { ms: 0, learnedAtMs: Number.NEGATIVE_INFINITY }
  let waitUntilMs = Number.NEGATIVE_INFINITY
  let results: CommandResult[] = []
  let last: ExchangeResult | null = null
  let tail: Promise<unknown> = Promise.resolve()

  const correctionMs = () => (shop.nowMs() - correction.learnedAtMs < correctionKeptMs ? correction.ms : 0)

  function once(): Promise<ExchangeResult> {
    const turn = tail.then(attempt)
    tail = turn.catch(() => undefined)
    return turn
  }

  async function attempt(): Promise<ExchangeResult> {
    last = await exchange()
    return last
  }

  async function exchange(): Promise<ExchangeResult> {
    const { connection, faults } = shop
    if (faults.now.copy === true) return { kind: 'not-sent', why: 'installation-changed' }
    if (connection === null) return { kind: 'not-sent', why: 'not-connected' }
    if (waitUntilMs > shop.nowMs()) return { kind: 'not-sent', why: 'waiting', untilMs: waitUntilMs }
    if (faults.now.down === true || faults.now.noOutgoing === true) return { kind: 'no-answer', why: 'service unreachable from the shop' }
    const first = await send(connection)
    return first === 'clock' ? toResult(await send(connection)) : first
  }

  const toResult = (answer: ExchangeResult | 'clock'): ExchangeResult =>
    answer === 'clock' ? { kind: 'refused', status: 401, code: 'clock', retryAfterSec: null } : answer

  /** 'clock': the service told its time, so that the next try can be signed with it. */
  async function send(connection: Connection): Promise<ExchangeResult | 'clock'> {
    const sentResults = packResults(results)
    const events = packEvents(shop, maxBytes - Buffer.byteLength(sentResults.text))
    const head = JSON.stringify({ protocol: 1, installation: shop.installation, host: shop.host })
    const body = `${head.slice(0, -1)},"events":[${events.texts.join(',')}],"results":[${sentResults.text}]}`
    const answer = await post(connection, body)
    if (typeof answer === 'string') return { kind: 'no-answer', why: answer }
    if (answer.status !== 200) return refuse(answer)

    const parsed = Accepted.safeParse(answer.json)
    if (!parsed.success) return { kind: 'no-answer', why: `not an answer: ${z.prettifyError(parsed.error)}` }
    shop.outbox.settle(parsed.data.accepted, parsed.data.rejected)
    results = results.slice(sentResults.count)
    for (const command of parsed.data.commands) results.push(commands.run(command, 'exchange'))
    return {
      kind: 'done',
      sent: events.ids.length,
      accepted: parsed.data.accepted.length,
      rejected: parsed.data.rejected.length,
      results: sentResults.count,
      commands: parsed.data.commands.length,
    }
  }

  function refuse({ status, json, retryAfterSec }: SignedAnswer): ExchangeResult | 'clock' {
    const { data } = Refused.safeParse(json)
    if (status === 401 && data?.error.code === 'clock' && data.error.time !== undefined) {
      correction = { ms: Date.parse(data.error.time) - shop.nowMs(), learnedAtMs: shop.nowMs() }
      return 'clock'
    }
    if (retryAfterSec !== null && (status === 429 || status === 503)) waitUntilMs = shop.nowMs() + retryAfterSec * 1000
    return { kind: 'refused', status, code: data?.error.code ?? 'unknown', retryAfterSec }
  }

  /** The signed answer to one HTTP attempt, or why there is none. */
  async function post({ serviceUrl, name, secret }: Connection, body: string): Promise<SignedAnswer | string> {
    const stamp = {
      id: `msg_${createUlid(shop.nowMs(), shop.entropy)}`,
      timestamp: String(Math.floor((shop.nowMs() + correctionMs()) / 1000)),
    }
    const request = {
      method: 'POST',
      redirect: 'manual' as const,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWaitMs)]),
      body,
      headers: {
        'content-type': 'application/json',
        'amobridge-connection': name,
        'webhook-id': stamp.id,
        'webhook-timestamp': stamp.timestamp,
        'webhook-signature': sign([secret], stamp, body),
      },
    }
    let response: Response
    let raw: Buffer
    try {
      response = await fetch(`${serviceUrl}/bridge/v1/exchange`, request)
      raw = Buffer.from(await response.arrayBuffer())
    } catch (error) {
      return error instanceof Error
        ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`.trim()
        : 'connection failed'
    }
    if (shop.faults.now.loseServiceAnswers === true) return 'the answer was lost'
    if (raw.length > maxBodyBytes) return 'the answer is over 1 MiB'
    const own = { id: response.headers.get('webhook-id') ?? '', timestamp: response.headers.get('webhook-timestamp') ?? '' }
    if (own.id !== stamp.id) return 'the answer is for another request'
    if (!isSigned([secret], own, raw, response.headers.get('webhook-signature') ?? '')) return 'the answer is not signed'
    const json = parseJson(raw)
    return json === undefined
      ? 'the answer is not JSON'
      : { status: response.status, json, retryAfterSec: toSeconds(response.headers.get('retry-after')) }
  }

  return { once, last: () => last, hasWork: () => shop.outbox.size() > 0 || results.length > 0, clockCorrectionMs: correctionMs }
}

interface SignedAnswer {
  status: number
  json: unknown
  retryAfterSec: number | null
}

function packResults(results: readonly CommandResult[]): { count: number; text: string } {
  const texts: string[] = []
  let bytes = 0
  for (const result of results) {
    const text = JSON.stringify(result)
    bytes += Buffer.byteLength(text) + 1
    if (bytes > maxBytes && texts.length > 0) break
    texts.push(text)
  }
  return { count: texts.length, text: texts.join(',') }
}

function toSeconds(retryAfter: string | null): number | null {
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null
}
