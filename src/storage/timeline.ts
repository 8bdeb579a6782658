import type { ConnectionId } from '../core/ids.ts'
import type { Params } from '../core/messages/language.ts'
import { ulid } from '../core/ulid.ts'
import type { Database, Transaction } from './database.ts'

export interface TimelineStep {
  connection: ConnectionId
  /** `order:10025`, `form:webform:3:77`, `contact:5100001`. */
  entityKey: string
  atMs: number
  /** Names a text in core/messages/timeline.ts. */
  step: string
  /** Ids and our own words only: personal data is masked before it comes here. */
  params: Params
}

/** Adds a step to what support reads as "where is order 1234?". */
export async function addTimelineStep(tx: Transaction, { connection, entityKey, atMs, step, params }: TimelineStep): Promise<void> {
  await tx
    .insertInto('timeline')
    .values({ id: ulid(atMs, Math.random), connection, entity_key: entityKey, at: atMs, step, params: JSON.stringify(params) })
    .execute()
}

/** In the order things happened. */
export async function listTimeline(database: Database, connection: ConnectionId, entityKey: string) {
  const rows = await database.read
    .selectFrom('timeline')
    .select(['at', 'step', 'params'])
    .where('connection', '=', connection)
    .where('entity_key', '=', entityKey)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ at: new Date(row.at), step: row.step, params: JSON.parse(row.params) as Params }))
}
