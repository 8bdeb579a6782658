import type { ConnectionId } from '../core/ids.ts'
import { orderEntity } from '../core/marker.ts'
import type { Order } from '../core/order.ts'
import type { Lane } from '../ports/lane.ts'
import type { AccountMark, PushStore, StoredOrder, Writes } from '../ports/push-store.ts'
import { putCommand } from './commands.ts'
import { findCompanies, findContacts, findIndexedContact, forgetContact, putCompany, putContact } from './contact-index.ts'
import type { Database, Transaction } from './database.ts'
import { listPairs, listPairsOfDeals, putPair } from './deal-pairs.ts'
import { noteSurnames } from './identifier-surnames.ts'
import { closeIncidents, openIncident } from './incidents.ts'
import { beginIntent, closeIntent, listOpenIntents, markAbsentOnce } from './intents.ts'
import { assertLane } from './lanes.ts'
import { getMarks, raiseMark } from './marks.ts'
import { putQueueItem, settleItem } from './queue.ts'
import { addTimelineStep } from './timeline.ts'

export function createPushStore(database: Database): PushStore {
  return {
    now: () => database.now(database.read),
    loadOrders: (connection, orderIds) => loadOrders(database, connection, orderIds),
    listOpenIntents: (account, entityKeys) => listOpenIntents(database, account, entityKeys),
    beginIntents: (lane, intents) =>
      database.write(async (tx) => {
        await assertLane(database, tx, lane)
        const now = await database.now(tx)
        const begun = []
        for (const intent of intents) begun.push(await beginIntent(tx, lane.accountId, intent, now))
        return begun
      }),
    noteSurnames: (lane, sightings) =>
      database.write(async (tx) => {
        await assertLane(database, tx, lane)
        return noteSurnames(tx, lane.accountId, sightings)
      }),
    findContacts: (account, keys) => findContacts(database, account, keys),
    findContact: (account, id) => findIndexedContact(database, account, id),
    findCompanies: (account, inns) => findCompanies(database, account, inns),
    listPairsOfDeals: (account, dealIds) => listPairsOfDeals(database, account, dealIds),
    getMarks: (account) => getMarks(database, account),
    save: (lane, writes) =>
      database.write(async (tx) => {
        await assertLane(database, tx, lane)
        await saveWrites(tx, lane, writes, await database.now(tx))
      }),
  }
}

async function saveWrites(tx: Transaction, { accountId }: Lane, writes: Writes, now: number): Promise<void> {
  for (const pair of writes.pairs ?? []) await putPair(tx, accountId, pair, now)
  for (const intent of writes.closeIntents ?? []) await closeIntent(tx, intent, now)
  for (const { id, atMs } of writes.absentOnce ?? []) await markAbsentOnce(tx, id, atMs)
  for (const { contact, updatedAtMs } of writes.contacts ?? []) await putContact(tx, accountId, contact, updatedAtMs)
  for (const id of writes.forgetContacts ?? []) await forgetContact(tx, accountId, id)
  for (const company of writes.companies ?? []) await putCompany(tx, accountId, company, now)
  for (const [mark, value] of Object.entries(writes.marks ?? {})) await raiseMark(tx, accountId, mark as AccountMark, value)
  for (const command of writes.commands ?? []) await putCommand(tx, { ...command, dueAtMs: now }, now)
  for (const step of writes.timeline ?? []) await addTimelineStep(tx, { ...step, atMs: now })
  for (const incident of writes.incidents ?? []) await openIncident(tx, incident, now)
  for (const mended of writes.closeIncidents ?? []) await closeIncidents(tx, mended, now)
  for (const order of writes.enqueue ?? []) {
    await putQueueItem(tx, { ...order, accountId, type: 'order', payload: {}, class: 'repair', dueAtMs: now }, now)
  }
  for (const { item, outcome } of writes.settle ?? []) await settleItem(tx, item, outcome, now)
}

async function loadOrders(database: Database, connection: ConnectionId, orderIds: string[]): Promise<Map<string, StoredOrder>> {
  if (orderIds.length === 0) return new Map()
  const rows = await database.read
    .selectFrom('shop_orders')
    .selectAll()
    .where('connection', '=', connection)
    .where('order_id', 'in', orderIds)
    .execute()
  const pairs = await listPairs(
    database,
    connection,
    orderIds.map((id) => orderEntity(id)),
  )
  const orders = new Map<string, StoredOrder>()
  for (const row of rows) {
    if (row.snapshot === null) continue
    orders.set(row.order_id, {
      // Parsed by the protocol's schema before it was stored.
      order: JSON.parse(row.snapshot) as Order,
      deleted: row.deleted === 1,
      archived: row.archived === 1,
      pair: pairs.find(({ entityKey }) => entityKey === orderEntity(row.order_id)),
    })
  }
  return orders
}
