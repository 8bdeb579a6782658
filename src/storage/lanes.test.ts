import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openStore, takeLane } from '../../test/support/store.ts'
import { LaneLostError } from '../ports/lane.ts'
import { createLanes, loadBreaker, saveBreaker } from './lanes.ts'

const leaseMs = 30_000

describe('a lane', () => {
  test('has one holder until its lease is over, by the database clock', async () => {
    await using store = await openStore()
    const lanes = createLanes(store.database)
    await takeLane(store, 'first', leaseMs)
    store.pass(leaseMs - 1)
    expect(await lanes.take(store.account, 'second', leaseMs)).toBeUndefined()
    store.pass(1)
    expect(await lanes.take(store.account, 'second', leaseMs)).toMatchObject({ owner: 'second' })
  })

  test('is given to one of many who ask at once', async () => {
    await using store = await openStore()
    const lanes = createLanes(store.database)
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((owner) => lanes.take(store.account, owner, leaseMs)))
    expect(answers.filter((lane) => lane !== undefined)).toHaveLength(1)
  })

  test('of another account is another lane', async () => {
    await using store = await openStore()
    await takeLane(store, 'first')
    expect(await takeLane(store, 'second', leaseMs, await store.addAccount('second'))).toMatchObject({ owner: 'second' })
  })

  test('stays with who renews it', async () => {
    await using store = await openStore()
    const lanes = createLanes(store.database)
    const lane = await takeLane(store, 'first', leaseMs)
    for (let times = 0; times < 5; times += 1) {
      store.pass(leaseMs - 1)
      await lanes.renew(lane, leaseMs)
    }
    expect(await lanes.take(store.account, 'second', leaseMs)).toBeUndefined()
  })

  test('that was released is free at once, under a higher fence even for the same owner', async () => {
    await using store = await openStore()
    const lane = await takeLane(store, 'first')
    await createLanes(store.database).release(lane)
    expect((await takeLane(store, 'first')).fence).toBeGreaterThan(lane.fence)
  })

  test('that was taken over cannot be renewed, and is not released by its earlier holder', async () => {
    await using store = await openStore()
    const lanes = createLanes(store.database)
    const old = await takeLane(store, 'old', leaseMs)
    store.pass(leaseMs)
    await takeLane(store, 'new', leaseMs)
    await expect(lanes.renew(old, leaseMs)).rejects.toThrow(LaneLostError)
    await lanes.release(old)
    expect(await lanes.take(store.account, 'third', leaseMs)).toBeUndefined()
  })

  test('has never two living holders, and its fence only grows', async () => {
    await using store = await openStore()
    const lanes = createLanes(store.database)
    const step = fc.record({
      act: fc.constantFrom('take', 'renew', 'release'),
      who: fc.nat(2),
      passMs: fc.constantFrom(0, 1, 10_000, leaseMs),
    })
    let account = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        account += 1
        const id = await store.addAccount(`lane-${account}`)
        const holds = new Map<number, { fence: number; untilMs: number }>()
        let highest = 0
        for (const { act, who, passMs } of steps) {
          store.pass(passMs)
          const held = holds.get(who)
          if (act === 'take') {
            const lane = await lanes.take(id, `owner-${who}`, leaseMs)
            const living = [...holds].filter(([other, { untilMs }]) => other !== who && untilMs > store.now())
            expect(lane === undefined).toBe(living.length > 0)
            if (lane === undefined) continue
            expect(lane.fence).toBeGreaterThanOrEqual(highest)
            expect(lane.fence === highest).toBe(held?.fence === highest && held.untilMs > store.now())
            highest = lane.fence
            holds.set(who, { fence: lane.fence, untilMs: store.now() + leaseMs })
          } else if (held !== undefined) {
            const lane = { accountId: id, owner: `owner-${who}`, fence: held.fence }
            if (act === 'release') {
              await lanes.release(lane)
              holds.delete(who)
            } else if (held.fence === highest) {
              await lanes.renew(lane, leaseMs)
              held.untilMs = store.now() + leaseMs
            } else await expect(lanes.renew(lane, leaseMs)).rejects.toThrow(LaneLostError)
          }
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('the breaker', () => {
  test('is shared and remembered, one for each account', async () => {
    await using store = await openStore()
    const second = await store.addAccount('second')
    expect(await loadBreaker(store.database, store.account)).toBeUndefined()
    await store.write((tx) => saveBreaker(tx, store.account, { state: 'open', untilMs: 5 }))
    await store.write((tx) => saveBreaker(tx, store.account, { state: 'open', untilMs: 7 }))
    expect(await loadBreaker(store.database, store.account)).toEqual({ state: 'open', untilMs: 7 })
    expect(await loadBreaker(store.database, second)).toBeUndefined()
  })

  test('stays when the lane changes hands', async () => {
    await using store = await openStore()
    await store.write((tx) => saveBreaker(tx, store.account, { state: 'open', untilMs: 5 }))
    await createLanes(store.database).release(await takeLane(store, 'first'))
    await takeLane(store, 'second')
    expect(await loadBreaker(store.database, store.account)).toEqual({ state: 'open', untilMs: 5 })
  })
})
