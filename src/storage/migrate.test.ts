import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { startChild } from '../../test/support/child.ts'
import { openTempDatabase, type TempDatabase } from '../../test/support/temp-database.ts'
import { openTempFolder } from '../../test/support/temp-folder.ts'
import { until } from '../../test/support/until.ts'
import type { Database } from './database.ts'
import { checkSchema, MigrationError, migrate } from './migrate.ts'
import * as start from './migrations/0001-start.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

const postgres = process.env.AMOBRIDGE_TEST_POSTGRES
const child = new URL('../../test/support/children/migrate.ts', import.meta.url)

const listDone = async (database: Database) =>
  (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database.read)).rows.map(({ name }) => name)

/** As the next process does; on PostgreSQL in the schema of this test. */
async function startAgain({ database, file }: TempDatabase): Promise<void> {
  if (file !== undefined) return migrate(database)
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(database.read)
  await migrate(database, rows[0]?.name)
}

const pretend = (database: Database, name: string) =>
  sql`insert into kysely_migration (name, timestamp) values (${name}, '2030-01-01')`.execute(database.migrations)

describe('on both databases', () => {
  test('a second start changes nothing', async () => {
    await using temp = await openTempDatabase()
    await temp.database.write((tx) => tx.insertInto('meta').values({ key: 'kept', value: '1' }).execute())
    const before = await listDone(temp.database)
    await startAgain(temp)
    expect(await listDone(temp.database)).toEqual(before)
    expect(await temp.database.read.selectFrom('meta').selectAll().execute()).toEqual([{ key: 'kept', value: '1' }])
    await checkSchema(temp.database)
  })

  test('a schema that a newer version made is refused, and the message says what to do', async () => {
    await using temp = await openTempDatabase()
    await pretend(temp.database, '9999-from-the-future')
    const starting = startAgain(temp)
    await expect(starting).rejects.toThrow(MigrationError)
    await expect(starting).rejects.toThrow(/newer version.*9999-from-the-future.*Start that version again, or restore the backup/)
  })

  test('an older schema is not ready', async () => {
    await using temp = await openTempDatabase()
    await sql`delete from kysely_migration where name = (select max(name) from kysely_migration)`.execute(temp.database.migrations)
    await expect(checkSchema(temp.database)).rejects.toThrow(MigrationError)
  })
})

describe('on a SQLite file', () => {
  test('four processes that start at once make it once', async () => {
    using folder = openTempFolder()
    const file = folder.path('amobridge.db')
    const codes = await Promise.all(Array.from({ length: 4 }, () => startChild(child, file).ended))
    expect(codes).toEqual([0, 0, 0, 0])
    const database = openSqlite(file, Date.now)
    await checkSchema(database)
    await database.close()
  })

  test('four processes that wait for the same moment make it once', async () => {
    using folder = openTempFolder()
    const file = folder.path('amobridge.db')
    const holder = new DatabaseSync(file)
    holder.exec('pragma journal_mode = wal; begin immediate')
    const children = Array.from({ length: 4 }, () => startChild(child, file))
    await until('four open files', () => children.every((one) => one.output() === 'open\n'))
    holder.exec('rollback')
    holder.close()
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
  })

  test('of the first version is carried on with what it holds', async () => {
    using folder = openTempFolder()
    const database = openSqlite(folder.path('amobridge.db'), Date.now)
    const first = new Migrator({ db: database.migrations, provider: { getMigrations: async () => ({ '0001-start': { up: start.up } }) } })
    await first.migrateToLatest()
    const common = {
      connection: 'c',
      account_id: 'a',
      type: 'order',
      payload: '{}',
      class: 'live-create',
      rank: 0,
      due_at: 1,
      created_at: 1,
    }
    const put = (id: string, status: string) =>
      database.migrations
        .insertInto('amocrm_queue')
        .values({ ...common, id, entity_key: `order:${id}`, status, attempts: 6, recoverable: 1, updated_at: 500 })
        .execute()
    await put('1', 'failed')
    await put('2', 'pending')
    await migrate(database)
    const rows = await database.read.selectFrom('amocrm_queue').select(['id', 'failed_at']).orderBy('id').execute()
    expect(rows).toEqual([
      { id: '1', failed_at: 500 },
      { id: '2', failed_at: null },
    ])
    await database.close()
  })

  test('a migration that fails leaves nothing behind, and names itself', async () => {
    using folder = openTempFolder()
    const file = folder.path('amobridge.db')
    const obstacle = new DatabaseSync(file)
    obstacle.exec('create table timeline (id text)')
    const database = openSqlite(file, Date.now)
    await expect(migrate(database)).rejects.toThrow(/0001-start failed.*timeline/)
    expect(obstacle.prepare("select name from sqlite_master where type = 'table'").all()).toEqual([{ name: 'timeline' }])
    obstacle.exec('drop table timeline')
    await migrate(database)
    await checkSchema(database)
    await database.close()
    obstacle.close()
  })
})

describe.runIf(postgres)('on PostgreSQL', () => {
  test('four processes that start at once make it once', async () => {
    const schema = `test_${randomBytes(8).toString('hex')}`
    const client = new pg.Client({ connectionString: postgres })
    await client.connect()
    await client.query(`create schema ${schema}`)
    const databases = Array.from({ length: 4 }, () => openPostgres(postgres ?? '', { schema }))
    try {
      await Promise.all(databases.map((database) => migrate(database, schema)))
      for (const database of databases) await checkSchema(database)
    } finally {
      await Promise.all(databases.map((database) => database.close()))
      await client.query(`drop schema ${schema} cascade`)
      await client.end()
    }
  })
})
