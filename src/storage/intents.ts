import { type AccountId, connectionId } from '../core/ids.ts'
import { ulid } from '../core/ulid.ts'
import type { Intent, NewIntent } from '../ports/push-store.ts'
import type { Database, Transaction } from './database.ts'

interface IntentRow {
  id: string
  connection: string
  kind: string
  key: string
  entity_key: string
  floor: number
  sent_at: number
  payload: string
  first_absent_at: number | null
}

function toIntent(row: IntentRow): Intent {
  const { sent, limitMs, stage } = JSON.parse(row.payload) as Pick<Intent, 'sent' | 'limitMs' | 'stage'>
  return {
    id: row.id,
    connection: connectionId(row.connection),
    kind: row.kind as Intent['kind'],
    key: row.key,
    entityKey: row.entity_key,
    floor: row.floor,
    sentAtMs: row.sent_at,
    limitMs,
    firstAbsentAtMs: row.first_absent_at,
    sent,
    ...(stage === undefined ? {} : { stage }),
  }
}

export async function listOpenIntents(database: Database, account: AccountId, entityKeys: string[]): Promise<Intent[]> {
  if (entityKeys.length === 0) return []
  const rows = await database.read
    .selectFrom('intents')
    .selectAll()
    .where('account_id', '=', account)
    .where('state', '=', 'open')
    .where('entity_key', 'in', entityKeys)
    .execute()
  return rows.map(toIntent)
}

/** Sending again under an open intent moves its time of sending; the floor stays, because the first sending may still come out. */
export async function beginIntent(tx: Transaction, account: AccountId, intent: NewIntent, nowMs: number): Promise<Intent> {
  const payload = JSON.stringify({ sent: intent.sent, limitMs: intent.limitMs, stage: intent.stage })
  const again = await tx
    .updateTable('intents')
    .set({ sent_at: nowMs, payload, first_absent_at: null })
    .where('account_id', '=', account)
    .where('kind', '=', intent.kind)
    .where('key', '=', intent.key)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst()
  if (again) return toIntent(again)
  const row = {
    id: ulid(nowMs, Math.random),
    account_id: account,
    connection: intent.connection,
    kind: intent.kind,
    key: intent.key,
    entity_key: intent.entityKey,
    floor: intent.floor,
    sent_at: nowMs,
    payload,
    first_absent_at: null,
    state: 'open',
    crm_id: null,
    closed_at: null,
  }
  await tx.insertInto('intents').values(row).execute()
  return toIntent(row)
}

/** The first answer counts: an intent that is closed stays as it was closed. */
export async function closeIntent(
  tx: Transaction,
  { id, state, crmId }: { id: string; state: string; crmId: number | null },
  nowMs: number,
): Promise<void> {
  await tx.updateTable('intents').set({ state, crm_id: crmId, closed_at: nowMs }).where('id', '=', id).where('state', '=', 'open').execute()
}

export async function markAbsentOnce(tx: Transaction, id: string, atMs: number): Promise<void> {
  await tx.updateTable('intents').set({ first_absent_at: atMs }).where('id', '=', id).where('first_absent_at', 'is', null).execute()
}
