import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Database } from './database.ts'
import * as start from './migrations/0001-start.ts'

/** In order, forward only, never edited once released. */
const migrations = { '0001-start': { up: start.up } }

export class MigrationError extends Error {
  override name = 'MigrationError'
}

/** Brings the schema up to date under Kysely's lock; two processes starting at once do it once. Throws MigrationError, and nothing may start then. */
export async function migrate(database: Database, schema?: string): Promise<void> {
  const migrator = new Migrator({
    db: database.migrations,
    provider: { getMigrations: async () => migrations },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failed = results?.find((result) => result.status === 'Error')
  throw new MigrationError(`database migration ${failed?.migrationName ?? ''} failed: ${String(error)}`, { cause: error })
}

/** Throws while the database cannot be asked, or was not brought up to date by this version. */
export async function checkSchema(database: Database): Promise<void> {
  const wanted = Object.keys(migrations).length
  const { rows } = await sql<{ done: number }>`select count(*) as done from kysely_migration`.execute(database.read)
  if (Number(rows[0]?.done ?? 0) < wanted) throw new MigrationError('the database schema is older than this version')
}
