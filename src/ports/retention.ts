/** Nothing personal stays longer than it serves. */
export interface Retention {
  /**
   * Forgets what is past its time, with the bodies in it, by the database's clock. Each batch is a transaction of its own, so that live work gets
   * in between; ends between two batches when aborted. Any number of replicas may sweep at once. Answers how many rows went, by table.
   */
  sweep(signal: AbortSignal): Promise<Record<string, number>>
}
