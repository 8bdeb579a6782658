/** Time and chance as arguments; `now` is ms since epoch, monotonic enough for waiting. */
export interface Clock {
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}
