import { describe, expect, test } from 'vitest'
import { aPair, hourMs, openStore, type Store, takeLane } from '../../test/support/store.ts'
import { contactId, dealId } from '../core/ids.ts'
import { LaneLostError } from '../ports/lane.ts'
import type { NewIntent } from '../ports/push-store.ts'
import { findPair, listPairs, PairTakenError } from './deal-pairs.ts'
import { listIncidents } from './incidents.ts'
import { createPushStore } from './push-store.ts'
import { listTimeline } from './timeline.ts'

function anIntent(store: Store, change: Partial<NewIntent> = {}): NewIntent {
  return {
    connection: store.connection,
    kind: 'deal',
    key: 'bx-abcdef-1',
    entityKey: 'order:1',
    floor: 10,
    limitMs: 20_000,
    sent: null,
    ...change,
  }
}
const openIntents = (store: Store, entityKeys = ['order:1']) => createPushStore(store.database).listOpenIntents(store.account, entityKeys)

describe('an intent', () => {
  test('is committed with the time of sending before anything can be sent', async () => {
    await using store = await openStore()
    const { basis, rule, sent } = aPair(store)
    const begun = await createPushStore(store.database).beginIntents(await takeLane(store), [
      anIntent(store, { sent: { basis, rule, sent } }),
    ])
    expect(begun).toMatchObject([
      { key: 'bx-abcdef-1', floor: 10, sentAtMs: store.now(), limitMs: 20_000, firstAbsentAtMs: null, sent: { basis, rule, sent } },
    ])
    expect(await openIntents(store)).toEqual(begun)
  })

  test('is listed as unresolved until it has an answer, whoever holds the lane by then', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const [intent] = await push.beginIntents(await takeLane(store, 'first'), [anIntent(store)])
    store.pass(hourMs)
    const lane = await takeLane(store, 'second')
    expect(await openIntents(store)).toEqual([intent])
    expect(await openIntents(store, ['order:2'])).toEqual([])
    expect(await openIntents(store, [])).toEqual([])
    await push.save(lane, { closeIntents: [{ id: intent?.id ?? '', state: 'done', crmId: 100 }] })
    expect(await openIntents(store)).toEqual([])
  })

  test('that is sent again keeps its floor and begins its waiting anew', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    const [first] = await push.beginIntents(lane, [anIntent(store)])
    const id = first?.id ?? ''
    await push.save(lane, { absentOnce: [{ id, atMs: store.now() }] })
    store.pass(5_000)
    expect(await push.beginIntents(lane, [anIntent(store, { floor: 50 })])).toMatchObject([
      { id, floor: 10, sentAtMs: store.now(), firstAbsentAtMs: null },
    ])
    expect(await openIntents(store)).toHaveLength(1)
  })

  test('remembers the first of two readings that did not find it', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    const [intent] = await push.beginIntents(lane, [anIntent(store)])
    for (const atMs of [1_000, 2_000]) await push.save(lane, { absentOnce: [{ id: intent?.id ?? '', atMs }] })
    expect(await openIntents(store)).toMatchObject([{ firstAbsentAtMs: 1_000 }])
  })

  test('is resolved once: a later word changes nothing', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    const [intent] = await push.beginIntents(lane, [anIntent(store)])
    await push.save(lane, { closeIntents: [{ id: intent?.id ?? '', state: 'done', crmId: 100 }] })
    const before = await store.database.read.selectFrom('intents').selectAll().execute()
    store.pass(1_000)
    await push.save(lane, { closeIntents: [{ id: intent?.id ?? '', state: 'absent', crmId: null }] })
    expect(await store.database.read.selectFrom('intents').selectAll().execute()).toEqual(before)
    expect(before).toMatchObject([{ state: 'done', crm_id: 100 }])
  })

  test('after a resolved one of the same key is a new one', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    const [first] = await push.beginIntents(lane, [anIntent(store)])
    await push.save(lane, { closeIntents: [{ id: first?.id ?? '', state: 'absent', crmId: null }] })
    const [second] = await push.beginIntents(lane, [anIntent(store, { floor: 50 })])
    expect(second).toMatchObject({ floor: 50 })
    expect(second?.id).not.toBe(first?.id)
  })

  test('cannot be begun by a holder whose lane was taken over', async () => {
    await using store = await openStore()
    const frozen = await takeLane(store, 'frozen', 1_000)
    store.pass(1_000)
    await takeLane(store, 'next')
    await expect(createPushStore(store.database).beginIntents(frozen, [anIntent(store)])).rejects.toThrow(LaneLostError)
    expect(await openIntents(store)).toEqual([])
  })
})

describe('a pair', () => {
  test('comes back as it was put, and takes what was sent later', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    const pair = aPair(store, { contactId: contactId(7), rule: 2 })
    await push.save(lane, { pairs: [pair] })
    expect(await findPair(store.database, store.connection, 'order:1')).toEqual(pair)
    const later = { ...pair, sent: { ...pair.sent, price: 200 }, state: 'detached' as const }
    await push.save(lane, { pairs: [later] })
    expect(await listPairs(store.database, store.connection, ['order:1', 'order:2'])).toEqual([later])
    expect(await listPairs(store.database, store.connection, [])).toEqual([])
  })

  test('is the only one of its order: another deal is refused', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    await push.save(lane, { pairs: [aPair(store)] })
    await expect(push.save(lane, { pairs: [aPair(store, { dealId: dealId(101) })] })).rejects.toThrow(PairTakenError)
    expect(await findPair(store.database, store.connection, 'order:1')).toEqual(aPair(store))
  })

  test('is the only one of its deal: another order is refused', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    await push.save(lane, { pairs: [aPair(store)] })
    await expect(push.save(lane, { pairs: [aPair(store, { entityKey: 'order:2' })] })).rejects.toThrow()
    expect(await listPairs(store.database, store.connection, ['order:1', 'order:2'])).toEqual([aPair(store)])
  })

  test('of two orders that claim one deal at once one is left', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    const claims = ['order:1', 'order:2', 'order:3'].map((entityKey) => push.save(lane, { pairs: [aPair(store, { entityKey })] }))
    const results = await Promise.allSettled(claims)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('of another account may have a deal of the same number', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const second = await store.addAccount('second')
    const connection = await store.addConnection('shop-2', second, 'on')
    await push.save(await takeLane(store), { pairs: [aPair(store)] })
    await push.save(await takeLane(store, 'us', 30_000, second), { pairs: [aPair(store, { connection })] })
    expect(await findPair(store.database, connection, 'order:1')).toMatchObject({ dealId: 100 })
  })
})

describe('one step of a run', () => {
  test('is kept whole', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const { connection } = store
    await push.save(await takeLane(store), {
      pairs: [aPair(store)],
      marks: { 'highest-deal': 100 },
      timeline: [{ connection, entityKey: 'order:1', step: 'deal-created', params: { deal: 100 } }],
      incidents: [{ connection, code: 'deal-gone', entity: 'order:1', params: {} }],
    })
    expect(await push.getMarks(store.account)).toEqual({ 'highest-deal': 100 })
    expect(await listTimeline(store.database, connection, 'order:1')).toEqual([
      { at: new Date(store.now()), step: 'deal-created', params: { deal: 100 } },
    ])
    expect(await listIncidents(store.database, { closedToo: false, limit: 5 })).toMatchObject([{ code: 'deal-gone', count: 1 }])
  })

  test('is not kept at all when a part of it is refused', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    await push.save(lane, { pairs: [aPair(store)] })
    const [intent] = await push.beginIntents(lane, [anIntent(store, { key: 'bx-abcdef-2', entityKey: 'order:2' })])
    const saving = push.save(lane, {
      pairs: [aPair(store, { entityKey: 'order:3', dealId: dealId(103) }), aPair(store, { entityKey: 'order:2' })],
      closeIntents: [{ id: intent?.id ?? '', state: 'done', crmId: 100 }],
      marks: { 'highest-deal': 103 },
    })
    await expect(saving).rejects.toThrow()
    expect(await listPairs(store.database, store.connection, ['order:1', 'order:2', 'order:3'])).toHaveLength(1)
    expect(await openIntents(store, ['order:2'])).toHaveLength(1)
    expect(await push.getMarks(store.account)).toEqual({})
  })

  test('raises a mark and never lowers it', async () => {
    await using store = await openStore()
    const push = createPushStore(store.database)
    const lane = await takeLane(store)
    for (const value of [5, 9, 7]) await push.save(lane, { marks: { 'highest-deal': value } })
    expect(await push.getMarks(store.account)).toEqual({ 'highest-deal': 9 })
  })
})
