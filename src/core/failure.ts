/** When another try of the same work makes sense. */
export type Retry = { when: 'never' } | { when: 'backoff' } | { when: 'after'; delayMs: number }

/** What a failure concerns: one item's own content, or everything of the account for a while. */
export type Scope = 'item' | 'account'

/** A failure we expect: its class answers whether another try can help. Anything else that is thrown is a bug. */
export abstract class SyncError extends Error {
  abstract readonly retry: Retry
  readonly scope: Scope = 'item'
}
