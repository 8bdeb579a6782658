import { administratorUserId, anonymousUserId } from './dictionary.ts'
import type { Customer, FormResult, Mail, Order, Product } from './model.ts'

/** The shop's tables. Ids of orders, users and results only grow, so every map is in id order. */
export interface Store {
  readonly orders: Map<string, Order>
  readonly customers: Map<string, Customer>
  readonly userIdByEmail: Map<string, string>
  readonly products: Map<string, Product>
  readonly formResults: FormResult[]
  readonly mails: Mail[]
  /** All order ids there ever were, ascending; deleted ones stay as holes. */
  readonly orderIds: number[]
  nextOrderId: number
  nextUserId: number
  nextChildId: number
  nextResultId: number
}

export function createStore(products: readonly Product[], firstOrderId: number, nowMs: number): Store {
  const store: Store = {
    orders: new Map(),
    customers: new Map(),
    userIdByEmail: new Map(),
    products: new Map(products.map((product) => [product.id, product])),
    formResults: [],
    mails: [],
    orderIds: [],
    nextOrderId: firstOrderId,
    nextUserId: 77,
    nextChildId: 1,
    nextResultId: 1,
  }
  store.customers.set(administratorUserId, { ...nobody(administratorUserId, nowMs), firstName: 'Администратор', administrator: true })
  store.customers.set(anonymousUserId, { ...nobody(anonymousUserId, nowMs), firstName: 'Гость' })
  return store
}

export function nobody(userId: string, updatedAtMs: number): Customer {
  const blank = {
    firstName: null,
    lastName: null,
    middleName: null,
    email: null,
    phone: null,
    workPhone: null,
    personalPhone: null,
    company: null,
  }
  return { userId, site: 's1', ...blank, administrator: false, updatedAtMs }
}

/** Index of the first id above `afterId` in an ascending list. */
function positionAfter(ids: readonly number[], afterId: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? Number.POSITIVE_INFINITY) <= afterId) low = middle + 1
    else high = middle
  }
  return low
}

/** Orders with an id above `afterId`, in id order. */
export function* ordersAfter(store: Store, afterId: string | undefined): Generator<Order> {
  const start = afterId === undefined ? 0 : positionAfter(store.orderIds, Number(afterId))
  for (let index = start; index < store.orderIds.length; index += 1) {
    const order = store.orders.get(String(store.orderIds[index]))
    if (order !== undefined) yield order
  }
}

/** The newest first. */
export function* ordersBackwards(store: Store): Generator<Order> {
  for (let index = store.orderIds.length - 1; index >= 0; index -= 1) {
    const order = store.orders.get(String(store.orderIds[index]))
    if (order !== undefined) yield order
  }
}
