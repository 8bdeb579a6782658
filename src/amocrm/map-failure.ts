import {
  CrmAccountError,
  CrmForbiddenError,
  CrmRejectedError,
  CrmTooLateError,
  CrmUnavailableError,
  CrmUnknownOutcomeError,
  type Refusal,
} from '../core/crm-failure.ts'
import {
  AmoBannedError,
  AmoBreakerOpenError,
  AmoForbiddenError,
  AmoMalformedAnswerError,
  AmoNotFoundError,
  AmoRateLimitedError,
  AmoRejectedError,
  AmoTooLateError,
  AmoUnauthorisedError,
  AmoUnavailableError,
  AmoUnknownOutcomeError,
  AmoUnpaidError,
} from './client/errors.ts'
import { type SentBatch, toRefusal } from './map-refusal.ts'

const gatewayTimeout = 504

/** The work's result; a failure of the client comes out in our words. `sent` lets a refusal name items and fields. */
export async function inOurWords<T>(work: Promise<T>, sent?: SentBatch): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toOurFailure(error, sent)
  }
}

export async function* eachInOurWords<T>(rows: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* rows
  } catch (error) {
    throw toOurFailure(error)
  }
}

/** What is no failure of the client (an abort, a bug) stays as it is. */
function toOurFailure(error: unknown, sent?: SentBatch): unknown {
  if (!(error instanceof Error)) return error
  const { message } = error
  const options = { cause: error }
  if (error instanceof AmoRejectedError) return new CrmRejectedError(message, toRefusals(error, sent), options)
  if (error instanceof AmoNotFoundError) return new CrmRejectedError(message, [], options)
  if (error instanceof AmoUnknownOutcomeError) {
    return new CrmUnknownOutcomeError(message, { ...options, tooHeavy: error.facts.status === gatewayTimeout })
  }
  if (error instanceof AmoUnavailableError || error instanceof AmoMalformedAnswerError || error instanceof AmoRateLimitedError) {
    return new CrmUnavailableError(message, error.retry, options)
  }
  if (error instanceof AmoTooLateError) return new CrmTooLateError(message, error.retry, options)
  if (error instanceof AmoUnauthorisedError) return new CrmAccountError('unauthorised', message, options)
  if (error instanceof AmoUnpaidError) return new CrmAccountError('unpaid', message, options)
  if (error instanceof AmoBannedError) return new CrmAccountError('banned', message, options)
  if (error instanceof AmoBreakerOpenError) {
    return new CrmAccountError(error.because === 'banned' ? 'banned' : 'unreachable', message, options)
  }
  if (error instanceof AmoForbiddenError) return new CrmForbiddenError(message, options)
  return error
}

function toRefusals({ problems, detail }: AmoRejectedError, sent: SentBatch | undefined): Refusal[] {
  if (problems.length === 0) return [{ key: null, code: '', field: null, path: '', detail }]
  return problems.map((problem) => toRefusal(problem, sent ?? { entity: 'deal', keys: [], rows: [] }))
}
