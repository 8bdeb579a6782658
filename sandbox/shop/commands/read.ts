import { z } from 'zod'
import { toInstant, toMoney } from '../format.ts'
import { isPaid, type Order, totalKopecks } from '../model.ts'
import type { ShopModule } from '../module.ts'
import { toProfile } from '../profile.ts'
import { type Json, toCustomerData, toFormData, toOrderData, toProductData } from '../snapshot.ts'
import { ordersAfter } from '../store.ts'
import { type CommandContext, type Effect, requireTick } from './outcome.ts'

/** A page ends here even before its limit, so that one result leaves room in the answer. */
const maxPageBytes = 640 * 1024
const maxWholeObjectBytes = 512 * 1024

const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .nullish()
const limitUpTo = (most: number) => z.int().min(1).max(most).default(most)
const AfterId = z.string().nullish()

const shown = (data: Json): Effect => ({ changed: false, data })

export const ping = (_input: unknown, { shop }: CommandContext): Effect =>
  shown({ time: toInstant(shop.nowMs()), pending: shop.outbox.size() })

export const getProfile = (_input: unknown, { shop }: CommandContext): Effect => shown(toProfile(shop))

/** Objects with `epoch` and `rev`, as many as fit; `next` continues after the last one shown. */
function page<T>(
  shop: ShopModule,
  found: Iterable<T>,
  limit: number,
  idOf: (item: T) => string,
  show: (item: T) => Json,
): { items: Json[]; next: string | null } {
  const items: Json[] = []
  let bytes = 0
  let last: string | null = null
  for (const item of found) {
    if (items.length === limit) return { items, next: last }
    const rev = shop.revisions.next()
    const data = { epoch: shop.revisions.epoch(), rev, ...show(item) }
    bytes += Buffer.byteLength(JSON.stringify(data))
    if (bytes > maxPageBytes && items.length > 0) return { items, next: last }
    items.push(data)
    last = idOf(item)
  }
  return { items, next: null }
}

function* filter<T>(items: Iterable<T>, wanted: (item: T) => boolean): Generator<T> {
  for (const item of items) if (wanted(item)) yield item
}

function showOrder(shop: ShopModule, order: Order): Json {
  const whole = toOrderData(order, null, shop.links)
  return Buffer.byteLength(JSON.stringify(whole)) > maxWholeObjectBytes ? toOrderData(order, null, shop.links, true) : whole
}

const within = (ms: number, from: number | null | undefined, to: number | null | undefined): boolean =>
  ms >= (from ?? Number.NEGATIVE_INFINITY) && ms < (to ?? Number.POSITIVE_INFINITY)

const GetOrders = z.object({ ids: z.array(z.string()).max(50) })

/** Missing orders are left out. Ids that did not fit into the answer stand in `left`. */
export function getOrders(input: unknown, { shop }: CommandContext): Effect {
  const { ids } = GetOrders.parse(input)
  const found = ids.flatMap((id) => shop.store.orders.get(id) ?? [])
  const { items } = page(
    shop,
    found,
    ids.length,
    (order) => order.id,
    (order) => showOrder(shop, order),
  )
  const left = found.slice(items.length).map((order) => order.id)
  return shown({ orders: items, ...(left.length > 0 ? { left } : {}) })
}

const ListOrders = z.object({ createdFrom: Instant, createdTo: Instant, updatedSince: Instant, afterId: AfterId, limit: limitUpTo(200) })

export function listOrders(input: unknown, { shop }: CommandContext): Effect {
  const { createdFrom, createdTo, updatedSince, afterId, limit } = ListOrders.parse(input)
  const found = filter(
    ordersAfter(shop.store, afterId ?? undefined),
    (order) => within(order.createdAtMs, createdFrom, createdTo) && within(order.updatedAtMs, updatedSince, null),
  )
  const { items, next } = page(
    shop,
    found,
    limit,
    (order) => order.id,
    (order) => showOrder(shop, order),
  )
  return shown({ orders: items, next })
}

const Digest = z.object({ from: Instant, to: Instant, by: z.enum(['created', 'updated']), afterId: AfterId, limit: limitUpTo(1000) })

export function digestOrders(input: unknown, { shop }: CommandContext): Effect {
  const { from, to, by, afterId, limit } = Digest.parse(input)
  const found = filter(ordersAfter(shop.store, afterId ?? undefined), (order) =>
    within(by === 'created' ? order.createdAtMs : order.updatedAtMs, from, to),
  )
  const { items, next } = page(shop, found, limit, (order) => order.id, toDigestRow)
  return shown({ rows: items, next })
}

const toDigestRow = (order: Order): Json => ({
  id: order.id,
  updatedAt: toInstant(order.updatedAtMs),
  status: order.status,
  cancelled: order.cancelled,
  paid: isPaid(order),
  total: toMoney(totalKopecks(order)),
  linesTotal: order.lines.length,
})

const ListObjects = z.object({ afterId: AfterId, limit: limitUpTo(200), updatedSince: Instant })

export function listProducts(input: unknown, context: CommandContext): Effect {
  const { shop } = context
  const { afterId, limit, updatedSince } = ListObjects.parse(input)
  requireTick(context, 'products')
  const found = afterIdInOrder(
    shop.store.products.values(),
    afterId,
    (product) => product.id,
    (product) => within(product.updatedAtMs, updatedSince, null),
  )
  const { items, next } = page(
    shop,
    found,
    limit,
    (product) => product.id,
    (product) => toProductData(product, shop.links),
  )
  return shown({ products: items, next })
}

export function listCustomers(input: unknown, { shop }: CommandContext): Effect {
  const { afterId, limit, updatedSince } = ListObjects.parse(input)
  const found = afterIdInOrder(
    shop.store.customers.values(),
    afterId,
    (customer) => customer.userId,
    (customer) => within(customer.updatedAtMs, updatedSince, null),
  )
  const { items, next } = page(shop, found, limit, (customer) => customer.userId, toCustomerData)
  return shown({ customers: items, next })
}

const ListResults = z.object({
  source: z.string(),
  formId: z.string(),
  from: Instant,
  to: Instant,
  afterId: AfterId,
  limit: limitUpTo(200),
})

export function listFormResults(input: unknown, { shop }: CommandContext): Effect {
  const { source, formId, from, to, afterId, limit } = ListResults.parse(input)
  const found = afterIdInOrder(
    shop.store.formResults,
    afterId,
    (result) => result.resultId,
    (result) => result.source === source && result.formId === formId && within(result.createdAtMs, from, to),
  )
  const { items, next } = page(shop, found, limit, (result) => result.resultId, toFormData)
  return shown({ results: items, next })
}

function afterIdInOrder<T>(
  items: Iterable<T>,
  afterId: string | null | undefined,
  idOf: (item: T) => string,
  wanted: (item: T) => boolean,
): T[] {
  const after = Number(afterId ?? 0)
  return [...items].filter((item) => Number(idOf(item)) > after && wanted(item)).sort((a, b) => Number(idOf(a)) - Number(idOf(b)))
}
