import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** int8 and count(*) arrive as strings unless told otherwise; all our whole numbers are below 2^53. */
const int8 = 20
const numeric = 1700

/** deadlock_detected, serialization_failure: the server took the whole transaction back, and it may simply run again. */
const takenBack = new Set(['40P01', '40001'])
const triesAtMost = 5
const idleInTransactionMs = 15_000

/** Opens PostgreSQL. `schema` keeps several installations (and tests) apart in one database; `clock` takes the place of its own in tests. */
export function openPostgres(url: string, { schema = 'public', clock }: { schema?: string; clock?: () => number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    connectionTimeoutMillis: 5_000,
    // A process frozen inside a transaction must not hold a lane's row against the one that takes over.
    options: `-c search_path=${schema} -c idle_in_transaction_session_timeout=${idleInTransactionMs}`,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 || oid === numeric ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  // An idle connection was cut (the server restarts): the next query takes another. Unheard, the event would end the process.
  pool.on('error', () => undefined)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    dialect: 'postgres',
    read: db,
    migrations: db,
    write: (work) => retryDeadlocks(() => db.transaction().execute(work)),
    now: async (tx) => {
      if (clock) return clock()
      const { rows } = await sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(tx)
      return rows[0]?.now ?? 0
    },
    close: () => db.destroy(),
  }
}

/** Two works that touch the same rows in another order stop each other; the one that was taken back runs again, nobody hears of it. */
async function retryDeadlocks<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run()
    } catch (error) {
      const again = error instanceof pg.DatabaseError && takenBack.has(error.code ?? '')
      if (!again || tries === triesAtMost) throw error
    }
  }
}
