import { Agent, errors, request } from 'undici'
import { z } from 'zod'
import { ulid } from '../core/ulid.ts'
import type { Clock } from '../ports/clock.ts'
import type { Connection } from '../ports/connections.ts'
import type { ShopAnswer, ShopCall, ShopCaller } from '../ports/exchange.ts'
import { type AddressPolicy, AddressRefusedError } from './address-policy.ts'
import { limits, parseJson, readExchange } from './protocol.ts'
import { isSigned, readSignedHeaders, sign } from './signature.ts'

export interface ShopClientOptions {
  clock: Clock
  random: () => number
  addresses: AddressPolicy
  /** The whole call, connecting included; a module works for 10 s at most. */
  timeoutMs?: number
}

/** A shop's clock as it told us is believed this long. */
const offsetKeptMs = 24 * 3_600_000

const Refused = z.object({
  error: z.object({
    code: z.string().max(100),
    message: z.string().default(''),
    time: z.iso.datetime({ offset: true }).optional(),
  }),
})

interface SignedAnswer {
  status: number
  json: unknown
  retryAfterMs: number | null
  shopTimeMs: number
}

/** Calls the module's exchange.php. One HTTP attempt has one webhook-id; nothing is repeated here but the one try after `clock`. */
export function createShopClient({ clock, random, addresses, timeoutMs = 30_000 }: ShopClientOptions): ShopCaller & {
  close(): Promise<void>
} {
  const agent = new Agent({
    connect: { lookup: addresses.lookup, timeout: 5_000 },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: limits.bytes,
  })
  const offsets = new Map<string, { ms: number; learnedAtMs: number }>()

  function offsetMs({ id }: Connection): number {
    const known = offsets.get(id)
    return known !== undefined && clock.now() - known.learnedAtMs < offsetKeptMs ? known.ms : 0
  }

  async function call(connection: Connection, sent: ShopCall, signal: AbortSignal): Promise<ShopAnswer> {
    const body = JSON.stringify({
      protocol: 1,
      commands: sent.commands,
      accepted: sent.accepted,
      ...(sent.rejected.length > 0 ? { rejected: sent.rejected } : {}),
    })
    const first = await post(connection, body, signal)
    const told = toldTimeMs(first)
    if (told === undefined) return toAnswer(first)
    offsets.set(connection.id, { ms: told - clock.now(), learnedAtMs: clock.now() })
    return toAnswer(await post(connection, body, signal))
  }

  function toAnswer(answer: SignedAnswer | string): ShopAnswer {
    if (typeof answer === 'string') return { kind: 'no-answer', why: answer }
    if (answer.status !== 200) {
      const { code, message } = Refused.safeParse(answer.json).data?.error ?? { code: 'unknown', message: '' }
      return { kind: 'refused', status: answer.status, code, message: message.slice(0, 300), retryAfterMs: answer.retryAfterMs }
    }
    const parsed = readExchange(answer.json)
    if (!parsed.ok) return { kind: 'no-answer', why: `the answer cannot be read: ${parsed.problem}` }
    return { kind: 'answer', message: parsed.value, clockOffsetMs: answer.shopTimeMs - clock.now() }
  }

  /** The signed answer to one attempt, or why there is none. */
  async function post(connection: Connection, body: string, signal: AbortSignal): Promise<SignedAnswer | string> {
    const { endpoint, secrets } = connection.shop
    if (endpoint === null || secrets.length === 0) return 'the connection is not paired yet'
    const id = `msg_${ulid(clock.now(), random)}`
    const timestampSec = Math.floor((clock.now() + offsetMs(connection)) / 1000)
    try {
      const response = await request(addresses.requireUrl(endpoint), {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...sign(secrets, id, timestampSec, body) },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      const raw = Buffer.from(await response.body.arrayBuffer())
      if (raw.length > limits.bytes) return 'the answer is over 1 MiB'
      const { headers, statusCode: status } = response
      const header = (name: string) => (typeof headers[name] === 'string' ? headers[name] : undefined)
      const signed = readSignedHeaders(header)
      if (signed === undefined || !isSigned(secrets, signed, raw)) {
        return `HTTP ${status} without our signature: something before the shop answered, or the secret differs`
      }
      if (signed['webhook-id'] !== id) return 'the answer is for another request'
      const json = parseJson(raw.toString('utf8'))
      if (json === undefined) return `HTTP ${status}, signed but not JSON`
      return { status, json, retryAfterMs: secondsToMs(header('retry-after')), shopTimeMs: Number(signed['webhook-timestamp']) * 1000 }
    } catch (error) {
      signal.throwIfAborted()
      return reasonOf(error)
    }
  }

  return { call, close: () => agent.destroy() }
}

/** The shop's time when it refused ours. */
function toldTimeMs(answer: SignedAnswer | string): number | undefined {
  if (typeof answer === 'string' || answer.status !== 401) return undefined
  const told = Refused.safeParse(answer.json).data?.error
  return told?.code === 'clock' && told.time !== undefined ? Date.parse(told.time) : undefined
}

const secondsToMs = (text: string | undefined): number | null => (text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : null)

/** Network errors as one line. Anything that is none is a bug and goes on. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefusedError) return error.message
  if (error instanceof errors.ResponseExceededMaxSizeError) return 'the answer is over 1 MiB'
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time'
  if (error instanceof errors.UndiciError || (error instanceof Error && 'code' in error)) return error.message || String(error)
  if (error instanceof AggregateError) return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ')
  throw error
}
