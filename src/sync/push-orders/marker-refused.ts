import { type Retry, type Scope, SyncError } from '../../core/failure.ts'

/**
 * amoCRM does not take the marker: its field was deleted, or a person's rules refuse it. A deal without its marker could never be found again,
 * so no deal of the account is made until the field is there.
 */
export class MarkerRefusedError extends SyncError {
  override name = 'MarkerRefusedError'
  override readonly retry: Retry = { when: 'backoff' }
  override readonly scope: Scope = 'account'
}
