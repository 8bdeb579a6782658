import type { Order, Touches } from './order.ts'

/** Where an order stands in the shop's count of changes: epochs are numbered as we met them. */
export interface OrderVersion {
  epochOrdinal: number
  rev: number
}

/** What we hold of an order. */
export interface HeldOrder extends OrderVersion {
  /** null: we know only that it was deleted or archived. */
  order: Order | null
  deleted: boolean
  archived: boolean
  origin: string | null
}

export type OrderChange =
  | { kind: 'saved'; order: Order; origin: string | null }
  /** The order is gone, or put away, in the shop. */
  | { kind: 'deleted' }
  | { kind: 'archived' }

export type OrderNews =
  /** We hold this version or a newer one. */
  | { kind: 'old' }
  /** `isNews`: something changed that the CRM may have to show; else only the version moved. */
  | { kind: 'newer'; held: HeldOrder; isNews: boolean }

/** The higher `rev` of the newest epoch wins; a delete is final for lower revs. In whatever order versions arrive, the newest one is left. */
export function planOrderNews(held: HeldOrder | undefined, version: OrderVersion, change: OrderChange): OrderNews {
  if (held !== undefined && !isNewer(version, held)) return { kind: 'old' }
  const next = { ...apply(held, change), epochOrdinal: version.epochOrdinal, rev: version.rev }
  return { kind: 'newer', held: next, isNews: held === undefined || contentOf(next) !== contentOf(held) }
}

function isNewer(version: OrderVersion, held: OrderVersion): boolean {
  if (version.epochOrdinal !== held.epochOrdinal) return version.epochOrdinal > held.epochOrdinal
  return version.rev > held.rev
}

function apply(held: HeldOrder | undefined, change: OrderChange): Omit<HeldOrder, keyof OrderVersion> {
  const order = held?.order ?? null
  switch (change.kind) {
    case 'saved':
      return { order: keepTouch(order, change.order), deleted: false, archived: false, origin: change.origin }
    case 'deleted':
      return { order, deleted: true, archived: held?.archived ?? false, origin: null }
    case 'archived':
      return { order, deleted: held?.deleted ?? false, archived: true, origin: null }
  }
}

/** The touch is known only in the buyer's own request: later snapshots come without it. */
function keepTouch(before: Order | null, order: Order): Order {
  if (before === null) return order
  const touch: Touches = { first: order.touch.first ?? before.touch.first, last: order.touch.last ?? before.touch.last }
  return { ...order, touch }
}

const contentOf = ({ order, deleted, archived }: HeldOrder): string => JSON.stringify([order, deleted, archived])
