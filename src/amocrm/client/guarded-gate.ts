import { admit, afterAnswer, afterBan, afterFailure, afterStoppedProbe, type BreakerState } from './breaker.ts'
import type { Clock } from './clock.ts'
import { AmoBreakerOpenError } from './errors.ts'
import type { Gate, Outcome, Pass } from './gate.ts'

/** Where the breaker's state lives. `get` answers from memory; `put` is told each change and keeps it. */
export interface BreakerStore {
  get(): BreakerState
  put(next: BreakerState): void
}

/** A gate that refuses at once, with AmoBreakerOpenError, while the account's breaker is open, and learns from each outcome. */
export function guardGate<Class extends string>(gate: Gate<Class>, breaker: BreakerStore, clock: Pick<Clock, 'now'>): Gate<Class> {
  return {
    async enter(requestClass, signal) {
      const before = admit(breaker.get(), clock.now())
      if (!before.admitted) throw new AmoBreakerOpenError(before.waitMs, before.cause)
      const pass = await gate.enter(requestClass, signal)
      // Asked again: it may have opened while this request waited, and only who is about to send may be the probe.
      const admission = admit(breaker.get(), clock.now())
      if (!admission.admitted) {
        await pass.settle({ kind: 'stopped' })
        throw new AmoBreakerOpenError(admission.waitMs, admission.cause)
      }
      if (admission.probe) breaker.put(admission.next)
      return watch(pass, admission.probe)
    },
  }

  function watch(pass: Pass, probe: boolean): Pass {
    return {
      async settle(outcome) {
        const before = breaker.get()
        const next = afterOutcome(before, outcome, probe, clock.now())
        if (next !== before) breaker.put(next)
        await pass.settle(outcome)
      },
    }
  }
}

function afterOutcome(breaker: BreakerState, outcome: Outcome, probe: boolean, nowMs: number): BreakerState {
  switch (outcome.kind) {
    case 'answered':
    case 'rate-limited':
      return afterAnswer(breaker, probe)
    case 'banned':
      return afterBan(breaker, probe, nowMs)
    case 'failed':
      return afterFailure(breaker, probe, nowMs)
    case 'stopped':
      return probe ? afterStoppedProbe(breaker, nowMs) : breaker
  }
}
