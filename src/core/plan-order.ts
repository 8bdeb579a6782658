import type { Order } from './order.ts'

export type SkipReason = 'older-than-since' | 'rule-skips' | 'deleted-before-deal' | 'archived' | 'detached' | 'merged' | 'switched-off'

/** What the queue's order item finds in the database. */
export interface OrderFacts {
  order: Order
  deleted: boolean
  archived: boolean
  pair: { state: 'live' | 'detached' | 'merged' } | undefined
}

export type OrderPlan = { kind: 'create' } | { kind: 'update' } | { kind: 'skip'; reason: SkipReason }

/** Whether an order needs a deal, an update of its deal, or nothing. */
export function planOrder(
  { order, deleted, archived, pair }: OrderFacts,
  rules: { since: Date; skip: boolean; proof: boolean },
): OrderPlan {
  if (pair?.state === 'detached' || pair?.state === 'merged') return { kind: 'skip', reason: pair.state }
  if (archived) return { kind: 'skip', reason: 'archived' }
  if (pair !== undefined) return { kind: 'update' }
  if (deleted) return { kind: 'skip', reason: 'deleted-before-deal' }
  if (rules.skip) return { kind: 'skip', reason: 'rule-skips' }
  if (!rules.proof && Date.parse(order.createdAt) < rules.since.getTime()) return { kind: 'skip', reason: 'older-than-since' }
  return { kind: 'create' }
}
