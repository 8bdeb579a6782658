import type { AmoEmulator } from '../sandbox/amocrm/emulator.ts'

/** What one way of joining shop and CRM made of the same orders. */
export interface Measured {
  orders: number
  seconds: number
  requests: number
  requestsPerOrder: number
  ordersPerSecond: number
  /** Of any rolling second, as the receiver saw it. */
  busiestSecond: number
  deals: number
  /** Deals beyond one per order. */
  doubles: number
  /** Orders without a deal. */
  lost: number
  contacts: number
  /** Contacts beyond one per person. */
  extraContacts: number
}

/** Reads the account from the inside: nothing that a recipe says of itself counts. */
export function measure(amo: AmoEmulator, run: { orders: string[]; people: number; fromMs: number; toMs: number }): Measured {
  const requests = amo.requests().all.filter(({ at }) => at >= run.fromMs && at <= run.toMs)
  const dealsOfOrder = new Map(run.orders.map((id) => [id, 0]))
  for (const { fields, name } of amo.world.leads()) {
    const key = String(fields.AMOBRIDGE_KEY?.[0] ?? name)
    const id = /(\d+)$/.exec(key)?.[1] ?? ''
    if (dealsOfOrder.has(id)) dealsOfOrder.set(id, (dealsOfOrder.get(id) ?? 0) + 1)
  }
  const counts = [...dealsOfOrder.values()]
  const deals = counts.reduce((sum, count) => sum + count, 0)
  const seconds = (run.toMs - run.fromMs) / 1000
  const contacts = amo.world.contacts().length
  return {
    orders: run.orders.length,
    seconds,
    requests: requests.length,
    requestsPerOrder: requests.length / run.orders.length,
    ordersPerSecond: run.orders.length / seconds,
    busiestSecond: amo.requests().maxInAnySecond(),
    deals,
    doubles: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    lost: counts.filter((count) => count === 0).length,
    contacts,
    extraContacts: Math.max(0, contacts - run.people),
  }
}

/** The value below which so many of a hundred lie; the nearest measured one. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}
