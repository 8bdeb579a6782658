import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  admit,
  afterAnswer,
  afterBan,
  afterFailure,
  afterStoppedProbe,
  type BreakerState,
  closedBreaker,
  failuresInARow,
  resume,
} from './breaker.ts'

const minute = 60_000

/** Lets the time run out and sends the probe. */
function probe(breaker: BreakerState): { breaker: BreakerState; nowMs: number } {
  const nowMs = breaker.state === 'open' ? breaker.untilMs : 0
  const admission = admit(breaker, nowMs)
  expect(admission).toMatchObject({ admitted: true, probe: true })
  return { breaker: admission.admitted ? admission.next : breaker, nowMs }
}

describe('a 403 page', () => {
  test('opens for ten minutes, then twice as long after each failed probe, an hour at most', () => {
    const openFor: number[] = []
    let breaker = afterBan(closedBreaker, false, 0)
    for (let round = 0; round < 5; round += 1) {
      openFor.push(breaker.state === 'open' ? breaker.openForMs / minute : 0)
      const sent = probe(breaker)
      breaker = afterBan(sent.breaker, true, sent.nowMs)
    }
    expect(openFor).toEqual([10, 20, 40, 60, 60])
  })

  test('several of one burst count once', () => {
    const once = afterBan(closedBreaker, false, 0)
    expect(afterBan(once, false, 500)).toEqual(once)
  })

  test('outweighs a breaker that is open for failures', () => {
    const failing: BreakerState = { state: 'open', cause: 'failures', untilMs: 30_000, openForMs: 30_000 }
    expect(afterBan(failing, false, 0)).toEqual({ state: 'open', cause: 'banned', untilMs: 10 * minute, openForMs: 10 * minute })
  })
})

describe('failures', () => {
  test('open in a run, not when an answer comes between', () => {
    let breaker = closedBreaker
    for (let count = 1; count < failuresInARow; count += 1) breaker = afterFailure(breaker, false, 0)
    expect(breaker.state).toBe('closed')
    expect(afterAnswer(breaker, false)).toEqual(closedBreaker)
    expect(afterFailure(breaker, false, 0)).toMatchObject({ state: 'open', cause: 'failures', untilMs: 30_000 })
  })
})

describe('a probe', () => {
  const open = afterBan(closedBreaker, false, 0)

  test('goes alone', () => {
    const sent = probe(open)
    expect(admit(sent.breaker, sent.nowMs + 1)).toMatchObject({ admitted: false })
  })

  test('closes when it is answered; a late answer of an older request does not', () => {
    const { breaker } = probe(open)
    expect(afterAnswer(breaker, true)).toEqual(closedBreaker)
    expect(afterAnswer(breaker, false)).toEqual(breaker)
    expect(afterAnswer(open, false)).toEqual(open)
  })

  test('that was stopped, or never heard of again, leaves its turn to the next', () => {
    const sent = probe(open)
    expect(admit(afterStoppedProbe(sent.breaker, sent.nowMs), sent.nowMs)).toMatchObject({ admitted: true, probe: true })
    expect(admit(sent.breaker, sent.nowMs + 2 * minute)).toMatchObject({ admitted: true, probe: true })
  })

  test('goes at once on resume', () => {
    expect(admit(resume(open, 1), 1)).toMatchObject({ admitted: true, probe: true })
    expect(resume(closedBreaker, 1)).toEqual(closedBreaker)
  })
})

test('while not closed, at most one request per waiting time is admitted', () => {
  const steps = fc.array(fc.record({ afterMs: fc.nat(20 * minute), end: fc.constantFrom('ban', 'failure', 'none') }), { maxLength: 50 })
  fc.assert(
    fc.property(steps, (moves) => {
      let breaker = afterBan(closedBreaker, false, 0)
      let nowMs = 0
      let lastProbeMs = 0
      for (const { afterMs, end } of moves) {
        nowMs += afterMs
        const admission = admit(breaker, nowMs)
        if (!admission.admitted) {
          expect(admission.waitMs).toBeGreaterThan(0)
          continue
        }
        expect(admission.probe).toBe(true)
        expect(nowMs - lastProbeMs).toBeGreaterThanOrEqual(2 * minute)
        lastProbeMs = nowMs
        breaker = admission.next
        if (end === 'ban') breaker = afterBan(breaker, true, nowMs)
        if (end === 'failure') breaker = afterFailure(breaker, true, nowMs)
      }
    }),
  )
})
