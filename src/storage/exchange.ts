import { type AccountId, accountId, type ConnectionId } from '../core/ids.ts'
import { orderEntity } from '../core/marker.ts'
import { type HeldOrder, type OrderChange, planOrderNews } from '../core/order-news.ts'
import type { Connection } from '../ports/connections.ts'
import type { Acceptance, ExchangeRequest, ExchangeStore, ShopEvent } from '../ports/exchange.ts'
import { listConnectionsWithDueCommands, putCommandOnce, settleCommands, takeDueCommands } from './commands.ts'
import { findConnection } from './connections.ts'
import type { Database, Transaction } from './database.ts'
import { closeIncidents, openIncident } from './incidents.ts'
import { type NewItem, putQueueItem } from './queue.ts'
import type { Seal } from './seal.ts'
import { loadHeldOrders, ordinalOfEpoch, putHeldOrder } from './shop-orders.ts'
import { addTimelineStep } from './timeline.ts'

const replayMs = 10 * 60_000
/** A module repeats an event until it hears "accepted"; after this long nobody repeats it any more. */

/** Items accepted before the connection has an account belong to none: they go to the account it gets (`changeConnection`). */
const noAccount = accountId('')

export interface ExchangeStoreOptions {
  database: Database
  seal: Seal
  random: () => number
}

export function createExchangeStore({ database, seal, random }: ExchangeStoreOptions): ExchangeStore {
  return {
    findConnection: (idOrName) => findByIdOrName(database, seal, idOrName),

    accept: (connection, attemptId, request) =>
      database.write(async (tx): Promise<Acceptance> => {
        const nowMs = await database.now(tx)
        if (attemptId !== null && !(await takeAttempt(tx, connection, attemptId, nowMs))) return { kind: 'replayed' }
        const bound = await bindShop(tx, connection, request, nowMs)
        if (bound === undefined) return refuse(tx, connection, request, nowMs)
        const accepting: Accepting = { tx, connection, account: bound.account, nowMs, news: false }
        await takeEvents(accepting, request)
        await settleCommands(tx, connection, request.results, nowMs, random)
        const commands = attemptId === null ? [] : await takeDueCommands(tx, connection, nowMs)
        return {
          kind: 'accepted',
          ids: request.events.map(({ id }) => id),
          rejected: request.rejected.filter(({ id }) => id !== ''),
          commands,
          news: accepting.news,
        }
      }),

    async listShopsToCall(silentMs) {
      const nowMs = await database.now(database.read)
      const withCommands = await listConnectionsWithDueCommands(database.read, nowMs)
      const rows = await database.read
        .selectFrom('connections')
        .select('id')
        .where('mode', '!=', 'off')
        .where('shop_endpoint', 'is not', null)
        .where('shop_secret_sealed', 'is not', null)
        .where((eb) =>
          eb.or([
            eb('last_exchange_at', 'is', null),
            eb('last_exchange_at', '<=', nowMs - silentMs),
            ...(withCommands.length > 0 ? [eb('id', 'in', withCommands)] : []),
          ]),
        )
        .execute()
      const found = await Promise.all(rows.map(({ id }) => findConnection(database, seal, id)))
      return found.filter((connection) => connection !== undefined)
    },

    saveClockOffset: (connection, offsetMs) =>
      database.write(async (tx) => {
        await tx.updateTable('connections').set({ clock_offset_ms: offsetMs }).where('id', '=', connection).execute()
      }),
  }
}

/** Always two questions: a stranger learns nothing from the time of the answer. */
async function findByIdOrName(database: Database, seal: Seal, idOrName: string): Promise<Connection | undefined> {
  const row = await database.read
    .selectFrom('connections')
    .select('id')
    .where((eb) => eb.or([eb('id', '=', idOrName), eb('name', '=', idOrName)]))
    .executeTakeFirst()
  return findConnection(database, seal, row?.id ?? '')
}

/** Gives the connection's first account what was accepted before there was one. */
export async function enqueueWaitingOrders(
  tx: Transaction,
  { id }: { id: ConnectionId },
  account: AccountId,
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('amocrm_queue')
    .set({ account_id: account, updated_at: nowMs })
    .where('connection', '=', id)
    .where('account_id', '=', noAccount)
    .execute()
}

/** False: this very attempt was here within the last ten minutes. */
async function takeAttempt(tx: Transaction, connection: ConnectionId, webhookId: string, nowMs: number): Promise<boolean> {
  const taken = await tx
    .insertInto('bridge_attempts')
    .values({ connection, webhook_id: webhookId, at: nowMs })
    .onConflict((oc) =>
      oc
        .columns(['connection', 'webhook_id'])
        .doUpdateSet({ at: nowMs })
        .where('bridge_attempts.at', '<', nowMs - replayMs),
    )
    .returning('webhook_id')
    .executeTakeFirst()
  return taken !== undefined
}

/**
 * Notes the exchange, and at the first one which shop it is. On PostgreSQL the row's lock also puts exchanges of one connection, the shop's
 * calls and ours, one after another. undefined: another shop, or the connection is off.
 */
async function bindShop(
  tx: Transaction,
  connection: ConnectionId,
  { installation, host }: ExchangeRequest,
  nowMs: number,
): Promise<{ account: AccountId } | undefined> {
  const row = await tx
    .updateTable('connections')
    .set({ last_exchange_at: nowMs, installation, host })
    .where('id', '=', connection)
    .where('mode', '!=', 'off')
    .where((eb) => eb.or([eb('installation', 'is', null), eb('installation', '=', installation)]))
    .where((eb) => eb.or([eb('host', 'is', null), eb('host', '=', host)]))
    .returning('account_id')
    .executeTakeFirst()
  return row && { account: row.account_id === null ? noAccount : accountId(row.account_id) }
}

async function refuse(tx: Transaction, connection: ConnectionId, request: ExchangeRequest, nowMs: number): Promise<Acceptance> {
  const row = await tx.selectFrom('connections').select('mode').where('id', '=', connection).executeTakeFirst()
  if (row === undefined || row.mode === 'off') return { kind: 'off' }
  const { installation, host } = request
  await openIncident(tx, { connection, code: 'installation', entity: '', params: { installation, host } }, nowMs)
  return { kind: 'foreign' }
}

/** What the steps of one exchange share. */
interface Accepting {
  tx: Transaction
  connection: ConnectionId
  account: AccountId
  nowMs: number
  news: boolean
}

async function takeEvents(accepting: Accepting, { events, rejected }: ExchangeRequest): Promise<void> {
  const fresh = await rememberEvents(accepting, events)
  await takeOrders(accepting, events, await numberEpochs(accepting, events))
  for (const event of events) if (fresh.has(event.id)) await takeOther(accepting, event)
  const { tx, connection, nowMs } = accepting
  for (const { id, code, message } of rejected) {
    await openIncident(tx, { connection, code: 'event-rejected', entity: `event:${code}`, params: { event: id, message } }, nowMs)
  }
}

/** The ids that were never accepted before. */
async function rememberEvents({ tx, connection, nowMs }: Accepting, events: ShopEvent[]): Promise<Set<string>> {
  const ids = [...new Set(events.map(({ id }) => id))]
  if (ids.length === 0) return new Set()
  const added = await tx
    .insertInto('accepted_events')
    .values(ids.map((id) => ({ connection, event_id: id, at: nowMs })))
    .onConflict((oc) => oc.columns(['connection', 'event_id']).doNothing())
    .returning('event_id')
    .execute()
  return new Set(added.map((row) => row.event_id))
}

interface VersionedChange {
  orderId: string
  change: OrderChange
}

function versionedChange({ body, origin }: ShopEvent): VersionedChange | undefined {
  switch (body.kind) {
    case 'order.saved':
      return { orderId: body.order.id, change: { kind: 'saved', order: body.order, origin } }
    case 'order.deleted':
      return { orderId: body.orderId, change: { kind: 'deleted' } }
    case 'order.archived':
      return { orderId: body.orderId, change: { kind: 'archived' } }
    default:
      return undefined
  }
}

/** Orders go by version, not by the event's id: a module may repeat an id with what the order has become meanwhile. */
async function takeOrders(accepting: Accepting, events: ShopEvent[], ordinals: ReadonlyMap<string, number>): Promise<void> {
  const { tx, connection, nowMs } = accepting
  const changes = events.flatMap((event) => {
    const versioned = versionedChange(event)
    return versioned === undefined ? [] : [{ ...versioned, epoch: event.epoch, rev: event.rev }]
  })
  const held = await loadHeldOrders(tx, connection, [...new Set(changes.map(({ orderId }) => orderId))])
  const newer = new Set<string>()
  for (const { orderId, change, epoch, rev } of changes) {
    const news = planOrderNews(held.get(orderId), { epochOrdinal: ordinals.get(epoch) ?? 0, rev }, change)
    if (news.kind === 'old') continue
    held.set(orderId, news.held)
    newer.add(orderEntity(orderId))
    await putHeldOrder(tx, connection, orderId, news.held, nowMs)
    if (news.isNews) await announce(accepting, orderId, change.kind, news.held)
  }
  if (newer.size > 0) await closeReadable(accepting, newer)
}

/** A new epoch: the shop was restored from a copy, and what it told after that copy was made is out of date. */
async function numberEpochs({ tx, connection, nowMs }: Accepting, events: ShopEvent[]): Promise<Map<string, number>> {
  const ordinals = new Map<string, number>()
  for (const epoch of new Set(events.map((event) => event.epoch))) {
    const { ordinal, fresh } = await ordinalOfEpoch(tx, connection, epoch, nowMs)
    ordinals.set(epoch, ordinal)
    if (fresh) await openIncident(tx, { connection, code: 'new-epoch', entity: '', params: { epoch } }, nowMs)
  }
  return ordinals
}

const stepOfChange = { saved: 'received', deleted: 'received-deleted', archived: 'received-archived' }

/** Says in the timeline what came, and in the queue that the CRM has to follow. */
async function announce(accepting: Accepting, orderId: string, kind: OrderChange['kind'], { order }: HeldOrder): Promise<void> {
  const { tx, connection, nowMs } = accepting
  const entityKey = orderEntity(orderId)
  const params = kind === 'saved' ? { status: order?.status ?? null, total: order?.total ?? null } : {}
  await addTimelineStep(tx, { connection, entityKey, atMs: nowMs, step: stepOfChange[kind], params })
  // Archived: the deal stays as it is. Never seen before it went: there is nothing to show.
  if (kind !== 'archived' && order !== null) await enqueue(accepting, { type: 'order', entityKey, payload: {}, class: 'live-create' })
}

async function enqueue(accepting: Accepting, item: Pick<NewItem, 'type' | 'entityKey' | 'payload' | 'class'>): Promise<void> {
  const { tx, connection, account, nowMs } = accepting
  await putQueueItem(tx, { ...item, connection, accountId: account, dueAtMs: nowMs }, nowMs)
  accepting.news = true
}

/** Orders that could not be read once and came whole now. */
async function closeReadable({ tx, connection, nowMs }: Accepting, entities: Set<string>): Promise<void> {
  const open = await tx
    .selectFrom('incidents')
    .select('entity')
    .where('connection', '=', connection)
    .where('code', '=', 'order-unreadable')
    .where('closed_at', 'is', null)
    .execute()
  for (const { entity } of open) {
    if (entities.has(entity)) await closeIncidents(tx, { connection, code: 'order-unreadable', entity }, nowMs)
  }
}

/** What has no version: once for each event id. */
async function takeOther(accepting: Accepting, { body }: ShopEvent): Promise<void> {
  const { tx, connection, nowMs } = accepting
  switch (body.kind) {
    case 'order.unreadable': {
      const params = { order: body.orderId, message: body.message }
      return openIncident(tx, { connection, code: 'order-unreadable', entity: orderEntity(body.orderId), params }, nowMs)
    }
    case 'form.submitted':
      await addTimelineStep(tx, { connection, entityKey: body.key, atMs: nowMs, step: 'received-form', params: {} })
      return enqueue(accepting, { type: 'lead', entityKey: body.key, payload: body.data, class: 'live-create' })
    case 'customer.saved':
      return enqueue(accepting, { type: 'contact', entityKey: body.key, payload: body.data, class: 'live-update' })
    case 'profile.changed':
      return putCommandOnce(tx, { connection, orderId: null, type: 'profile.get', data: {}, dueAtMs: nowMs }, nowMs)
  }
}
