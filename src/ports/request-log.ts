/** The sliding log of one amoCRM account's requests, kept in the account's lane so that restarts, replicas and the command line share it. */
export interface RequestLog {
  /**
   * Counts one request unless the last second (1,020 ms with the receiver's jitter) already holds `perSecond`, or a hold is in force.
   * Returns 0 when granted, else ms after which to ask again. Instants are the database's clock.
   */
  take(perSecond: number): Promise<number>
  /** No request of this account for the next `ms`; a shorter hold never shortens a longer one. Kept over restarts. */
  holdFor(ms: number): Promise<void>
}
