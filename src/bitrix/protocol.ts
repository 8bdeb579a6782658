import { z } from 'zod'
import type { Order } from '../core/order.ts'
import type { ExchangeRequest, RejectedEvent, ShopEvent } from '../ports/exchange.ts'
import type { CommandResult } from '../ports/shop.ts'
import { TextId as Id, phpMap, ShopId, Snapshot } from './snapshot.ts'

/** Both sides' limits of one request or answer. */
export const limits = { bytes: 1_048_576, packBytes: 900_000, events: 100, commands: 50 } as const

const Data = phpMap(z.record(z.string(), z.unknown()).nullish())
const Result = z.discriminatedUnion('ok', [
  z.object({ id: Id, ok: z.literal(true), changed: z.boolean().default(false), data: Data }),
  z.object({
    id: Id,
    ok: z.literal(false),
    error: z.object({
      code: z.string(),
      message: z.string().default(''),
      retry: z.boolean().default(false),
      data: Data,
    }),
  }),
])

const Envelope = z.object({
  /** The module's answer to our call has none. */
  protocol: z.literal(1, { error: 'must be 1: this service speaks version 1 of the protocol' }).optional(),
  installation: Id,
  host: z.string().regex(/^[!-~]{1,255}$/),
  events: z.array(z.unknown()).max(1000).default([]),
  results: z.array(z.unknown()).max(1000).default([]),
})

const Version = z.object({
  id: Id,
  type: z.string(),
  at: z.iso.datetime({ offset: true }),
  epoch: Id,
  rev: z
    .string()
    .regex(/^\d{1,16}$/, 'rev is a decimal string')
    .transform(Number)
    .refine(Number.isSafeInteger, 'rev is too large'),
  origin: z.string().max(100).nullish(),
  data: z.unknown(),
})

const OrderRef = z.object({ id: ShopId })
const Unreadable = OrderRef.extend({ message: z.string().default('') })
const Form = z
  .object({ source: z.enum(['webform', 'iblock', 'mail', 'api']), formId: z.string(), resultId: z.string() })
  .catchall(z.unknown())
const Customer = z.object({ userId: ShopId }).catchall(z.unknown())

export type Read<T> = { ok: true; value: T } | { ok: false; problem: string }

/** Reads what a shop sent, as its own call or as the answer to ours. A wrong event is rejected alone, with a word why; a wrong envelope is a problem of the whole. */
export function readExchange(body: unknown): Read<ExchangeRequest> {
  const envelope = Envelope.safeParse(body)
  if (!envelope.success) return { ok: false, problem: toProblem(envelope.error) }
  const { installation, host, events, results } = envelope.data
  // A result that cannot be read is as good as none: its command comes again.
  const readable = results.flatMap((result) => Result.safeParse(result).data ?? [])
  return { ok: true, value: { installation, host, results: readable.map(toResult), ...readEvents(events) } }
}

function readEvents(raw: unknown[]): { events: ShopEvent[]; rejected: RejectedEvent[] } {
  const events: ShopEvent[] = []
  const rejected: RejectedEvent[] = []
  for (const one of raw) {
    const parsed = Version.safeParse(one)
    const body = parsed.success ? readBody(parsed.data.type, parsed.data.data) : parsed
    if (parsed.success && body.success) {
      const { id, at, epoch, rev, origin } = parsed.data
      events.push({ id, at, epoch, rev, origin: origin ?? null, ...body.data })
      continue
    }
    const error = parsed.success ? body.error : parsed.error
    rejected.push({
      id: idOf(one),
      code: 'malformed',
      message: error === undefined ? 'cannot be read' : toProblem(error),
    })
  }
  return { events, rejected }
}

type Body = Pick<ShopEvent, 'body'>
type ReadBody = { success: true; data: Body; error?: undefined } | { success: false; error: z.ZodError }

function readBody(type: string, data: unknown): ReadBody {
  switch (type) {
    case 'order.saved':
      return wrap(Snapshot.safeParse(data), (order: Order) => ({ kind: 'order.saved', order }))
    case 'order.deleted':
      return wrap(OrderRef.safeParse(data), ({ id }) => ({ kind: 'order.deleted', orderId: id }))
    case 'order.archived':
      return wrap(OrderRef.safeParse(data), ({ id }) => ({ kind: 'order.archived', orderId: id }))
    case 'order.unreadable':
      return wrap(Unreadable.safeParse(data), ({ id, message }) => ({ kind: 'order.unreadable', orderId: id, message }))
    case 'form.submitted':
      return wrap(Form.safeParse(data), (form) => ({
        kind: 'form.submitted',
        key: `form:${form.source}:${form.formId}:${form.resultId}`,
        data: form,
      }))
    case 'customer.saved':
      return wrap(Customer.safeParse(data), (customer) => ({ kind: 'customer.saved', key: `buyer:${customer.userId}`, data: customer }))
    case 'profile.changed':
      return { success: true, data: { body: { kind: 'profile.changed' } } }
    default:
      // A newer module may know more: what we cannot use is accepted, so that its outbox does not grow for ever.
      return { success: true, data: { body: { kind: 'unknown', type } } }
  }
}

function wrap<T>(parsed: z.ZodSafeParseResult<T>, toBody: (data: T) => ShopEvent['body']): ReadBody {
  return parsed.success ? { success: true, data: { body: toBody(parsed.data) } } : { success: false, error: parsed.error }
}

function idOf(raw: unknown): string {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined
  return typeof id === 'string' ? id.slice(0, 100) : ''
}

function toResult(result: z.infer<typeof Result>): CommandResult {
  if (result.ok) return { id: result.id, ok: true, changed: result.changed, data: result.data ?? {} }
  const { code, message, retry, data } = result.error
  return { id: result.id, ok: false, error: { code, message, retry, ...(data ? { data } : {}) } }
}

/** Where and why in one line, without the values themselves: they may be somebody's. */
export function toProblem(error: z.ZodError): string {
  const named = error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  const more = error.issues.length - named.length
  return (more > 0 ? `${named.join('; ')}; and ${more} more` : named.join('; ')).slice(0, 500)
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
