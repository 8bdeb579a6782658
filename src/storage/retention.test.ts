import { describe, expect, test } from 'vitest'
import { aPair, claim, dayMs, minuteMs, openStore, putItem, type Store, takeLane } from '../../test/support/store.ts'
import { createPushStore } from './push-store.ts'
import { settleItem } from './queue.ts'
import { createRetention } from './retention.ts'
import type { Tables } from './schema.ts'
import { listTimeline } from './timeline.ts'

const options = { keptDays: 30, rowsPerBatch: 10 }
const never = new AbortController().signal
const sweep = (store: Store, signal = never) => createRetention(store.database, options).sweep(signal)
const count = async (store: Store, table: keyof Tables) => (await store.database.read.selectFrom(table).selectAll().execute()).length

async function putDone(store: Store, howMany: number): Promise<void> {
  const lane = await takeLane(store)
  for (let item = 0; item < howMany; item += 1) await putItem(store, { entityKey: `order:${item}`, payload: { phone: '+79990001122' } })
  for (const item of await claim(store, lane)) await store.write((tx) => settleItem(tx, item, { kind: 'done' }, store.now()))
}

describe('a sweep', () => {
  test('forgets done items with their bodies after 30 days, not a moment earlier', async () => {
    await using store = await openStore()
    await putDone(store, 3)
    store.pass(30 * dayMs)
    expect(await sweep(store)).toMatchObject({ amocrm_queue: 0 })
    store.pass(1)
    expect(await sweep(store)).toMatchObject({ amocrm_queue: 3 })
    expect(await count(store, 'amocrm_queue')).toBe(0)
  })

  test('keeps what waits, runs or failed, however old', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    for (const entityKey of ['order:1', 'order:2']) await putItem(store, { entityKey })
    const [failing] = await claim(store, lane)
    if (failing === undefined) throw new Error('nothing was due')
    const failure = { kind: 'failed', reason: '', attempts: 1, recoverable: false } as const
    await store.write((tx) => settleItem(tx, failing, failure, store.now()))
    await putItem(store, { entityKey: 'order:3' })
    store.pass(400 * dayMs)
    await sweep(store)
    expect(await count(store, 'amocrm_queue')).toBe(3)
  })

  test('takes a backlog in batches, and all of it', async () => {
    await using store = await openStore()
    await putDone(store, 35)
    store.pass(31 * dayMs)
    const sizes: number[] = []
    const { database } = store
    const counting = {
      ...database,
      write: async <T>(work: Parameters<typeof database.write<T>>[0]) => {
        const before = await count(store, 'amocrm_queue')
        const result = await database.write(work)
        sizes.push(before - (await count(store, 'amocrm_queue')))
        return result
      },
    }
    expect(await createRetention(counting, options).sweep(never)).toMatchObject({ amocrm_queue: 35 })
    expect(sizes.filter((size) => size > 0)).toEqual([10, 10, 10, 5])
  })

  test('ends between two batches when the service stops', async () => {
    await using store = await openStore()
    await putDone(store, 5)
    store.pass(31 * dayMs)
    expect(await sweep(store, AbortSignal.abort())).toEqual({})
    expect(await count(store, 'amocrm_queue')).toBe(5)
  })

  test('of two replicas at once forgets each row once', async () => {
    await using store = await openStore()
    await putDone(store, 35)
    store.pass(31 * dayMs)
    const swept = await Promise.all([sweep(store), sweep(store)])
    expect(swept.reduce((sum, { amocrm_queue = 0 }) => sum + amocrm_queue, 0)).toBe(35)
    expect(await count(store, 'amocrm_queue')).toBe(0)
  })

  test('forgets closed intents and ended commands after 30 days; open ones, pairs and the timeline stay', async () => {
    await using store = await openStore()
    const { connection } = store
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    const intent = { connection, kind: 'deal', entityKey: 'order:1', floor: 1, limitMs: 20_000, sent: null } as const
    const [closed] = await push.beginIntents(lane, [
      { ...intent, key: 'bx-abcdef-1' },
      { ...intent, key: 'bx-abcdef-2' },
    ])
    const command = { connection, type: 'order.set_deal', data: { dealId: 1 } } as const
    await push.save(lane, {
      pairs: [aPair(store)],
      closeIntents: [{ id: closed?.id ?? '', state: 'done', crmId: 100 }],
      commands: [
        { ...command, orderId: '1' },
        { ...command, orderId: '2' },
      ],
      timeline: [{ connection, entityKey: 'order:1', step: 'deal-created', params: { deal: 100 } }],
    })
    await store.write((tx) => tx.updateTable('commands').set({ status: 'done' }).where('order_id', '=', '1').execute())
    store.pass(30 * dayMs + 1)
    expect(await sweep(store)).toMatchObject({ intents: 1, commands: 1 })
    expect(await push.listOpenIntents(store.account, ['order:1'])).toMatchObject([{ key: 'bx-abcdef-2' }])
    expect(await count(store, 'commands')).toBe(1)
    expect(await count(store, 'deal_pairs')).toBe(1)
    expect(await listTimeline(store.database, connection, 'order:1')).toHaveLength(1)
  })

  test.each([
    { table: 'bridge_attempts', keptMs: 10 * minuteMs },
    { table: 'accepted_events', keptMs: 30 * dayMs },
    { table: 'pairing_tries', keptMs: dayMs },
    { table: 'pairing_codes', keptMs: dayMs },
  ] as const)('forgets $table when nobody can need them any more', async ({ table, keptMs }) => {
    await using store = await openStore()
    const { connection } = store
    const atMs = store.now()
    await store.write(async (tx) => {
      for (let row = 0; row < 12; row += 1) {
        await tx
          .insertInto('bridge_attempts')
          .values({ connection, webhook_id: `${row}`, at: atMs })
          .execute()
        await tx
          .insertInto('accepted_events')
          .values({ connection, event_id: `${row}`, at: atMs })
          .execute()
        await tx
          .insertInto('pairing_tries')
          .values({ id: `${row}`, address: '192.0.2.1', at: atMs })
          .execute()
        await tx
          .insertInto('pairing_codes')
          .values({ code_hash: `${row}`, connection, expires_at: atMs, used_at: null })
          .execute()
      }
    })
    store.pass(keptMs)
    expect(await sweep(store)).toMatchObject({ [table]: 0 })
    store.pass(1)
    expect(await sweep(store)).toMatchObject({ [table]: 12 })
    expect(await count(store, table)).toBe(0)
  })
})
