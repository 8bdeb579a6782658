import type { EntityBase } from './model.ts'
import { createSearchIndex, type SearchIndex } from './search.ts'
import { createSortedIds, type Direction, type SortedIds } from './sorted-ids.ts'

export type OrderKey = 'id' | 'created_at' | 'updated_at'

/** All entities of one kind in one account, with the orders in which they are read. */
export interface EntityStore<E extends EntityBase> {
  readonly search: SearchIndex
  readonly liveCount: number
  add(entity: E): void
  get(id: number): E | undefined
  /** Live or hidden: what an id still leads to. */
  find(id: number): E | undefined
  /** The only way to change an entity: keeps the orders right. */
  change(entity: E, mutate: (entity: E) => void): void
  slice(order: OrderKey, direction: Direction, offset: number, count: number, place?: 'live' | 'bin'): E[]
  walk(order: OrderKey, direction: Direction): Generator<E>
  /** Those of the ids that are live, in order. */
  pick(ids: readonly number[], order: OrderKey, direction: Direction): IteratorObject<E>
}

export function createEntityStore<E extends EntityBase>(searchLagMs: () => number): EntityStore<E> {
  const byId = new Map<number, E>()
  const live = createOrders()
  const bin = createOrders()

  function enlist(entity: E): void {
    if (entity.place === 'live') addTo(live, entity)
    if (entity.place === 'bin') addTo(bin, entity)
  }
  function* entities(ids: Iterable<number>): Generator<E> {
    for (const id of ids) {
      const entity = byId.get(id)
      if (entity !== undefined) yield entity
    }
  }

  return {
    search: createSearchIndex(searchLagMs),
    get liveCount() {
      return live.id.size
    },
    add(entity) {
      byId.set(entity.id, entity)
      enlist(entity)
    },
    get: (id) => byId.get(id),
    find(id) {
      const entity = byId.get(id)
      return entity?.place === 'live' || entity?.place === 'hidden' ? entity : undefined
    },
    change(entity, mutate) {
      const { place, createdAt, updatedAt } = entity
      mutate(entity)
      if (entity.place === place && entity.createdAt === createdAt && entity.updatedAt === updatedAt) return
      const before = { id: entity.id, createdAt, updatedAt }
      if (entity.place === place && place === 'live') return move(live, before, entity)
      if (place === 'live') removeFrom(live, before)
      if (place === 'bin') removeFrom(bin, before)
      enlist(entity)
    },
    slice: (order, direction, offset, count, place = 'live') => [
      ...entities((place === 'live' ? live : bin)[order].slice(direction, offset, count)),
    ],
    walk: (order, direction) => entities(live[order].walk(direction)),
    pick(ids, order, direction) {
      const sign = direction === 'asc' ? 1 : -1
      const found = [...entities(ids)].filter(({ place }) => place === 'live')
      return found.sort((a, b) => sign * (keyOf(a, order) - keyOf(b, order) || a.id - b.id)).values()
    },
  }
}

type Orders = Record<OrderKey, SortedIds>
type Times = Pick<EntityBase, 'id' | 'createdAt' | 'updatedAt'>

function createOrders(): Orders {
  return { id: createSortedIds(), created_at: createSortedIds(), updated_at: createSortedIds() }
}

function addTo(orders: Orders, { id, createdAt, updatedAt }: Times): void {
  orders.id.add(id, id)
  orders.created_at.add(createdAt, id)
  orders.updated_at.add(updatedAt, id)
}

const keyOf = ({ id, createdAt, updatedAt }: Times, order: OrderKey): number =>
  order === 'id' ? id : order === 'created_at' ? createdAt : updatedAt

/** Leaves the orders alone that the change does not touch: in a large base each costs its length. */
function move(orders: Orders, before: Times, now: Times): void {
  for (const order of ['created_at', 'updated_at'] as const) {
    if (keyOf(before, order) === keyOf(now, order)) continue
    orders[order].remove(keyOf(before, order), before.id)
    orders[order].add(keyOf(now, order), now.id)
  }
}

function removeFrom(orders: Orders, { id, createdAt, updatedAt }: Times): void {
  orders.id.remove(id, id)
  orders.created_at.remove(createdAt, id)
  orders.updated_at.remove(updatedAt, id)
}
