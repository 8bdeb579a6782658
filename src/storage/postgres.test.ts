import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openTempDatabase } from '../../test/support/temp-database.ts'
import { until } from '../../test/support/until.ts'
import type { Database } from './database.ts'

/** Adds an x to two rows, the second only when the other work has the first of its own: without the server's help both wait for ever. */
function createCrossing(database: Database) {
  const arrivals: (() => void)[] = []
  const bothAreIn = new Promise<void>((resolve) => {
    arrivals.push(() => undefined, resolve)
  })
  let runs = 0
  const cross = (first: string, second: string) =>
    database.write(async (tx) => {
      runs += 1
      const touch = (key: string) =>
        tx
          .updateTable('meta')
          .set((eb) => ({ value: eb('value', '||', 'x') }))
          .where('key', '=', key)
          .execute()
      await touch(first)
      arrivals.shift()?.()
      await bothAreIn
      await touch(second)
    })
  return { cross, runs: () => runs }
}

describe.runIf(process.env.AMOBRIDGE_TEST_POSTGRES)('PostgreSQL', () => {
  test('two writes that stop each other are both carried out, one of them again', async () => {
    await using temp = await openTempDatabase()
    const { database } = temp
    for (const key of ['a', 'b']) await database.write((tx) => tx.insertInto('meta').values({ key, value: '' }).execute())
    const { cross, runs } = createCrossing(database)
    await Promise.all([cross('a', 'b'), cross('b', 'a')])
    expect(runs()).toBe(3)
    expect(await database.read.selectFrom('meta').select('value').execute()).toEqual([{ value: 'xx' }, { value: 'xx' }])
  })

  test('an error that another run cannot help is told at once', async () => {
    await using temp = await openTempDatabase()
    let runs = 0
    const writing = temp.database.write(async (tx) => {
      runs += 1
      for (const value of ['1', '2']) await tx.insertInto('meta').values({ key: 'a', value }).execute()
    })
    await expect(writing).rejects.toThrow(/duplicate key/)
    expect(runs).toBe(1)
  })

  test('goes on after the server cut its connections', async () => {
    await using temp = await openTempDatabase()
    const { read } = temp.database
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(read)
    const client = new pg.Client({ connectionString: process.env.AMOBRIDGE_TEST_POSTGRES })
    await client.connect()
    await client.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await client.end()
    await until('a new connection', async () => (await temp.database.now(read).catch(() => 0)) > 0)
  })

  test('lets nobody who is frozen inside a transaction hold a row for long', async () => {
    await using temp = await openTempDatabase()
    const { rows } = await sql<{ timeout: string }>`select current_setting('idle_in_transaction_session_timeout') as timeout`.execute(
      temp.database.read,
    )
    expect(rows).toEqual([{ timeout: '15s' }])
  })

  test('has a clock of its own, and whole numbers are numbers', async () => {
    await using temp = await openTempDatabase()
    const { database } = temp
    const before = await database.now(database.read)
    expect(before).toBeTypeOf('number')
    expect(await database.now(database.read)).toBeGreaterThanOrEqual(before)
    await database.write((tx) =>
      tx
        .insertInto('account_marks')
        .values({ account_id: 'a', mark: 'm', value: 2 ** 40 })
        .execute(),
    )
    const [row] = await database.read
      .selectFrom('account_marks')
      .select((eb) => ['value', eb.fn.countAll().over().as('rows')])
      .execute()
    expect(row).toEqual({ value: 2 ** 40, rows: 1 })
  })
})
