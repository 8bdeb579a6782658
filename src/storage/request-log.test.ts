import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openStore, type Store } from '../../test/support/store.ts'
import { until } from '../../test/support/until.ts'
import { createLanes, createRequestLog } from './lanes.ts'

const log = (store: Store) => createRequestLog(store.database, store.account)

/** The most instants that lie in any window of one second. */
const fullestSecond = (sentMs: number[]) =>
  Math.max(0, ...sentMs.map((from) => sentMs.filter((at) => at >= from && at < from + 1_000).length))

describe('the request log', () => {
  test('grants so many a second, then names a wait after which there is room', async () => {
    await using store = await openStore()
    const { take } = log(store)
    expect([await take(3), await take(3), await take(3)]).toEqual([0, 0, 0])
    const waitMs = await take(3)
    expect(waitMs).toBeGreaterThan(0)
    store.pass(waitMs - 1)
    expect(await take(3)).toBe(1)
    store.pass(1)
    expect([await take(3), await take(3), await take(3)]).toEqual([0, 0, 0])
  })

  test('never lets more than N arrive in any second, whoever asks and however late each arrives', async () => {
    await using store = await openStore()
    let account = 0
    const ask = fc.record({
      passMs: fc.oneof(fc.nat(30), fc.nat(400), fc.constantFrom(999, 1_000, 1_019, 1_020, 1_021)),
      askers: fc.integer({ min: 1, max: 4 }),
      lateMs: fc.nat(20),
      takeOver: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), fc.array(ask, { maxLength: 30 }), async (perSecond, asks) => {
        account += 1
        const id = await store.addAccount(`log-${account}`)
        const arrivedMs: number[] = []
        for (const { passMs, askers, lateMs, takeOver } of asks) {
          store.pass(passMs)
          if (takeOver) await createLanes(store.database).take(id, `owner-${store.now()}`, 0)
          // Each asker has a log of its own: another process, a command beside the service, the same after a restart.
          const answers = await Promise.all(Array.from({ length: askers }, () => createRequestLog(store.database, id).take(perSecond)))
          for (const waitMs of answers) if (waitMs === 0) arrivedMs.push(store.now() + lateMs)
        }
        expect(fullestSecond(arrivedMs)).toBeLessThanOrEqual(perSecond)
      }),
      { numRuns: 60 },
    )
  })

  test('grants the whole rate to who waits as told', async () => {
    await using store = await openStore()
    const { take } = log(store)
    const beganMs = store.now()
    for (let granted = 0; granted < 60; ) {
      const waitMs = await take(6)
      if (waitMs === 0) granted += 1
      else store.pass(waitMs)
    }
    expect(store.now() - beganMs).toBe(9 * 1_020)
  })

  test('a rate that was lowered counts what was sent before', async () => {
    await using store = await openStore()
    for (let sent = 0; sent < 7; sent += 1) await log(store).take(7)
    store.pass(1_019)
    expect(await log(store).take(2)).toBe(1)
  })

  test('a hold stops all, and a shorter one does not shorten it', async () => {
    await using store = await openStore()
    await log(store).holdFor(10_000)
    await log(store).holdFor(1_000)
    expect(await log(store).take(6)).toBe(10_000)
    store.pass(10_000)
    expect(await log(store).take(6)).toBe(0)
  })

  test('a clock that was set back closes the account for a second, not until the clock is there again', async () => {
    await using store = await openStore()
    for (let sent = 0; sent < 3; sent += 1) await log(store).take(3)
    store.pass(-3_600_000)
    const waitMs = await log(store).take(3)
    expect(waitMs).toBeLessThanOrEqual(1_020)
    store.pass(waitMs)
    expect(await log(store).take(3)).toBe(0)
  })
})

describe.runIf(process.env.AMOBRIDGE_TEST_POSTGRES)('on PostgreSQL', () => {
  test('a request that waited for the row counts from when it was granted, not from when it asked', async () => {
    await using store = await openStore()
    const waiting = async () => {
      const { rows } = await sql<{
        waiting: number
      }>`select count(*) as waiting from pg_stat_activity where wait_event_type = 'Lock' and query like '%lanes%' and query like '%for update%' and pid <> pg_backend_pid()`.execute(
        store.database.read,
      )
      return (rows[0]?.waiting ?? 0) > 0
    }
    const { take } = log(store)
    await take(1)
    store.pass(5_000)
    let late: Promise<number> | undefined
    await store.write(async (tx) => {
      await tx.updateTable('lanes').set({ lease_owner: 'busy' }).where('account_id', '=', store.account).execute()
      late = take(1)
      await until('the request to wait for the row', waiting)
      store.pass(5_000)
    })
    expect(await late).toBe(0)
    expect(await take(1)).toBe(1_020)
  })
})
