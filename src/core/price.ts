import { convertKopecks, toKopecks, toWholeRoubles } from './money.ts'
import type { Order } from './order.ts'

/** Above it amoCRM's integer ends (docs/facts/amocrm.md#unknowns, U10). */
const highestPrice = 2_147_483_647n

export type Price =
  | { kind: 'price'; roubles: number }
  /** Left empty on purpose (`currencies: {EUR: skip}`). */
  | { kind: 'skipped' }
  | { kind: 'unknown-currency' | 'too-big' | 'unreadable' }

/** The deal's price: the order's total, delivery included, in whole units of the account's currency, rounded half up. */
export function priceOf(order: Pick<Order, 'total' | 'currency'>, accountCurrency: string, rates: Record<string, number | 'skip'>): Price {
  const kopecks = toKopecks(order.total)
  if (kopecks === undefined) return { kind: 'unreadable' }
  const rate = order.currency === accountCurrency ? 1 : rates[order.currency]
  if (rate === undefined) return { kind: 'unknown-currency' }
  if (rate === 'skip') return { kind: 'skipped' }
  const roubles = toWholeRoubles(convertKopecks(kopecks, rate))
  return roubles < 0n || roubles > highestPrice ? { kind: 'too-big' } : { kind: 'price', roubles: Number(roubles) }
}
