import { toInstant } from './format.ts'
import type { ShopModule } from './module.ts'
import type { Row } from './outbox.ts'
import { type Json, toCustomerData, toFormData, toOrderData } from './snapshot.ts'

export const maxBytes = 900 * 1024
const maxEvents = 100
const maxWorkMs = 10_000
const maxWholeObjectBytes = 512 * 1024

/** Takes pending rows, oldest first, until 100 events, the bytes or 10 s of work; each event is JSON text. */
export function packEvents(shop: ShopModule, budgetBytes: number): { ids: string[]; texts: string[] } {
  const ids: string[] = []
  const texts: string[] = []
  const startedMs = shop.nowMs()
  let bytes = 0
  for (const row of shop.outbox.pending()) {
    if (ids.length === maxEvents || shop.nowMs() - startedMs > maxWorkMs) break
    const text = toEventText(shop, row)
    bytes += Buffer.byteLength(text) + 1
    if (bytes > budgetBytes) break
    ids.push(row.id)
    texts.push(text)
    row.sent = true
  }
  return { ids, texts }
}

function toEventText(shop: ShopModule, row: Row): string {
  const rev = shop.revisions.next()
  const whole = toEvent(shop, row, rev, false)
  const text = JSON.stringify(whole)
  return Buffer.byteLength(text) > maxWholeObjectBytes ? JSON.stringify(toEvent(shop, row, rev, true)) : text
}

/** The event as the object stands now; the row only said which one. */
function toEvent(shop: ShopModule, row: Row, rev: string, cut: boolean): Json {
  const { type, data } = read(shop, row, cut)
  return { id: row.id, type, at: toInstant(row.atMs), epoch: shop.revisions.epoch(), rev, origin: row.origin, data }
}

function read(shop: ShopModule, row: Row, cut: boolean): { type: string; data: Json } {
  const { store } = shop
  switch (row.kind) {
    case 'order.saved': {
      const order = store.orders.get(row.entityId)
      if (order === undefined || shop.faults.now.unreadableOrders?.includes(row.entityId) === true)
        return { type: 'order.unreadable', data: { id: row.entityId, message: `Заказ ${row.entityId} не загрузился` } }
      return { type: row.kind, data: toOrderData(order, row.touch, shop.links, cut) }
    }
    case 'order.deleted':
    case 'order.archived':
      return { type: row.kind, data: { id: row.entityId, site: 's1' } }
    case 'form.submitted': {
      const result = store.formResults[Number(row.entityId) - 1]
      return { type: row.kind, data: result === undefined ? { resultId: row.entityId } : toFormData(result) }
    }
    case 'customer.saved': {
      const customer = store.customers.get(row.entityId)
      return { type: row.kind, data: customer === undefined ? { userId: row.entityId } : toCustomerData(customer) }
    }
    case 'profile.changed':
      return { type: row.kind, data: {} }
  }
}
