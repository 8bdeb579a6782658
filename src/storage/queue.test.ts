import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aPair, claim, claimOne, hourMs, minuteMs, openStore, putItem, type Store, takeLane } from '../../test/support/store.ts'
import { LaneLostError } from '../ports/lane.ts'
import type { Outcome, QueueItem } from '../ports/queue.ts'
import { changeConnection } from './connections.ts'
import { createLanes } from './lanes.ts'
import { createPushStore } from './push-store.ts'
import { createQueue, listQueue, settleItem } from './queue.ts'

const settle = (store: Store, item: QueueItem, outcome: Outcome) => store.write((tx) => settleItem(tx, item, outcome, store.now()))
const later = (store: Store, ms: number, attempts = 1): Outcome => ({ kind: 'later', dueAtMs: store.now() + ms, attempts, reason: 'busy' })
const failed = (attempts: number, recoverable = true): Outcome => ({ kind: 'failed', attempts, recoverable, reason: 'no answer' })
const rows = (store: Store) => listQueue(store.database, {}, 100)
const keys = (items: QueueItem[]) => items.map(({ entityKey }) => entityKey)

describe('putting', () => {
  test('ten saves leave one item, with the newest payload', async () => {
    await using store = await openStore()
    for (let revision = 1; revision <= 10; revision += 1) await putItem(store, { payload: { revision } })
    expect(await rows(store)).toMatchObject([{ status: 'pending', payload: { revision: 10 } }])
  })

  test('ten saves at once leave one item', async () => {
    await using store = await openStore()
    await Promise.all(Array.from({ length: 10 }, () => putItem(store)))
    expect(await rows(store)).toHaveLength(1)
  })

  test('the same key of another type or connection is another entity', async () => {
    await using store = await openStore()
    const connection = await store.addConnection('shop-2', store.account, 'on')
    await putItem(store)
    await putItem(store, { type: 'status' })
    await putItem(store, { connection })
    expect(await rows(store)).toHaveLength(3)
  })

  test.each([
    { before: 'history', news: 'live-create', stays: 'live-create' },
    { before: 'live-create', news: 'history', stays: 'live-create' },
  ] as const)('of $before and $news the more urgent class stays', async ({ before, news, stays }) => {
    await using store = await openStore()
    await putItem(store, { class: before })
    await putItem(store, { class: news })
    await putItem(store, { entityKey: 'order:2', class: 'live-update' })
    const items = await claim(store, await takeLane(store))
    expect(items.map((item) => item.class)).toEqual([stays, 'live-update'])
  })

  test('news do not shorten the wait of an item that was postponed, nor give its attempts back', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store)
    await settle(store, await claimOne(store, lane), later(store, minuteMs, 3))
    await putItem(store, { payload: { revision: 2 } })
    expect(await claim(store, lane)).toEqual([])
    store.pass(minuteMs)
    expect(await claimOne(store, lane)).toMatchObject({ attempts: 3, payload: { revision: 2 } })
  })

  test('news start a failed item anew: its content changed', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store)
    await settle(store, await claimOne(store, lane), failed(6))
    await putItem(store)
    expect(await claimOne(store, lane)).toMatchObject({ attempts: 0 })
  })

  test('news during a run are followed by a run of their own, after it', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store, { payload: { revision: 1 } })
    const first = await claimOne(store, lane)
    await putItem(store, { payload: { revision: 2 } })
    expect(await claim(store, lane)).toEqual([])
    await settle(store, first, { kind: 'done' })
    expect((await claimOne(store, lane)).payload).toEqual({ revision: 2 })
  })

  test('news that come while a run is being settled never stop either', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store)
    for (let round = 0; round < 30; round += 1) {
      const item = await claimOne(store, lane)
      await Promise.all([settle(store, item, later(store, 0)), putItem(store, { payload: { round } })])
      const waiting = (await rows(store)).filter(({ status }) => status !== 'done')
      expect(waiting).toMatchObject([{ status: 'pending', payload: { round } }])
    }
  })
})

describe('claiming', () => {
  test('takes live work first, then what is due longest', async () => {
    await using store = await openStore()
    await putItem(store, { entityKey: 'order:4', class: 'history' })
    store.pass(1_000)
    await putItem(store, { entityKey: 'order:3', class: 'live-update' })
    await putItem(store, { entityKey: 'order:1' })
    store.pass(1_000)
    await putItem(store, { entityKey: 'order:2' })
    const lane = await takeLane(store)
    expect(keys(await claim(store, lane, 1))).toEqual(['order:1'])
    expect(keys(await claim(store, lane))).toEqual(['order:2', 'order:3', 'order:4'])
  })

  test('leaves a postponed item until its moment by the database clock', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store, { dueAtMs: store.now() + 5_000 })
    expect(await createQueue(store.database).nextDueAtMs(store.account)).toBe(store.now() + 5_000)
    store.pass(4_999)
    expect(await claim(store, lane)).toEqual([])
    store.pass(1)
    expect(await claim(store, lane)).toHaveLength(1)
    expect(await createQueue(store.database).nextDueAtMs(store.account)).toBeUndefined()
  })

  test('leaves entities whose persons are in flight, other types and other accounts', async () => {
    await using store = await openStore()
    const second = await store.addAccount('second')
    const connection = await store.addConnection('shop-2', second, 'on')
    for (const entityKey of ['order:1', 'order:2']) await putItem(store, { entityKey })
    await putItem(store, { type: 'contact', entityKey: 'buyer:7' })
    await putItem(store, { connection, accountId: second, entityKey: 'order:3' })
    const queue = createQueue(store.database)
    const found = await queue.claim(await takeLane(store), { types: ['order'], limit: 50, except: new Set(['order:1']) })
    expect(keys(found)).toEqual(['order:2'])
  })

  test.each([
    { mode: 'on', claimed: ['order:1', 'order:2'] },
    { mode: 'setup', claimed: ['order:2'] },
    { mode: 'paused', claimed: [] },
    { mode: 'off', claimed: [] },
  ] as const)('while the connection is $mode takes $claimed', async ({ mode, claimed }) => {
    await using store = await openStore()
    await store.write((tx) => changeConnection(tx, store.seal, store.connection, { mode, proofOrder: '2' }, store.now()))
    for (const entityKey of ['order:1', 'order:2']) await putItem(store, { entityKey })
    expect(keys(await claim(store, await takeLane(store))).toSorted()).toEqual(claimed)
  })

  test('two claims at once never get the same item, and together they get all', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    let order = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
        async (items, limits) => {
          const put = Array.from({ length: items }, () => `order:${++order}`)
          for (const entityKey of put) await putItem(store, { entityKey })
          const claims = await Promise.all(limits.map((limit) => claim(store, lane, limit)))
          const rest = await claim(store, lane)
          const all = [...claims.flat(), ...rest]
          expect(keys(all).toSorted()).toEqual(put.toSorted())
          for (const item of all) await settle(store, item, { kind: 'done' })
        },
      ),
      { numRuns: 25 },
    )
  })

  test('no order is ever in two hands, and the last news of each always run', async () => {
    await using store = await openStore()
    const actions = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.record({ act: fc.constant('put' as const), order: fc.integer({ min: 1, max: 3 }) }) },
        { weight: 3, arbitrary: fc.record({ act: fc.constant('claim' as const), order: fc.constant(0) }) },
        {
          weight: 3,
          arbitrary: fc.record({ act: fc.constantFrom('done' as const, 'later' as const, 'failed' as const), order: fc.nat(5) }),
        },
        { weight: 1, arbitrary: fc.record({ act: fc.constant('crash' as const), order: fc.constant(0) }) },
      ),
      { maxLength: 30 },
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(actions, async (steps) => {
        run += 1
        let lane = await takeLane(store, `worker-${run}`)
        let held: QueueItem[] = []
        const wanted = new Map<string, number>()
        const seen = new Map<string, unknown>()
        const take = async () => {
          const items = await claim(store, lane)
          expect(new Set(keys([...held, ...items])).size).toBe(held.length + items.length)
          for (const item of items) seen.set(item.entityKey, item.payload.step)
          held.push(...items)
        }
        for (const [step, { act, order }] of steps.entries()) {
          if (act === 'put') {
            const entityKey = `order:${run}-${order}`
            wanted.set(entityKey, step)
            await putItem(store, { entityKey, payload: { step } })
          } else if (act === 'claim') await take()
          else if (act === 'crash') {
            store.pass(hourMs)
            lane = await takeLane(store, `worker-${run}-${step}`)
            held = []
          } else {
            const item = held[order % Math.max(1, held.length)]
            if (item === undefined) continue
            held = held.filter((one) => one !== item)
            await settle(store, item, act === 'done' ? { kind: 'done' } : act === 'later' ? later(store, 0) : failed(6))
          }
        }
        for (const item of held) await settle(store, item, { kind: 'done' })
        held = []
        await createQueue(store.database).reviveAfterRecovery(lane)
        await take()
        expect(Object.fromEntries([...wanted.keys()].map((key) => [key, seen.get(key)]))).toEqual(Object.fromEntries(wanted))
        for (const item of held) await settle(store, item, { kind: 'done' })
        await createLanes(store.database).release(lane)
      }),
      { numRuns: 40 },
    )
  })
})

describe('settling', () => {
  test.each([
    { outcome: 'waits without an attempt spent', attempts: 0 },
    { outcome: 'waits with one spent', attempts: 1 },
  ])('$outcome', async ({ attempts }) => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store)
    await settle(store, await claimOne(store, lane), later(store, minuteMs, attempts))
    store.pass(minuteMs)
    expect((await claimOne(store, lane)).attempts).toBe(attempts)
  })

  test('a wait is taken over by news that came during the run', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store)
    const item = await claimOne(store, lane)
    await putItem(store)
    await settle(store, item, later(store, minuteMs, 2))
    expect(await claim(store, lane)).toEqual([])
    store.pass(minuteMs)
    expect(await claimOne(store, lane)).toMatchObject({ attempts: 2 })
  })

  test('after a final failure news start anew, whether they came before or after it', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store)
    const item = await claimOne(store, lane)
    await putItem(store)
    await settle(store, item, failed(6))
    expect(await claimOne(store, lane)).toMatchObject({ attempts: 0 })
  })

  test('an item goes with its connection when that got another account during the run', async () => {
    await using store = await openStore()
    const lane = await takeLane(store)
    await putItem(store)
    const item = await claimOne(store, lane)
    const second = await store.addAccount('second')
    await store.write((tx) => changeConnection(tx, store.seal, store.connection, { accountId: second }, store.now()))
    await settle(store, item, later(store, 0))
    expect(await claim(store, lane)).toEqual([])
    expect(await claim(store, await takeLane(store, 'us', 30_000, second))).toHaveLength(1)
  })
})

describe('a worker that died', () => {
  test('leaves its items to the next one when its lease is over, with their attempts', async () => {
    await using store = await openStore()
    const dead = await takeLane(store, 'dead', 30_000)
    await putItem(store)
    await settle(store, await claimOne(store, dead), later(store, 0, 2))
    await claimOne(store, dead)
    store.pass(29_999)
    expect(await createLanes(store.database).take(store.account, 'next', 30_000)).toBeUndefined()
    store.pass(1)
    expect(await claimOne(store, await takeLane(store, 'next'))).toMatchObject({ attempts: 2 })
  })

  test('and wakes again writes nothing any more: neither a result nor a claim nor a revival', async () => {
    await using store = await openStore()
    const frozen = await takeLane(store, 'frozen', 30_000)
    await putItem(store)
    const item = await claimOne(store, frozen)
    store.pass(30_000)
    const next = await takeLane(store, 'next')
    const push = createPushStore(store.database)
    const saving = push.save(frozen, { pairs: [aPair(store)], settle: [{ item, outcome: { kind: 'done' } }] })
    await expect(saving).rejects.toThrow(LaneLostError)
    await expect(claim(store, frozen)).rejects.toThrow(LaneLostError)
    await expect(createQueue(store.database).reviveAfterRecovery(frozen)).rejects.toThrow(LaneLostError)
    expect(await claim(store, next)).toHaveLength(1)
    expect(await store.database.read.selectFrom('deal_pairs').selectAll().execute()).toEqual([])
  })
})
