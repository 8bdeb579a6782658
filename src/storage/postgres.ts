import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** int8 and count(*) arrive as strings unless told otherwise; all our whole numbers are below 2^53. */
const int8 = 20
const numeric = 1700

/** Opens PostgreSQL. `schema` keeps several installations (and tests) apart in one database; `clock` takes the place of its own in tests. */
export function openPostgres(url: string, { schema = 'public', clock }: { schema?: string; clock?: () => number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    connectionTimeoutMillis: 5_000,
    options: `-c search_path=${schema}`,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 || oid === numeric ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    dialect: 'postgres',
    read: db,
    migrations: db,
    write: (work) => db.transaction().execute(work),
    now: async (tx) => {
      if (clock) return clock()
      const { rows } = await sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(tx)
      return rows[0]?.now ?? 0
    },
    close: () => db.destroy(),
  }
}
