import { type RawBuilder, sql } from 'kysely'
import type { Retention } from '../ports/retention.ts'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** An attempt that is repeated later than this is refused for its age (docs/bridge.md). */
const attemptsKeptMs = 10 * minuteMs
/** Pairing codes live 15 minutes; a day leaves time to ask what happened. */
const pairingKeptMs = dayMs

interface Rule {
  table: keyof Tables
  key: string[]
  past: RawBuilder<boolean>
}

export interface RetentionOptions {
  /** Of done items, ended commands, closed intents and accepted event ids. The timeline's steps and the pairs stay. */
  keptDays: number
  rowsPerBatch: number
}

export function createRetention(database: Database, { keptDays, rowsPerBatch }: RetentionOptions): Retention {
  return {
    async sweep(signal) {
      const now = await database.now(database.read)
      const swept: Record<string, number> = {}
      for (const rule of listRules(now, keptDays * dayMs)) {
        let gone: number
        do {
          if (signal.aborted) return swept
          gone = await deleteBatch(database, rule, rowsPerBatch)
          swept[rule.table] = (swept[rule.table] ?? 0) + gone
        } while (gone === rowsPerBatch)
      }
      return swept
    },
  }
}

function listRules(now: number, keptMs: number): Rule[] {
  return [
    { table: 'bridge_attempts', key: ['connection', 'webhook_id'], past: sql`at < ${now - attemptsKeptMs}` },
    { table: 'accepted_events', key: ['connection', 'event_id'], past: sql`at < ${now - keptMs}` },
    { table: 'amocrm_queue', key: ['id'], past: sql`status = 'done' and updated_at < ${now - keptMs}` },
    { table: 'commands', key: ['id'], past: sql`status <> 'pending' and updated_at < ${now - keptMs}` },
    { table: 'intents', key: ['id'], past: sql`state <> 'open' and closed_at < ${now - keptMs}` },
    { table: 'notices', key: ['id'], past: sql`state <> 'pending' and updated_at < ${now - keptMs}` },
    { table: 'pairing_codes', key: ['code_hash'], past: sql`expires_at < ${now - pairingKeptMs}` },
    { table: 'pairing_tries', key: ['id'], past: sql`at < ${now - pairingKeptMs}` },
  ]
}

function deleteBatch(database: Database, { table, key, past }: Rule, rows: number): Promise<number> {
  const columns = sql.join(key.map((name) => sql.ref(name)))
  const from = sql.table(table)
  return database.write(async (tx) => {
    const { numAffectedRows } =
      await sql`delete from ${from} where (${columns}) in (select ${columns} from ${from} where ${past} limit ${rows})`.execute(tx)
    return Number(numAffectedRows ?? 0)
  })
}
