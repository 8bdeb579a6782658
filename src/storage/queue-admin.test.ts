import { describe, expect, test } from 'vitest'
import { claim, claimOne, hourMs, minuteMs, openStore, putItem, type Store, takeLane } from '../../test/support/store.ts'
import type { Lane } from '../ports/lane.ts'
import { createQueue, listQueue, retryItems, settleItem, skipItems, summariseQueue } from './queue.ts'

/** Puts an item, runs it and fails it. */
async function failItem(store: Store, lane: Lane, entityKey: string, recoverable = true, attempts = 6): Promise<void> {
  await putItem(store, { entityKey })
  await failAgain(store, lane, recoverable, attempts)
}
async function failAgain(store: Store, lane: Lane, recoverable = true, attempts = 7): Promise<void> {
  const item = await claimOne(store, lane)
  await store.write((tx) => settleItem(tx, item, { kind: 'failed', reason: 'no answer', attempts, recoverable }, store.now()))
}
const statuses = async (store: Store) =>
  Object.fromEntries((await listQueue(store.database, {}, 100)).map(({ entityKey, status }) => [entityKey, status]))

describe('a person', () => {
  test('sees failed items with their reason, by connection, status, type and id', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await failItem(store, lane, 'order:1')
    await putItem(store, { entityKey: 'order:2' })
    await putItem(store, { type: 'contact', entityKey: 'buyer:1' })
    const found = await listQueue(store.database, { connection: store.connection, status: 'failed', type: 'order' }, 10)
    expect(found).toMatchObject([{ entityKey: 'order:1', lastError: 'no answer', attempts: 6, updatedAt: new Date(store.now()) }])
    expect(await listQueue(store.database, { ids: found.map(({ id }) => id) }, 10)).toEqual(found)
    expect(await listQueue(store.database, { ids: [] }, 10)).toEqual([])
    expect(await listQueue(store.database, {}, 2)).toHaveLength(2)
    expect(await listQueue(store.database, { type: 'status' }, 10)).toEqual([])
  })

  test('retries all that failed: at once, with new attempts', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await failItem(store, lane, 'order:1')
    await failItem(store, lane, 'order:2', false)
    expect(await store.write((tx) => retryItems(tx, {}, store.now()))).toBe(2)
    expect((await claim(store, lane)).map(({ attempts }) => attempts)).toEqual([0, 0])
    expect(await store.write((tx) => retryItems(tx, {}, store.now()))).toBe(0)
  })

  test('skips all that failed: kept as done, with the reason', async () => {
    await using store = await openStore()
    await failItem(store, await takeLane(store), 'order:1')
    await putItem(store, { entityKey: 'order:2' })
    expect(await store.write((tx) => skipItems(tx, {}, store.now()))).toBe(1)
    expect(await listQueue(store.database, { status: 'done' }, 10)).toMatchObject([{ entityKey: 'order:1', lastError: 'no answer' }])
    expect(await statuses(store)).toEqual({ 'order:1': 'done', 'order:2': 'pending' })
  })

  test('names one item, waiting or failed, and touches nothing else; a running one is left alone', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await failItem(store, lane, 'order:1')
    await putItem(store, { entityKey: 'order:2' })
    const running = await claimOne(store, lane)
    await putItem(store, { entityKey: 'order:3' })
    await putItem(store, { entityKey: 'order:4' })
    const named = (await listQueue(store.database, {}, 10)).filter(({ entityKey }) => ['order:2', 'order:3'].includes(entityKey))
    expect(await store.write((tx) => skipItems(tx, { ids: named.map(({ id }) => id) }, store.now()))).toBe(1)
    expect(await store.write((tx) => skipItems(tx, { ids: [] }, store.now()))).toBe(0)
    expect(running.entityKey).toBe('order:2')
    expect(await statuses(store)).toEqual({ 'order:1': 'failed', 'order:2': 'running', 'order:3': 'done', 'order:4': 'pending' })
  })

  test.each([{ filter: { status: 'pending' } }, { filter: { type: 'contact' } }])(
    'a filter that fits nothing changes nothing: $filter',
    async ({ filter }) => {
      await using store = await openStore()
      await failItem(store, await takeLane(store), 'order:1')
      expect(await store.write((tx) => retryItems(tx, filter, store.now()))).toBe(0)
      expect(await statuses(store)).toEqual({ 'order:1': 'failed' })
    },
  )

  test('sees how many wait and for how long', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await failItem(store, lane, 'order:1')
    store.pass(minuteMs)
    await putItem(store, { entityKey: 'order:2' })
    await claimOne(store, lane)
    store.pass(minuteMs)
    for (const entityKey of ['order:3', 'order:4']) await putItem(store, { entityKey })
    store.pass(minuteMs)
    expect(await summariseQueue(store.database, store.connection, store.now())).toEqual({
      pending: 2,
      running: 1,
      failed: 1,
      lagMs: 2 * minuteMs,
    })
  })
})

describe('what failed for a reason that may pass', () => {
  test('is tried again when the account recovers; what failed for its content waits for a person', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await failItem(store, lane, 'order:1', false, 1)
    await failItem(store, lane, 'order:2')
    expect(await createQueue(store.database).reviveAfterRecovery(lane)).toBe(1)
    expect(await claimOne(store, lane)).toMatchObject({ entityKey: 'order:2', attempts: 6 })
  })

  test('of another account stays', async () => {
    await using store = await openStore()
    await failItem(store, await takeLane(store), 'order:1')
    const second = await store.addAccount('second')
    const queue = createQueue(store.database)
    expect(await queue.reviveAfterRecovery(await takeLane(store, 'us', 30_000, second))).toBe(0)
    expect(await statuses(store)).toEqual({ 'order:1': 'failed' })
  })

  test('is tried again an hour after its last try, each hour, for 72 hours', async () => {
    await using store = await openStore()
    const queue = createQueue(store.database)
    const lane = await takeLane(store)
    await failItem(store, lane, 'order:1')
    let tries = 0
    for (let minute = 0; minute < 100 * 60; minute += 30) {
      store.pass(30 * minuteMs)
      if ((await queue.reviveHourly(lane)) === 0) continue
      tries += 1
      await failAgain(store, lane, true, 6 + tries)
    }
    expect(tries).toBe(71)
    expect(await statuses(store)).toEqual({ 'order:1': 'failed' })
    // A recovery is news, however long ago it failed.
    expect(await queue.reviveAfterRecovery(lane)).toBe(1)
  })

  test.each([
    { word: 'a person retried it', begin: (store: Store) => store.write((tx) => retryItems(tx, {}, store.now())) },
    { word: 'its content changed', begin: (store: Store) => putItem(store) },
  ])('has its 72 hours anew after $word', async ({ begin }) => {
    await using store = await openStore()
    const queue = createQueue(store.database)
    const lane = await takeLane(store)
    await failItem(store, lane, 'order:1')
    store.pass(80 * hourMs)
    expect(await queue.reviveHourly(lane)).toBe(0)
    await begin(store)
    await failAgain(store, lane)
    store.pass(hourMs)
    expect(await queue.reviveHourly(lane)).toBe(1)
  })
})
