import { sql, type UpdateQueryBuilder, type UpdateResult } from 'kysely'
import { z } from 'zod'
import { type AccountId, accountId, type ConnectionId, connectionId } from '../core/ids.ts'
import { ulid } from '../core/ulid.ts'
import { type RequestClass, requestClasses } from '../ports/crm.ts'
import type { Lane } from '../ports/lane.ts'
import type { ItemType, Outcome, Queue, QueueItem } from '../ports/queue.ts'
import type { QueueFilter, QueueRow } from '../ports/queue-admin.ts'
import type { Database, Transaction } from './database.ts'
import { assertLane } from './lanes.ts'
import type { Tables } from './schema.ts'

export interface NewItem {
  connection: ConnectionId
  accountId: AccountId
  type: ItemType
  /** `order:10025`, `form:webform:3:77`. */
  entityKey: string
  payload: Record<string, unknown>
  class: RequestClass
  dueAtMs: number
}

const hourMs = 3_600_000
/** As long as an hourly try may still help; then a person has to look. */
const triedHourlyForMs = 72 * hourMs

/**
 * Says "make the other side show the newest state of this entity". One that waits already takes the news in, whatever number of saves there were;
 * one that failed starts anew, because its content changed. One that runs now is followed by a new one. The more urgent class stays.
 */
export async function putQueueItem(tx: Transaction, item: NewItem, nowMs: number): Promise<void> {
  const entity = { connection: item.connection, type: item.type, entityKey: item.entityKey }
  const news = { payload: JSON.stringify(item.payload), updated_at: nowMs }
  const rank = requestClasses.indexOf(item.class)
  // The row of a run that ends this very moment is waited for: what it leaves behind, waiting or done, decides what follows.
  await selectEntity(tx.updateTable('amocrm_queue').set({ updated_at: nowMs }), entity, ['running']).execute()
  const waiting = await selectEntity(
    tx.updateTable('amocrm_queue').set((eb) => ({
      ...news,
      class: eb.case().when('rank', '>', rank).then(item.class).else(eb.ref('class')).end(),
      rank: eb.case().when('rank', '>', rank).then(rank).else(eb.ref('rank')).end(),
      failed_at: null,
      attempts: eb.case().when('status', '=', 'failed').then(0).else(eb.ref('attempts')).end(),
      due_at: eb.case().when('status', '=', 'failed').then(item.dueAtMs).else(eb.ref('due_at')).end(),
      status: 'pending',
    })),
    entity,
    ['pending', 'failed'],
  ).executeTakeFirst()
  if (waiting.numUpdatedRows > 0n) return
  await tx
    .insertInto('amocrm_queue')
    .values({
      id: ulid(nowMs, Math.random),
      connection: item.connection,
      account_id: item.accountId,
      type: item.type,
      entity_key: item.entityKey,
      ...news,
      class: item.class,
      rank,
      attempts: 0,
      status: 'pending',
      last_error: null,
      recoverable: 0,
      due_at: item.dueAtMs,
      lease_fence: null,
      created_at: nowMs,
    })
    // Two replicas may put the same entity at once on PostgreSQL: the item that is there reads the newest state anyway.
    .onConflict((oc) => oc.doNothing())
    .execute()
}

/** An update of the queue that still takes conditions. */
type QueueUpdate = UpdateQueryBuilder<Tables, 'amocrm_queue', 'amocrm_queue', UpdateResult>

interface Entity {
  connection: string
  type: string
  entityKey: string
}

function selectEntity(update: QueueUpdate, { connection, type, entityKey }: Entity, status: string[]) {
  return update
    .where('connection', '=', connection)
    .where('type', '=', type)
    .where('entity_key', '=', entityKey)
    .where('status', 'in', status)
}

const Payload = z.record(z.string(), z.unknown())

export function createQueue(database: Database): Queue {
  return {
    claim: (lane, { types, limit, except }) =>
      database.write(async (tx) => {
        await assertLane(database, tx, lane)
        const now = await database.now(tx)
        const due = await tx
          .selectFrom('amocrm_queue as item')
          .innerJoin('connections', 'connections.id', 'item.connection')
          .selectAll('item')
          .where('item.account_id', '=', lane.accountId)
          .where('item.status', '=', 'pending')
          .where('item.due_at', '<=', now)
          .where('item.type', 'in', types)
          .where((eb) =>
            eb.or([
              eb('connections.mode', '=', 'on'),
              eb.and([
                eb('connections.mode', '=', 'setup'),
                eb('item.entity_key', '=', eb.fn<string>('concat', [sql.lit('order:'), 'connections.proof_order'])),
              ]),
            ]),
          )
          .where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom('amocrm_queue as running')
                  .select('running.id')
                  .whereRef('running.connection', '=', 'item.connection')
                  .whereRef('running.type', '=', 'item.type')
                  .whereRef('running.entity_key', '=', 'item.entity_key')
                  .where('running.status', '=', 'running'),
              ),
            ),
          )
          .orderBy('item.rank')
          .orderBy('item.due_at')
          .orderBy('item.id')
          .limit(limit + except.size)
          .execute()
        const wanted = due.filter((row) => !except.has(row.entity_key)).slice(0, limit)
        if (wanted.length === 0) return []
        // Another claim of this lane may have been quicker, and news may have come meanwhile: what the rows hold now counts.
        const taken = await tx
          .updateTable('amocrm_queue')
          .set({ status: 'running', lease_fence: lane.fence, updated_at: now })
          .where(
            'id',
            'in',
            wanted.map((row) => row.id),
          )
          .where('status', '=', 'pending')
          .returningAll()
          .execute()
        const byId = new Map(taken.map((row) => [row.id, toItem(row)]))
        return wanted.flatMap((row) => byId.get(row.id) ?? [])
      }),

    reviveAfterRecovery: (lane) => database.write((tx) => revive(database, tx, lane, (failed) => failed)),

    reviveHourly: (lane) =>
      database.write((tx) =>
        revive(database, tx, lane, (failed, now) =>
          failed.where('updated_at', '<=', now - hourMs).where('failed_at', '>', now - triedHourlyForMs),
        ),
      ),

    nextDueAtMs: async (account) => {
      const row = await database.read
        .selectFrom('amocrm_queue')
        .select((eb) => eb.fn.min('due_at').as('due_at'))
        .where('account_id', '=', account)
        .where('status', '=', 'pending')
        .executeTakeFirst()
      return row?.due_at ?? undefined
    },
  }
}

/** Attempts stay: one more failure, and the item is failed again at once. */
async function revive(
  database: Database,
  tx: Transaction,
  lane: Lane,
  choose: (failed: QueueUpdate, nowMs: number) => QueueUpdate,
): Promise<number> {
  await assertLane(database, tx, lane)
  const now = await database.now(tx)
  const failed = tx
    .updateTable('amocrm_queue')
    .set({ status: 'pending', due_at: now, updated_at: now })
    .where('account_id', '=', lane.accountId)
    .where('status', '=', 'failed')
    .where('recoverable', '=', 1)
  const { numUpdatedRows } = await choose(failed, now).executeTakeFirst()
  return Number(numUpdatedRows)
}

function toItem(row: {
  id: string
  connection: string
  account_id: string
  type: string
  entity_key: string
  payload: string
  attempts: number
  class: string
}): QueueItem {
  return {
    id: row.id,
    connection: connectionId(row.connection),
    accountId: accountId(row.account_id),
    type: row.type as ItemType,
    entityKey: row.entity_key,
    payload: Payload.parse(JSON.parse(row.payload)),
    attempts: row.attempts,
    class: requestClasses.find((known) => known === row.class) ?? 'live-create',
  }
}

/**
 * Ends this run of an item. When a newer one waits already, this one is done with: the newer one reads the same state. It takes the wait and
 * the attempts over; after a final failure it starts anew, as it would have done had the news come a moment later.
 */
export async function settleItem(tx: Transaction, item: QueueItem, outcome: Outcome, nowMs: number): Promise<void> {
  if (outcome.kind === 'done') return finish(tx, item.id, null, nowMs)
  // Taken first: news that come this very moment wait for what becomes of the item, or are seen below.
  await tx.updateTable('amocrm_queue').set({ updated_at: nowMs, lease_fence: null }).where('id', '=', item.id).execute()
  const follower = await selectEntity(
    tx.updateTable('amocrm_queue').set({
      last_error: outcome.reason,
      ...(outcome.kind === 'later' ? { attempts: outcome.attempts, due_at: outcome.dueAtMs } : {}),
    }),
    item,
    ['pending', 'failed'],
  ).executeTakeFirst()
  if (follower.numUpdatedRows > 0n) return finish(tx, item.id, outcome.reason, nowMs)
  await tx
    .updateTable('amocrm_queue')
    .set((eb) => ({
      // The connection may have gone to another account during the run.
      account_id: eb.fn.coalesce(
        eb.selectFrom('connections').select('connections.account_id').where('connections.id', '=', item.connection),
        eb.ref('amocrm_queue.account_id'),
      ),
      attempts: outcome.attempts,
      last_error: outcome.reason,
      updated_at: nowMs,
      ...(outcome.kind === 'later'
        ? { status: 'pending', due_at: outcome.dueAtMs, recoverable: 0 }
        : { status: 'failed', recoverable: outcome.recoverable ? 1 : 0, failed_at: eb.fn.coalesce('failed_at', eb.val(nowMs)) }),
    }))
    .where('id', '=', item.id)
    .execute()
}

async function finish(tx: Transaction, id: string, lastError: string | null, nowMs: number): Promise<void> {
  await tx
    .updateTable('amocrm_queue')
    .set({ status: 'done', last_error: lastError, lease_fence: null, updated_at: nowMs })
    .where('id', '=', id)
    .execute()
}

/** What an earlier holder of the lane left running becomes pending; where a newer item waits already, that one does the work. */
export async function returnRunningItems(tx: Transaction, account: AccountId, fence: number, nowMs: number): Promise<void> {
  const left = await tx
    .selectFrom('amocrm_queue')
    .selectAll()
    .where('account_id', '=', account)
    .where('status', '=', 'running')
    .where('lease_fence', '<', fence)
    .execute()
  for (const row of left) {
    await settleItem(tx, toItem(row), { kind: 'later', dueAtMs: nowMs, attempts: row.attempts, reason: row.last_error ?? '' }, nowMs)
  }
}

export async function listQueue(database: Database, filter: QueueFilter, limit: number): Promise<QueueRow[]> {
  if (filter.ids?.length === 0) return []
  let query = database.read.selectFrom('amocrm_queue').selectAll().orderBy('updated_at', 'desc').orderBy('id').limit(limit)
  if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.type !== undefined) query = query.where('type', '=', filter.type)
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    connection: row.connection,
    type: row.type,
    entityKey: row.entity_key,
    status: row.status,
    attempts: row.attempts,
    lastError: row.last_error,
    dueAt: new Date(row.due_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    payload: JSON.parse(row.payload),
  }))
}

/** A person says "again": attempts start anew, at once. Answers how many. */
export async function retryItems(tx: Transaction, filter: QueueFilter, nowMs: number): Promise<number> {
  return changeWaiting(tx, filter, { status: 'pending', attempts: 0, failed_at: null, due_at: nowMs, updated_at: nowMs })
}

/** A person says "leave it": kept as done, with its last reason. Answers how many. */
export async function skipItems(tx: Transaction, filter: QueueFilter, nowMs: number): Promise<number> {
  return changeWaiting(tx, filter, { status: 'done', updated_at: nowMs })
}

async function changeWaiting(
  tx: Transaction,
  filter: QueueFilter,
  change: { status: string; attempts?: number; failed_at?: null; due_at?: number; updated_at: number },
): Promise<number> {
  if (filter.ids?.length === 0) return 0
  let query = tx
    .updateTable('amocrm_queue')
    .set(change)
    .where('status', 'in', filter.ids === undefined ? ['failed'] : ['failed', 'pending'])
  if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection)
  if (filter.type !== undefined) query = query.where('type', '=', filter.type)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Counts by status for one connection; `lagMs` is how long the oldest due item has been waiting. */
export async function summariseQueue(database: Database, connection: ConnectionId, nowMs: number) {
  const rows = await database.read
    .selectFrom('amocrm_queue')
    .select((eb) => ['status', eb.fn.countAll<number>().as('items'), eb.fn.min('created_at').as('oldest')])
    .where('connection', '=', connection)
    .where('status', 'in', ['pending', 'running', 'failed'])
    .groupBy('status')
    .execute()
  const count = (status: string) => Number(rows.find((row) => row.status === status)?.items ?? 0)
  const oldest = Math.min(nowMs, ...rows.filter((row) => row.status !== 'failed').map((row) => row.oldest))
  return { pending: count('pending'), running: count('running'), failed: count('failed'), lagMs: nowMs - oldest }
}
