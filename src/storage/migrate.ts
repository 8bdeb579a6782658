import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Database } from './database.ts'
import * as start from './migrations/0001-start.ts'
import * as failedAt from './migrations/0002-failed-at.ts'
import * as notices from './migrations/0003-notices.ts'
import * as doubt from './migrations/0004-doubt.ts'
import * as surnames from './migrations/0005-surnames.ts'
import type { Tables } from './schema.ts'

/** In order, forward only, never edited once released. */
const migrations = {
  '0001-start': { up: start.up },
  '0002-failed-at': { up: failedAt.up },
  '0003-notices': { up: notices.up },
  '0004-doubt': { up: doubt.up },
  '0005-surnames': { up: surnames.up },
}

export class MigrationError extends Error {
  override name = 'MigrationError'
}

/** Brings the schema up to date; two processes starting at once do it once, and a step that fails leaves nothing behind. Throws MigrationError, and nothing may start then. */
export async function migrate(database: Database, schema?: string): Promise<void> {
  try {
    // Kysely locks and takes back on PostgreSQL only. On SQLite the one write transaction does both.
    if (database.dialect === 'postgres') await migrateToLatest(database.migrations, schema)
    else await database.write((tx) => migrateToLatest(tx, schema))
  } catch (error) {
    if (error instanceof MigrationError) throw error
    throw new MigrationError(`the database could not be brought up to date: ${String(error)}`, { cause: error })
  }
}

async function migrateToLatest(db: Kysely<Tables>, schema: string | undefined): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failed = results?.find((result) => result.status === 'Error')
  if (failed !== undefined)
    throw new MigrationError(`database migration ${failed.migrationName} failed: ${String(error)}`, { cause: error })
  const unknown = (await listDone(db)).filter((name) => !(name in migrations))
  if (unknown.length === 0) throw error
  throw new MigrationError(
    `the database was made by a newer version (it has ${unknown.join(', ')}). Start that version again, or restore the backup made before the update.`,
    { cause: error },
  )
}

/** Throws while the database cannot be asked, or was not brought up to date by this version. */
export async function checkSchema(database: Database): Promise<void> {
  const done = new Set(await listDone(database.read))
  const missing = Object.keys(migrations).filter((name) => !done.has(name))
  if (missing.length > 0) throw new MigrationError(`the database schema is older than this version: it has no ${missing.join(', ')}`)
}

async function listDone(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}
