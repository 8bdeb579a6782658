import type * as z from 'zod'
import {
  AmoBannedError,
  type AmoError,
  AmoForbiddenError,
  AmoMalformedAnswerError,
  AmoNotFoundError,
  AmoRateLimitedError,
  AmoRejectedError,
  AmoUnauthorisedError,
  AmoUnavailableError,
  AmoUnknownOutcomeError,
  AmoUnpaidError,
  type FailureFacts,
  type NamedWait,
} from './errors.ts'
import type { RawAnswer, RawRequest } from './exchange.ts'
import { parseProblems, problemDetail } from './problems.ts'

/** The status decides; only then is the body tried as JSON, and no status relies on its being JSON. */
export function readAnswer<T>(request: RawRequest, answer: RawAnswer, schema: z.ZodType<T>, nowMs: number): T | undefined {
  const facts = toFacts(request, answer)
  if (answer.status === 204) return undefined
  if (answer.status < 200 || answer.status > 299) throw toFailure(request, answer, facts, nowMs)
  const body = tryJson(answer.body)
  if (body === undefined) throw malformed(request, facts, 'not JSON')
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.slice(0, 5).map(({ code, path }) => `${code} at ${path.join('.')}`)
  throw malformed(request, facts, places.join(', '))
}

export function toFacts(request: RawRequest, answer: RawAnswer | undefined): FailureFacts {
  const requestId = answer?.headers['x-request-id']
  return {
    method: request.method,
    path: request.path.replace(/\?.*$/s, ''),
    status: answer?.status ?? null,
    requestId: typeof requestId === 'string' ? requestId : null,
  }
}

/** A write whose answer cannot be used has an unknown outcome; a read changed nothing. */
export function lostAnswer(request: RawRequest, facts: FailureFacts, what: string, options?: ErrorOptions): AmoError {
  return request.method === 'GET' ? new AmoUnavailableError(what, facts, options) : new AmoUnknownOutcomeError(what, facts, options)
}

function malformed(request: RawRequest, facts: FailureFacts, what: string): AmoError {
  return request.method === 'GET'
    ? new AmoMalformedAnswerError(facts, what)
    : new AmoUnknownOutcomeError(`accepted with ${facts.status}, but the answer is malformed: ${what}`, facts)
}

function toFailure(request: RawRequest, answer: RawAnswer, facts: FailureFacts, nowMs: number): AmoError {
  const { status } = answer
  const body = tryJson(answer.body)
  if (status === 401) return new AmoUnauthorisedError(facts)
  if (status === 402) return new AmoUnpaidError(facts)
  if (status === 403) return isObject(body) ? new AmoForbiddenError(facts) : new AmoBannedError(facts)
  if (status === 404) return new AmoNotFoundError(facts)
  if (status === 408 || status >= 500) return lostAnswer(request, facts, `answered with ${status}`)
  if (status === 429) return new AmoRateLimitedError(facts, toNamedWait(answer, body, nowMs))
  if (status < 400) return new AmoUnavailableError(`answered with ${status}, which is not followed`, facts)
  const detail = problemDetail(body)
  return noRightToAdd.test(detail) ? new AmoForbiddenError(facts) : new AmoRejectedError(facts, parseProblems(body), detail)
}

/** The legacy code of "no right to add" comes in the text of a 400. */
const noRightToAdd = /(код ошибки|error code):?\s*244\b/i

/** `Retry-After` in seconds or as a date, else `retry_after` of the body in seconds. */
function toNamedWait(answer: RawAnswer, body: unknown, nowMs: number): NamedWait {
  const header = answer.headers['retry-after']
  const headerMs = typeof header === 'string' ? toWaitMs(header, nowMs) : undefined
  if (headerMs !== undefined) return { by: 'header', ms: headerMs }
  const named = isObject(body) && 'retry_after' in body ? toWaitMs(String(body.retry_after), nowMs) : undefined
  return named === undefined ? { by: 'none' } : { by: 'body', ms: named }
}

/** A longer one is a mistake rather than a wish. */
const longestNamedWaitMs = 24 * 60 * 60_000

function toWaitMs(named: string, nowMs: number): number | undefined {
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(named) ? Number(named) : (Date.parse(named) - nowMs) / 1000
  return Number.isFinite(seconds) ? Math.min(longestNamedWaitMs, Math.max(0, Math.ceil(seconds * 1000))) : undefined
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null
}

/** undefined: no JSON. What the parser would quote of the body is not kept. */
function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
