import type { FieldEntity } from './directory.ts'
import { type Retry, type Scope, SyncError } from './failure.ts'

/** One refused value of one item: enough to drop the field and deliver the rest. */
export interface Refusal {
  /** The key or id the item was sent under; null when amoCRM did not say which item. */
  key: string | null
  /** amoCRM's code, as "NotSupportedChoice". */
  code: string
  /** Whose value it is, where it could be told: a deal's own, or the contact's or company's sent along with it. */
  entity?: FieldEntity
  /** In our words where it could be told: a custom field's id, `responsible`, `stage`, `price`; else null. `fieldCode` where it was sent by code, not by id (PHONE, EMAIL). */
  field:
    | { kind: 'custom'; index: number; fieldId: number | null; fieldCode?: string }
    | { kind: 'responsible' | 'stage' | 'price' | 'name' | 'tags' | 'contact' | 'company' }
    | null
  /** amoCRM's dotted path, for the log and the incident. */
  path: string
  detail: string
}

/** amoCRM refused the data itself (400, 422): the same request will be refused again. Nothing of the batch was stored, as far as is known. */
export class CrmRejectedError extends SyncError {
  override name = 'CrmRejectedError'
  override readonly retry: Retry = { when: 'never' }
  readonly refusals: Refusal[]
  constructor(message: string, refusals: Refusal[], options?: ErrorOptions) {
    super(message, options)
    this.refusals = refusals
  }
}

/** The request may or may not have been carried out (time-out, reset after sending, 5xx): look before sending a create again. */
export class CrmUnknownOutcomeError extends SyncError {
  override name = 'CrmUnknownOutcomeError'
  override readonly retry: Retry = { when: 'backoff' }
  /** 504: the next try should carry less. */
  readonly tooHeavy: boolean
  constructor(message: string, options?: ErrorOptions & { tooHeavy?: boolean }) {
    super(message, options)
    this.tooHeavy = options?.tooHeavy ?? false
  }
}

/** amoCRM did not get or did not take the request (connect error, 429, a read that failed): nothing was stored. */
export class CrmUnavailableError extends SyncError {
  override name = 'CrmUnavailableError'
  override readonly retry: Retry
  constructor(message: string, retry: Retry, options?: ErrorOptions) {
    super(message, options)
    this.retry = retry
  }
}

/** Our own side was too slow to send it (a long wait for a slot, a frozen process): not amoCRM's failure, so it costs no attempt. */
export class CrmTooLateError extends CrmUnavailableError {
  override name = 'CrmTooLateError'
}

/** What closed the account: `unreachable` is a run of failures, which passes by itself. */
export type AccountClosed = 'unauthorised' | 'unpaid' | 'banned' | 'unreachable'

/** The whole account is closed to us for now: who must act is in `reason`. Items wait and keep their attempts. */
export class CrmAccountError extends SyncError {
  override name = 'CrmAccountError'
  override readonly retry: Retry = { when: 'backoff' }
  override readonly scope: Scope = 'account'
  readonly reason: AccountClosed
  constructor(reason: AccountClosed, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** No rights for this call (403 JSON): permanent until somebody changes the rights. */
export class CrmForbiddenError extends SyncError {
  override name = 'CrmForbiddenError'
  override readonly retry: Retry = { when: 'never' }
}
