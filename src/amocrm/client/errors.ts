import type { BreakerCause } from './breaker.ts'
import type { ValidationProblem } from './problems.ts'

/** When another try of the same request makes sense. */
export type AmoRetry = { when: 'never' } | { when: 'backoff' } | { when: 'after'; delayMs: number }

/** What every failure knows about its request. Never a token, a query string or a body: they may hold personal data. */
export interface FailureFacts {
  method: string
  /** Without the query string. */
  path: string
  /** null: no answer came. */
  status: number | null
  /** amoCRM's X-Request-Id: its support asks for it. */
  requestId: string | null
}

/** A failure of a call to amoCRM; its class says what became of the request and whether another try can help. */
export abstract class AmoError extends Error {
  abstract readonly retry: AmoRetry
  readonly facts: FailureFacts
  constructor(what: string, facts: FailureFacts, options?: ErrorOptions) {
    super(`${facts.method} ${facts.path}: ${what}${facts.requestId === null ? '' : ` (X-Request-Id ${facts.requestId})`}`, options)
    this.facts = facts
  }
}

/** 400, 405, 422 and their like: the same request will be refused again. Nothing of it was stored, as far as is known. */
export class AmoRejectedError extends AmoError {
  override name = 'AmoRejectedError'
  override readonly retry: AmoRetry = { when: 'never' }
  readonly problems: ValidationProblem[]
  /** amoCRM's own words. Not part of the message. */
  readonly detail: string
  constructor(facts: FailureFacts, problems: ValidationProblem[], detail: string) {
    const named = problems.map(({ code, path }) => `${code}${path === '' ? '' : ` at ${path}`}`)
    super(`refused with ${facts.status}${named.length === 0 ? '' : `: ${named.slice(0, 5).join(', ')}`}`, facts)
    this.problems = problems
    this.detail = detail
  }
}

/** 404: an unknown route, or one of the few entities that answer so; most missing entities answer 204. */
export class AmoNotFoundError extends AmoError {
  override name = 'AmoNotFoundError'
  override readonly retry: AmoRetry = { when: 'never' }
  constructor(facts: FailureFacts) {
    super('not found', facts)
  }
}

/** A write was sent and no usable answer came: it may or may not have been carried out. Look before you send a create again. */
export class AmoUnknownOutcomeError extends AmoError {
  override name = 'AmoUnknownOutcomeError'
  override readonly retry: AmoRetry = { when: 'backoff' }
}

/** Nothing was stored: the request was never sent, or it only read. */
export class AmoUnavailableError extends AmoError {
  override name = 'AmoUnavailableError'
  override readonly retry: AmoRetry = { when: 'backoff' }
}

/** The request was not sent: its time to leave was over, or whoever guards the sending said no at the last moment. Says nothing of amoCRM. */
export class AmoTooLateError extends AmoError {
  override name = 'AmoTooLateError'
  override readonly retry: AmoRetry = { when: 'backoff' }
}

/** Who named the wait after a 429. */
export type NamedWait = { by: 'header' | 'body'; ms: number } | { by: 'none' }

/** 429: too many requests; this one was refused before it was looked at. The gate pauses by itself. */
export class AmoRateLimitedError extends AmoError {
  override name = 'AmoRateLimitedError'
  override readonly retry: AmoRetry
  readonly wait: NamedWait
  constructor(facts: FailureFacts, wait: NamedWait) {
    super('too many requests', facts)
    this.wait = wait
    this.retry = wait.by === 'none' ? { when: 'backoff' } : { when: 'after', delayMs: wait.ms }
  }
}

/** 401, and a fresh token (where one could be had) was refused too: a person must consent again. */
export class AmoUnauthorisedError extends AmoError {
  override name = 'AmoUnauthorisedError'
  override readonly retry: AmoRetry = { when: 'never' }
  constructor(facts: FailureFacts) {
    super('the access token is not accepted', facts)
  }
}

/** 402: the account's subscription has ended. No fault of the token: keep it and its refresh schedule. */
export class AmoUnpaidError extends AmoError {
  override name = 'AmoUnpaidError'
  override readonly retry: AmoRetry = { when: 'backoff' }
  constructor(facts: FailureFacts) {
    super('the account is not paid for', facts)
  }
}

/** 403 as JSON: no rights for this call, until somebody changes the rights. */
export class AmoForbiddenError extends AmoError {
  override name = 'AmoForbiddenError'
  override readonly retry: AmoRetry = { when: 'never' }
  constructor(facts: FailureFacts) {
    super('no rights for this call', facts)
  }
}

/** 403 as a page: the account or our address is blocked. Every further request makes it worse. */
export class AmoBannedError extends AmoError {
  override name = 'AmoBannedError'
  override readonly retry: AmoRetry = { when: 'backoff' }
  constructor(facts: FailureFacts) {
    super('blocked with a 403 page', facts)
  }
}

/** A read was answered with something that is no answer: not JSON, or of another shape than documented. */
export class AmoMalformedAnswerError extends AmoError {
  override name = 'AmoMalformedAnswerError'
  override readonly retry: AmoRetry = { when: 'backoff' }
  constructor(facts: FailureFacts, whatIsWrong: string) {
    super(`malformed answer: ${whatIsWrong}`, facts)
  }
}

/** Not sent: the breaker is open. */
export class AmoBreakerOpenError extends Error {
  override name = 'AmoBreakerOpenError'
  readonly retry: AmoRetry
  /** A 403 page, or a run of failures. */
  readonly because: BreakerCause
  constructor(waitMs: number, because: BreakerCause) {
    super(`not sent: calls to this account are stopped for another ${Math.ceil(waitMs / 1000)} s`)
    this.retry = { when: 'after', delayMs: waitMs }
    this.because = because
  }
}
