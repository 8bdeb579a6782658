import { Pool } from 'undici'
import type * as z from 'zod'
import { lostAnswer, readAnswer, toFacts } from './answer.ts'
import { type Clock, unlessAborted } from './clock.ts'
import {
  AmoBannedError,
  AmoError,
  AmoMalformedAnswerError,
  AmoRateLimitedError,
  AmoTooLateError,
  AmoUnauthorisedError,
  AmoUnavailableError,
  AmoUnknownOutcomeError,
} from './errors.ts'
import { ExchangeFailure, exchange, type RawRequest, TooLateError } from './exchange.ts'
import type { Gate, Outcome } from './gate.ts'
import { type AmoAddress, toOrigin } from './host.ts'

export interface CallOptions<Class extends string> {
  class: Class
  signal: AbortSignal
  /** By the client's clock: what could not leave by then is not sent (AmoTooLateError). */
  sendBy?: number | undefined
}

interface AmoTimeouts {
  connectMs: number
  /** From the first attempt to connect to the last byte of the answer. */
  readMs: number
  writeMs: number
}
const defaultTimeouts: AmoTimeouts = { connectMs: 5_000, readMs: 30_000, writeMs: 20_000 }

export type AmoClientOptions<Class extends string> = AmoAddress & {
  accessToken: (signal: AbortSignal) => Promise<string>
  /** Asked once per call after a 401; the answer is tried once. undefined: there is no other token. */
  onUnauthorised?: (tokenUsed: string, signal: AbortSignal) => Promise<string | undefined>
  gate: Gate<Class>
  userAgent: string
  clock: Clock
  timeouts?: Partial<AmoTimeouts>
  /** Asked just before the first byte of a request leaves; false: it does not (AmoTooLateError). */
  mayLeave?: () => boolean
  /** After each request that was answered, whatever the status; for measurements. */
  onAnswer?: (exchange: { method: string; path: string; status: number; durationMs: number }) => void
}

/**
 * Calls of one amoCRM account. `path` begins with /api/v4/; undefined stands for 204. Every method throws AmoError, what the gate throws,
 * or the signal's reason: whether a write that was aborted on its way has been carried out is unknown.
 */
export interface AmoClient<Class extends string = string> {
  get<T>(path: string, schema: z.ZodType<T>, call: CallOptions<Class>): Promise<T | undefined>
  post<T>(path: string, body: unknown, schema: z.ZodType<T>, call: CallOptions<Class>): Promise<T | undefined>
  patch<T>(path: string, body: unknown, schema: z.ZodType<T>, call: CallOptions<Class>): Promise<T | undefined>
  delete<T>(path: string, body: unknown, schema: z.ZodType<T>, call: CallOptions<Class>): Promise<T | undefined>
  close(): Promise<void>
}

/** Throws TypeError when the address is neither an amoCRM account's nor on this machine. */
export function createAmoClient<Class extends string>(options: AmoClientOptions<Class>): AmoClient<Class> {
  const { accessToken, onUnauthorised, gate, userAgent, clock, onAnswer, mayLeave = () => true } = options
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const origin = toOrigin(options)
  const pool = new Pool(origin, {
    connections: 128,
    allowH2: false,
    connect: { timeout: timeouts.connectMs },
    // One limit of our own spans the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: 64 * 1024 * 1024,
  })

  async function call<T>(method: RawRequest['method'], path: string, body: unknown, schema: z.ZodType<T>, by: CallOptions<Class>) {
    const token = await unlessAborted(accessToken(by.signal), by.signal)
    try {
      return await attempt(toRequest(method, path, body, token), schema, by)
    } catch (error) {
      if (!(error instanceof AmoUnauthorisedError) || onUnauthorised === undefined) throw error
      const fresh = await unlessAborted(onUnauthorised(token, by.signal), by.signal)
      if (fresh === undefined) throw error
      return await attempt(toRequest(method, path, body, fresh), schema, by)
    }
  }

  async function attempt<T>(request: RawRequest, schema: z.ZodType<T>, by: CallOptions<Class>): Promise<T | undefined> {
    const pass = await gate.enter(by.class, by.signal)
    let outcome: Outcome = { kind: 'answered' }
    try {
      return await send(request, schema, by)
    } catch (error) {
      outcome = toOutcome(error)
      throw error
    } finally {
      await pass.settle(outcome)
    }
  }

  async function send<T>(
    request: RawRequest,
    schema: z.ZodType<T>,
    { signal, sendBy = Infinity }: CallOptions<Class>,
  ): Promise<T | undefined> {
    const startedMs = clock.now()
    const limit = startTimeLimit(clock, request.method === 'GET' ? timeouts.readMs : timeouts.writeMs)
    try {
      const answer = await exchange(pool, request, AbortSignal.any([signal, limit.signal]), () => clock.now() <= sendBy && mayLeave())
      const { method, path } = toFacts(request, answer)
      onAnswer?.({ method, path, status: answer.status, durationMs: clock.now() - startedMs })
      return readAnswer(request, answer, schema, clock.now())
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof ExchangeFailure ? toLostRequest(request, error, limit.signal.aborted) : error
    } finally {
      limit.clear()
    }
  }

  function toRequest(method: RawRequest['method'], path: string, body: unknown, token: string): RawRequest {
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'application/hal+json', 'user-agent': userAgent }
    if (body !== undefined) headers['content-type'] = 'application/json'
    return { origin, path, method, headers, body: body === undefined ? undefined : JSON.stringify(body) }
  }

  return {
    get: (path, schema, by) => call('GET', path, undefined, schema, by),
    post: (path, body, schema, by) => call('POST', path, body, schema, by),
    patch: (path, body, schema, by) => call('PATCH', path, body, schema, by),
    delete: (path, body, schema, by) => call('DELETE', path, body, schema, by),
    close: () => pool.close(),
  }
}

function toLostRequest(request: RawRequest, failure: ExchangeFailure, timedOut: boolean): AmoError {
  const facts = toFacts(request, undefined)
  if (failure.cause instanceof TooLateError) return new AmoTooLateError('it waited too long to be sent', facts, { cause: failure.cause })
  if (!failure.sent) return new AmoUnavailableError('no connection, nothing was sent', facts, { cause: failure.cause })
  return lostAnswer(request, facts, timedOut ? 'no answer in time' : 'the connection broke before the answer', { cause: failure.cause })
}

/** A time limit that runs by the given clock, so that tests can move it. */
function startTimeLimit(clock: Clock, limitMs: number): { signal: AbortSignal; clear: () => void } {
  const over = new AbortController()
  const cleared = new AbortController()
  clock.sleep(limitMs, cleared.signal).then(
    () => over.abort(new Error(`no answer within ${limitMs} ms`)),
    () => undefined, // cleared
  )
  return { signal: over.signal, clear: () => cleared.abort() }
}

/** A refusal with a status is an answer: amoCRM is alive. */
function toOutcome(error: unknown): Outcome {
  if (error instanceof AmoTooLateError) return { kind: 'stopped' }
  if (error instanceof AmoRateLimitedError) return { kind: 'rate-limited', namedMs: error.wait.by === 'none' ? undefined : error.wait.ms }
  if (error instanceof AmoBannedError) return { kind: 'banned' }
  if (error instanceof AmoUnavailableError || error instanceof AmoUnknownOutcomeError || error instanceof AmoMalformedAnswerError) {
    return { kind: 'failed' }
  }
  return error instanceof AmoError ? { kind: 'answered' } : { kind: 'stopped' }
}
