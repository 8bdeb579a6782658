import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../src/storage/database.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { execute } from './execute.ts'

export interface TempDatabase extends AsyncDisposable {
  database: Database
  /** The SQLite file; undefined on PostgreSQL. */
  file: string | undefined
}

/**
 * An empty, migrated database of one test: a SQLite file in a temporary folder, or a schema of its own where `AMOBRIDGE_TEST_POSTGRES` names a
 * server. `now` is the database's clock; without it PostgreSQL has its own.
 */
export async function openTempDatabase(now: () => number = Date.now): Promise<TempDatabase> {
  const url = process.env.AMOBRIDGE_TEST_POSTGRES
  return url === undefined || url === '' ? openFile(now) : openSchema(url, now)
}

async function openFile(now: () => number): Promise<TempDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'amobridge-'))
  const file = join(folder, 'amobridge.db')
  const database = openSqlite(file, now)
  await migrate(database)
  return {
    database,
    file,
    async [Symbol.asyncDispose]() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openSchema(url: string, now: () => number): Promise<TempDatabase> {
  const schema = `test_${randomBytes(8).toString('hex')}`
  await execute(url, `create schema ${schema}`)
  const database = openPostgres(url, { schema, ...(now === Date.now ? {} : { clock: now }) })
  await migrate(database, schema)
  return {
    database,
    file: undefined,
    async [Symbol.asyncDispose]() {
      await database.close()
      await execute(url, `drop schema ${schema} cascade`)
    },
  }
}
