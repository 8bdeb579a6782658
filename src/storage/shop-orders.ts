import type { ConnectionId } from '../core/ids.ts'
import type { Order } from '../core/order.ts'
import type { HeldOrder } from '../core/order-news.ts'
import type { Transaction } from './database.ts'

/** The place of an epoch among those of this shop: the one seen last is the newest. `fresh`: it was not known, and others were before it. */
export async function ordinalOfEpoch(
  tx: Transaction,
  connection: ConnectionId,
  epoch: string,
  nowMs: number,
): Promise<{ ordinal: number; fresh: boolean }> {
  const known = await tx.selectFrom('shop_epochs').select(['epoch', 'ordinal']).where('connection', '=', connection).execute()
  const found = known.find((row) => row.epoch === epoch)
  if (found !== undefined) return { ordinal: found.ordinal, fresh: false }
  const ordinal = Math.max(0, ...known.map((row) => row.ordinal)) + 1
  await tx.insertInto('shop_epochs').values({ connection, epoch, ordinal, seen_at: nowMs }).execute()
  return { ordinal, fresh: ordinal > 1 }
}

/** What we hold of these orders. */
export async function loadHeldOrders(tx: Transaction, connection: ConnectionId, orderIds: string[]): Promise<Map<string, HeldOrder>> {
  if (orderIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('shop_orders')
    .select(['order_id', 'epoch_ordinal', 'rev', 'snapshot', 'origin', 'deleted', 'archived'])
    .where('connection', '=', connection)
    .where('order_id', 'in', orderIds)
    .execute()
  return new Map(
    rows.map((row) => [
      row.order_id,
      {
        epochOrdinal: row.epoch_ordinal,
        rev: row.rev,
        // Parsed by the protocol's schema before it was stored.
        order: row.snapshot === null ? null : (JSON.parse(row.snapshot) as Order),
        origin: row.origin,
        deleted: row.deleted === 1,
        archived: row.archived === 1,
      },
    ]),
  )
}

/** Stores the newest version; core/order-news decided that it is newer. */
export async function putHeldOrder(
  tx: Transaction,
  connection: ConnectionId,
  orderId: string,
  held: HeldOrder,
  nowMs: number,
): Promise<void> {
  const content = {
    number: held.order?.number ?? orderId,
    epoch_ordinal: held.epochOrdinal,
    rev: held.rev,
    snapshot: held.order === null ? null : JSON.stringify(held.order),
    origin: held.origin,
    deleted: held.deleted ? 1 : 0,
    archived: held.archived ? 1 : 0,
    updated_at: nowMs,
  }
  await tx
    .insertInto('shop_orders')
    .values({ connection, order_id: orderId, ...content, received_at: nowMs })
    .onConflict((oc) => oc.columns(['connection', 'order_id']).doUpdateSet(content))
    .execute()
}
