/** What amoCRM advises at most; it takes more of some and answers ever slower. */
export const largestBatch = 50
const slowMs = 10_000
const growth = 5

/** How one create of `items` deals went. */
export interface BatchAnswer {
  items: number
  tookMs: number
  /** amoCRM gave up on it (504). */
  tooHeavy: boolean
}

/** Halves on an answer that was too heavy or slow, and grows back with each full batch that was not. */
export function nextBatchSize(size: number, { items, tookMs, tooHeavy }: BatchAnswer, largest = largestBatch): number {
  if (tooHeavy || tookMs > slowMs) return Math.max(1, Math.floor(Math.min(size, items) / 2))
  return items >= size ? Math.min(largest, size + growth) : size
}
