import type { ConnectionId } from '../core/ids.ts'
import type { Params } from '../core/messages/language.ts'
import { ulid } from '../core/ulid.ts'
import type { Incident, IncidentPage, NewIncident } from '../ports/incidents.ts'
import type { Database, Transaction } from './database.ts'

/** Opens an incident, or counts one more of the same that is still open. */
export async function openIncident(tx: Transaction, incident: NewIncident, atMs: number): Promise<void> {
  const { connection, code, entity } = incident
  const params = JSON.stringify(incident.params)
  const again = await tx
    .updateTable('incidents')
    .set((eb) => ({ count: eb('count', '+', 1), last_at: atMs, params }))
    .where('connection', connection === null ? 'is' : '=', connection)
    .where('code', '=', code)
    .where('entity', '=', entity)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (again.numUpdatedRows > 0n) return
  await tx
    .insertInto('incidents')
    .values({
      id: ulid(atMs, Math.random),
      connection,
      code,
      entity,
      params,
      count: 1,
      opened_at: atMs,
      last_at: atMs,
      closed_at: null,
      told_at: null,
    })
    .onConflict((oc) => oc.doNothing())
    .execute()
}

/** Closes what has mended itself; nothing happens when none is open. */
export async function closeIncidents(
  tx: Transaction,
  which: { connection: ConnectionId | null; code: string; entity?: string },
  atMs: number,
): Promise<void> {
  let query = tx
    .updateTable('incidents')
    .set({ closed_at: atMs })
    .where('connection', which.connection === null ? 'is' : '=', which.connection)
    .where('code', '=', which.code)
    .where('closed_at', 'is', null)
  if (which.entity !== undefined) query = query.where('entity', '=', which.entity)
  await query.execute()
}

/** Closed by a person. False when there is no such open incident. */
export async function closeIncident(tx: Transaction, id: string, atMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('incidents')
    .set({ closed_at: atMs })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Newest first; closed ones only when asked for. */
export async function listIncidents(
  database: Database,
  filter: { connection?: ConnectionId; closedToo: boolean; limit: number },
): Promise<Incident[]> {
  let query = database.read.selectFrom('incidents').selectAll().orderBy('opened_at', 'desc').limit(filter.limit)
  if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection)
  if (!filter.closedToo) query = query.where('closed_at', 'is', null)
  const rows = await query.execute()
  return rows.map(toIncident)
}

/** Newest first, from below `after` (an incident's id) on. */
export async function listIncidentPage(
  database: Database,
  { connection, closedToo, after, limit }: { connection?: ConnectionId; closedToo: boolean; after?: string; limit: number },
): Promise<IncidentPage> {
  let query = database.read
    .selectFrom('incidents')
    .leftJoin('connections', 'connections.id', 'incidents.connection')
    .selectAll('incidents')
    .select('connections.name')
    // One more than asked for tells whether there is a next page. Ids grow with time.
    .orderBy('incidents.id', 'desc')
    .limit(limit + 1)
  if (connection !== undefined) query = query.where('incidents.connection', '=', connection)
  if (!closedToo) query = query.where('incidents.closed_at', 'is', null)
  if (after !== undefined) query = query.where('incidents.id', '<', after)
  const rows = await query.execute()
  const shown = rows.slice(0, limit)
  return {
    incidents: shown.map((row) => ({ ...toIncident(row), connectionName: row.name })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

interface IncidentRow {
  id: string
  connection: string | null
  code: string
  entity: string
  params: string
  count: number
  opened_at: number
  last_at: number
  closed_at: number | null
}

export function toIncident(row: IncidentRow): Incident {
  return {
    id: row.id,
    connection: row.connection as ConnectionId | null,
    code: row.code,
    entity: row.entity,
    params: JSON.parse(row.params) as Params,
    count: row.count,
    openedAt: new Date(row.opened_at),
    lastAt: new Date(row.last_at),
    closedAt: row.closed_at === null ? null : new Date(row.closed_at),
  }
}
