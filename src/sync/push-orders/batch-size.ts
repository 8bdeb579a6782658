import { type BatchAnswer, nextBatchSize } from '../../core/batch-size.ts'

/** Of one account: how many orders go into one request. Only in memory: after a restart it is found anew. */
export interface BatchSize {
  current(): number
  note(answer: BatchAnswer): void
}

export function createBatchSize(largest: number): BatchSize {
  let size = largest
  return {
    current: () => size,
    note(answer) {
      size = nextBatchSize(size, answer, largest)
    },
  }
}
