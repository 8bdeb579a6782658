import { describe, expect, test } from 'vitest'
import { startChild } from '../../test/support/child.ts'
import { openTempDatabase } from '../../test/support/temp-database.ts'
import { openTempFolder } from '../../test/support/temp-folder.ts'
import { until } from '../../test/support/until.ts'
import type { Database, Transaction } from './database.ts'
import { migrate } from './migrate.ts'
import { openSqlite } from './sqlite.ts'

const child = new URL('../../test/support/children/write-until-killed.ts', import.meta.url)

const put = (tx: Transaction, key: string) => tx.insertInto('meta').values({ key, value: '' }).execute()
const listKeys = async (database: Database) =>
  (await database.read.selectFrom('meta').select('key').orderBy('key').execute()).map(({ key }) => key)

describe('a write', () => {
  test('is seen by others when it resolves, and not a moment before its commit', async () => {
    await using temp = await openTempDatabase()
    const { database } = temp
    const inside = await database.write(async (tx) => {
      await put(tx, 'a')
      return listKeys(database)
    })
    expect(inside).toEqual([])
    expect(await listKeys(database)).toEqual(['a'])
  })

  test('that fails takes back all of itself, and nothing of the others that were written with it', async () => {
    await using temp = await openTempDatabase()
    const { database } = temp
    const works = Array.from({ length: 40 }, (_, number) =>
      database.write(async (tx) => {
        const key = String(number).padStart(2, '0')
        await put(tx, key)
        if (number % 4 === 1) throw new Error(`work ${key} fails`)
        // The database's own refusal: the key is there already.
        if (number % 4 === 2) await put(tx, key)
        return number
      }),
    )
    const results = await Promise.allSettled(works)
    expect(results.map(({ status }) => status)).toEqual(
      results.map((_, number) => ([1, 2].includes(number % 4) ? 'rejected' : 'fulfilled')),
    )
    const stayed = results.flatMap((result) => (result.status === 'fulfilled' ? [String(result.value).padStart(2, '0')] : []))
    expect(await listKeys(database)).toEqual(stayed)
  })

  test('sees what earlier ones of the same moment wrote', async () => {
    await using temp = await openTempDatabase()
    const { database } = temp
    await put(database.migrations, 'count')
    const add = () =>
      database.write(async (tx) => {
        const row = await tx
          .updateTable('meta')
          .set((eb) => ({ value: eb('value', '||', 'x') }))
          .returning('value')
          .executeTakeFirstOrThrow()
        return row.value.length
      })
    const lengths = await Promise.all(Array.from({ length: 20 }, add))
    expect(lengths.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  test('that was asked for before closing is still written', async () => {
    using folder = openTempFolder()
    const file = folder.path('amobridge.db')
    const database = openSqlite(file, Date.now)
    await migrate(database)
    const writing = database.write((tx) => put(tx, 'last'))
    await database.close()
    await writing
    const again = openSqlite(file, Date.now)
    expect(await listKeys(again)).toEqual(['last'])
    await again.close()
  })
})

test('kill -9 at any moment keeps every acknowledged row', async () => {
  using folder = openTempFolder()
  const file = folder.path('amobridge.db')
  const first = openSqlite(file, Date.now)
  await migrate(first)
  await first.close()
  for (const enough of [1, 50, 400]) {
    await using writer = startChild(child, file)
    await until(`${enough} acknowledged rows`, () => writer.output().split('\n').length > enough)
    writer.kill()
    expect(await writer.ended).toBeNull()
    // The last line may have been cut by the kill.
    const acknowledged = writer.output().split('\n').slice(0, -1)
    const database = openSqlite(file, Date.now)
    const kept = new Set(await listKeys(database))
    expect(acknowledged.filter((key) => !kept.has(key))).toEqual([])
    expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
    await database.write((tx) => tx.deleteFrom('meta').execute())
    await database.close()
  }
})
