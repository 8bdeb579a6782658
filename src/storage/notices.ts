import { type ConnectionId, connectionId } from '../core/ids.ts'
import { WrittenConnection } from '../core/settings/written.ts'
import { ulid } from '../core/ulid.ts'
import type { Channel, Notice, NoticeOutcome, NoticeStore, Reach } from '../ports/notices.ts'
import { webhookSecretName } from '../ports/secrets.ts'
import { findConnectionSecret } from './connection-secrets.ts'
import { listConnections } from './connections.ts'
import type { Database, Transaction } from './database.ts'
import { toIncident } from './incidents.ts'
import type { Seal } from './seal.ts'

/** So many incidents become notices at once; the rest follows. */
const plannedAtOnce = 500

export function createNoticeStore(database: Database, seal: Seal): NoticeStore {
  return {
    now: () => database.now(database.read),
    listReaches: () => listReaches(database, seal),
    plan: (reaches) => database.write(async (tx) => plan(tx, reaches, await database.now(tx))),
    take: (limit, leaseMs) => database.write(async (tx) => take(tx, limit, leaseMs, await database.now(tx))),
    settle: (ended) =>
      database.write(async (tx) => {
        const now = await database.now(tx)
        for (const { id, outcome } of ended) await tx.updateTable('notices').set(changeOf(outcome, now)).where('id', '=', id).execute()
      }),
  }
}

async function listReaches(database: Database, seal: Seal): Promise<Reach[]> {
  const reaches: Reach[] = []
  for (const { id, name, mode, settings } of await listConnections(database, seal)) {
    const { notify, amocrm } = WrittenConnection.parse({ ...Object(settings), name })
    if (mode === 'off' || notify === undefined) continue
    const { email = [], webhook } = notify
    reaches.push({
      connection: { id, name },
      language: amocrm?.domain?.endsWith('kommo.com') ? 'en' : 'ru',
      email,
      webhook:
        webhook === undefined ? null : { url: webhook.url, secret: await findConnectionSecret(database, seal, id, webhookSecretName) },
    })
  }
  return reaches
}

async function plan(tx: Transaction, reaches: { connection: ConnectionId; channels: Channel[] }[], nowMs: number): Promise<void> {
  const untold = await tx
    .selectFrom('incidents')
    .select(['id', 'connection'])
    .where('told_at', 'is', null)
    .orderBy('opened_at')
    .limit(plannedAtOnce)
    .execute()
  if (untold.length === 0) return
  const notices = untold.flatMap((incident) =>
    reaches
      .filter(({ connection }) => incident.connection === null || incident.connection === connection)
      .flatMap(({ connection, channels }) => channels.map((channel) => ({ incident: incident.id, connection, channel }))),
  )
  if (notices.length > 0) {
    await tx
      .insertInto('notices')
      .values(
        notices.map((notice) => ({
          id: `ntc_${ulid(nowMs, Math.random)}`,
          ...notice,
          state: 'pending',
          attempts: 0,
          due_at: nowMs,
          last_error: null,
          created_at: nowMs,
          updated_at: nowMs,
        })),
      )
      // Another replica was quicker.
      .onConflict((oc) => oc.doNothing())
      .execute()
  }
  await tx
    .updateTable('incidents')
    .set({ told_at: nowMs })
    .where(
      'id',
      'in',
      untold.map(({ id }) => id),
    )
    .execute()
}

async function take(tx: Transaction, limit: number, leaseMs: number, nowMs: number): Promise<Notice[]> {
  const due = await tx
    .selectFrom('notices')
    .select('id')
    .where('state', '=', 'pending')
    .where('due_at', '<=', nowMs)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  if (due.length === 0) return []
  const ids = due.map(({ id }) => id)
  const taken = await tx
    .updateTable('notices')
    .set({ due_at: nowMs + leaseMs, updated_at: nowMs })
    .where('id', 'in', ids)
    .where('due_at', '<=', nowMs)
    .returning('id')
    .execute()
  const mine = new Set(taken.map(({ id }) => id))
  const rows = await tx
    .selectFrom('notices')
    .innerJoin('incidents', 'incidents.id', 'notices.incident')
    .innerJoin('connections', 'connections.id', 'notices.connection')
    .selectAll('incidents')
    .select([
      'notices.id as notice',
      'notices.connection as reached',
      'connections.name',
      'notices.channel',
      'notices.attempts',
      'notices.created_at',
    ])
    .where('notices.id', 'in', ids)
    .orderBy('notices.id')
    .execute()
  return rows
    .filter(({ notice }) => mine.has(notice))
    .map((row) => ({
      id: row.notice,
      connection: { id: connectionId(row.reached), name: row.name },
      channel: row.channel as Channel,
      incident: toIncident(row),
      attempts: row.attempts,
      createdAtMs: row.created_at,
    }))
}

function changeOf(outcome: NoticeOutcome, nowMs: number) {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', last_error: null, updated_at: nowMs }
    case 'given-up':
      return { state: 'given-up', last_error: outcome.reason, updated_at: nowMs }
    case 'later':
      return { attempts: outcome.attempts, due_at: outcome.dueAtMs, last_error: outcome.reason, updated_at: nowMs }
  }
}
