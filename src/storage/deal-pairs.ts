import type { Doubt } from '../core/doubt.ts'
import { type AccountId, type ConnectionId, companyId, connectionId, contactId, dealId, noteId } from '../core/ids.ts'
import type { SentView } from '../core/plan-deal.ts'
import type { StageBasis } from '../core/plan-stage.ts'
import type { DealPair } from '../ports/push-store.ts'
import type { Database, Transaction } from './database.ts'

interface PairRow {
  connection: string
  entity_key: string
  deal_id: number
  contact_id: number | null
  company_id: number | null
  note_id: number | null
  sent: string
  basis: string
  doubt: string | null
  rule: number | null
  state: string
}

function toPair(row: PairRow): DealPair {
  return {
    connection: connectionId(row.connection),
    entityKey: row.entity_key,
    dealId: dealId(row.deal_id),
    contactId: row.contact_id === null ? null : contactId(row.contact_id),
    companyId: row.company_id === null ? null : companyId(row.company_id),
    noteId: row.note_id === null ? null : noteId(row.note_id),
    sent: JSON.parse(row.sent) as SentView,
    basis: JSON.parse(row.basis) as StageBasis,
    doubt: row.doubt === null ? null : (JSON.parse(row.doubt) as Doubt),
    rule: row.rule,
    state: row.state as DealPair['state'],
  }
}

/** The order is another deal's already. */
export class PairTakenError extends Error {
  override name = 'PairTakenError'
}

/** One order, one deal, for ever: throws PairTakenError when the order has another deal, and the database refuses a deal that another order has. */
export async function putPair(tx: Transaction, account: AccountId, pair: DealPair, nowMs: number): Promise<void> {
  const values = {
    account_id: account,
    deal_id: pair.dealId,
    contact_id: pair.contactId,
    company_id: pair.companyId,
    note_id: pair.noteId,
    sent: JSON.stringify(pair.sent),
    basis: JSON.stringify(pair.basis),
    doubt: pair.doubt === null ? null : JSON.stringify(pair.doubt),
    rule: pair.rule,
    state: pair.state,
    updated_at: nowMs,
  }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('deal_pairs')
    .values({ connection: pair.connection, entity_key: pair.entityKey, ...values, created_at: nowMs })
    .onConflict((oc) =>
      oc
        .columns(['connection', 'entity_key'])
        .doUpdateSet(values)
        .where((eb) => eb.or([eb('deal_pairs.deal_id', '=', pair.dealId), eb('deal_pairs.account_id', '!=', account)])),
    )
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) throw new PairTakenError(`${pair.entityKey} has another deal than ${pair.dealId}`)
}

export async function findPair(database: Database, connection: ConnectionId, entityKey: string): Promise<DealPair | undefined> {
  const row = await database.read
    .selectFrom('deal_pairs')
    .selectAll()
    .where('connection', '=', connection)
    .where('entity_key', '=', entityKey)
    .executeTakeFirst()
  return row && toPair(row)
}

/** Live pairs of these deals, whichever orders they belong to. */
export async function listPairsOfDeals(database: Database, account: AccountId, dealIds: number[]): Promise<DealPair[]> {
  if (dealIds.length === 0) return []
  const rows = await database.read
    .selectFrom('deal_pairs')
    .selectAll()
    .where('account_id', '=', account)
    .where('deal_id', 'in', dealIds)
    .where('state', '=', 'live')
    .execute()
  return rows.map(toPair)
}

export async function listPairs(database: Database, connection: ConnectionId, entityKeys: string[]): Promise<DealPair[]> {
  if (entityKeys.length === 0) return []
  const rows = await database.read
    .selectFrom('deal_pairs')
    .selectAll()
    .where('connection', '=', connection)
    .where('entity_key', 'in', entityKeys)
    .execute()
  return rows.map(toPair)
}
