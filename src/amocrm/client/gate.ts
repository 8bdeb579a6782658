/** What became of a request that was let through, as far as the pace and the breaker care. */
export type Outcome =
  | { kind: 'answered' }
  /** `namedMs`: the wait amoCRM asked for, where it did. */
  | { kind: 'rate-limited'; namedMs: number | undefined }
  | { kind: 'banned' }
  /** 5xx, time-out, no connection. */
  | { kind: 'failed' }
  /** Stopped by us: says nothing about amoCRM. */
  | { kind: 'stopped' }

/** The right to send one request now. Its holder tells what became of it, exactly once. */
export interface Pass {
  settle(outcome: Outcome): Promise<void>
}

/** Decides when the next request of an account may go. */
export interface Gate<Class extends string> {
  /** Resolves when one request of this class may be sent; rejects with the signal's reason when aborted. */
  enter(requestClass: Class, signal: AbortSignal): Promise<Pass>
}
