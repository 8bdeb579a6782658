import type { AccountId, ConnectionId } from '../core/ids.ts'
import { ulid } from '../core/ulid.ts'
import type { Transaction } from './database.ts'

export type ItemType = 'order' | 'lead' | 'status' | 'contact' | 'product'

export interface NewItem {
  connection: ConnectionId
  accountId: AccountId
  type: ItemType
  /** `order:10025`, `form:webform:3:77`. */
  entityKey: string
  payload: Record<string, unknown>
  /** Request class the work starts in: `live-create`, `history`, … */
  class: string
  dueAtMs: number
}

/**
 * Says "make the other side show the newest state of this entity". One that waits already takes the news in, whatever number of saves there were;
 * one that failed starts anew, because its content changed. One that runs now is followed by a new one.
 */
export async function putQueueItem(tx: Transaction, item: NewItem, nowMs: number): Promise<void> {
  const news = { payload: JSON.stringify(item.payload), class: item.class, updated_at: nowMs }
  const waiting = await tx
    .updateTable('amocrm_queue')
    .set((eb) => ({
      ...news,
      attempts: eb.case().when('status', '=', 'failed').then(0).else(eb.ref('attempts')).end(),
      due_at: eb.case().when('status', '=', 'failed').then(item.dueAtMs).else(eb.ref('due_at')).end(),
      status: 'pending',
    }))
    .where('connection', '=', item.connection)
    .where('type', '=', item.type)
    .where('entity_key', '=', item.entityKey)
    .where('status', 'in', ['pending', 'failed'])
    .executeTakeFirst()
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
