import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outcome } from './gate.ts'
import { createLimiter } from './limiter.ts'
import { createMovableClock } from './movable-clock.ts'
import { createMemoryLog, type SlidingLog } from './sliding-log.ts'

const classes = ['live', 'repair', 'fill'] as const
type Class = (typeof classes)[number]
const never = () => new AbortController().signal
const limited = (namedMs?: number): Outcome => ({ kind: 'rate-limited', namedMs })

function aLimiter({ perSecond = 6, log }: { perSecond?: number; log?: SlidingLog } = {}) {
  const clock = createMovableClock()
  const gate = createLimiter<Class>({
    classes,
    patient: new Set(['fill']),
    perSecond: () => perSecond,
    log: log ?? createMemoryLog(clock),
    clock,
    random: () => 0,
  })
  const granted: { name: string; atMs: number }[] = []
  const startMs = clock.now()
  const enter = async (requestClass: Class, name: string = requestClass, signal = never()) => {
    const pass = await gate.enter(requestClass, signal)
    granted.push({ name, atMs: clock.now() - startMs })
    return pass
  }
  return { clock, gate, enter, granted }
}

describe('the pace', () => {
  test('no rolling second holds more requests than allowed, and everybody gets through', async () => {
    const arrivals = fc.array(fc.record({ afterMs: fc.nat(400), requestClass: fc.constantFrom(...classes) }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 9 }), async (requests, perSecond) => {
        const { clock, enter, granted } = aLimiter({ perSecond })
        const passes: Promise<unknown>[] = []
        for (const { afterMs, requestClass } of requests) {
          await clock.advance(afterMs)
          passes.push(enter(requestClass))
        }
        await clock.advance(1_020 * (requests.length + 1))
        await Promise.all(passes)
        for (const [index, { atMs }] of granted.entries()) {
          const later = granted[index + perSecond]
          if (later !== undefined) expect(later.atMs - atMs).toBeGreaterThanOrEqual(1_000)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('patient requests leave a third of the rate: one in a hurry never waits for them', async () => {
    const { clock, enter, granted } = aLimiter({ perSecond: 6 })
    const fills = Array.from({ length: 40 }, (_, index) => enter('fill', `fill ${index}`))
    await clock.advance(2_500)
    const before = granted.length
    expect(before).toBeGreaterThanOrEqual(8)
    const hurried = enter('live', 'hurried')
    await clock.advance(0)
    await hurried
    expect(granted.at(-1)?.name).toBe('hurried')
    await clock.advance(20_000)
    await Promise.all(fills)
    for (const [index, { atMs }] of granted.entries()) {
      const later = granted[index + 6]
      if (later !== undefined) expect(later.atMs - atMs).toBeGreaterThanOrEqual(1_000)
    }
  })

  test('the first of a class comes first', async () => {
    const { clock, enter, granted } = aLimiter({ perSecond: 1 })
    const names = ['a', 'b', 'c', 'd']
    const all = names.map((name) => enter('repair', name))
    await clock.advance(10_000)
    await Promise.all(all)
    expect(granted.map(({ name }) => name)).toEqual(names)
  })

  test('who comes later in a higher class overtakes', async () => {
    const { clock, enter, granted } = aLimiter({ perSecond: 1 })
    const all = [enter('fill', 'first'), enter('fill', 'slow'), enter('live', 'fast')]
    await clock.advance(10_000)
    await Promise.all(all)
    expect(granted.map(({ name }) => name)).toEqual(['fast', 'first', 'slow'])
  })

  test('a lower class gets one slot in ten while higher work never ends', async () => {
    const { clock, enter, granted } = aLimiter({ perSecond: 5 })
    const all = [...Array(100)].flatMap(() => [enter('live'), enter('fill')])
    await clock.advance(11_000)
    const firstFifty = granted.slice(0, 50).map(({ name }) => name)
    expect(firstFifty.filter((name) => name === 'fill')).toHaveLength(5)
    await clock.advance(60_000)
    await Promise.all(all)
  })
})

describe('giving up', () => {
  test('whoever is aborted leaves at once, whatever holds the others up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async (leaves) => {
        const clock = createMovableClock()
        const log = createMemoryLog(clock)
        await log.holdFor(5_000)
        const gate = createLimiter<Class>({ classes, perSecond: () => 50, log, clock, random: () => 0 })
        const waits = leaves.map((leave) => {
          const stop = new AbortController()
          return { leave, stop, entered: gate.enter('live', stop.signal).then(() => 'in', String) }
        })
        for (const { leave, stop } of waits) if (leave) stop.abort('gone')
        const outOfTime = await Promise.all(waits.filter(({ leave }) => leave).map(({ entered }) => entered))
        expect(outOfTime.every((end) => end === 'gone')).toBe(true)
        await clock.advance(6_000)
        const atLast = await Promise.all(waits.filter(({ leave }) => !leave).map(({ entered }) => entered))
        expect(atLast.every((end) => end === 'in')).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('a signal that is aborted already never enters', async () => {
    await expect(aLimiter().gate.enter('live', AbortSignal.abort('late'))).rejects.toBe('late')
  })

  test('nothing sleeps on when nobody waits', async () => {
    const { clock, gate } = aLimiter({ perSecond: 1 })
    await gate.enter('live', never())
    const stop = new AbortController()
    const waiting = gate.enter('live', stop.signal)
    await clock.advance(0)
    expect(clock.sleepers()).toBe(1)
    stop.abort('gone')
    await expect(waiting).rejects.toBe('gone')
    expect(clock.sleepers()).toBe(0)
  })

  test('a log that fails fails those who wait, and the gate lives on', async () => {
    const clock = createMovableClock()
    const good = createMemoryLog(clock)
    let broken = true
    const log: SlidingLog = { take: (n) => (broken ? Promise.reject(new Error('database is down')) : good.take(n)), holdFor: good.holdFor }
    const gate = createLimiter<Class>({ classes, perSecond: () => 6, log, clock, random: () => 0 })
    await expect(gate.enter('live', never())).rejects.toThrow('database is down')
    broken = false
    await expect(gate.enter('live', never())).resolves.toBeDefined()
  })
})

describe('after a 429', () => {
  test('the whole gate obeys the wait that was named', async () => {
    const { clock, enter, granted } = aLimiter()
    const pass = await enter('live')
    await pass.settle(limited(30_000))
    const next = enter('live', 'next')
    await clock.advance(29_999)
    expect(granted).toHaveLength(1)
    await clock.advance(10)
    await next
    expect(granted[1]?.atMs).toBeGreaterThanOrEqual(30_000)
  })

  test('each further one in a row waits longer', async () => {
    const { clock, enter, granted } = aLimiter()
    for (let strike = 1; strike <= 7; strike += 1) {
      const next = enter('live')
      await clock.advance(10 * 60_000)
      await (await next).settle(limited())
    }
    const last = enter('live', 'last')
    await clock.advance(4 * 60_000 - 1)
    expect(granted).toHaveLength(7)
    await clock.advance(1)
    await last
  })

  test('an answer in between starts the count anew', async () => {
    const { clock, enter } = aLimiter()
    for (const outcome of [limited(), limited(), limited(), { kind: 'answered' } as const, limited()]) {
      const next = enter('live')
      await clock.advance(60_000)
      await (await next).settle(outcome)
    }
    let entered = false
    void enter('live').then(() => {
      entered = true
    })
    await clock.advance(999)
    expect(entered).toBe(false)
    await clock.advance(1)
    expect(entered).toBe(true)
  })

  test('several requests that met the same 429 are one strike', async () => {
    const { clock, enter, granted } = aLimiter()
    const passes = await Promise.all([enter('live'), enter('live'), enter('live')])
    for (const pass of passes) await pass.settle(limited())
    const next = enter('live', 'next')
    await clock.advance(1_100)
    await next
    expect(granted.at(-1)).toEqual({ name: 'next', atMs: 1_000 })
  })

  test('it goes slower for a while and recovers', async () => {
    const { clock, enter, granted } = aLimiter({ perSecond: 6 })
    const pass = await enter('live')
    await pass.settle(limited())
    const inOneSecond = async () => {
      const stop = new AbortController()
      const before = granted.length
      const all = [...Array(10)].map(() => enter('live', 'x', stop.signal).catch(() => undefined))
      await clock.advance(1_000)
      stop.abort()
      await Promise.all(all)
      return granted.length - before
    }
    await clock.advance(2_000)
    expect(await inOneSecond()).toBe(4)
    await clock.advance(60_000)
    expect(await inOneSecond()).toBe(6)
  })
})
