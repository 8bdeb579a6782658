import type { Clock } from './clock.ts'
import type { Gate, Outcome, Pass } from './gate.ts'
import { currentRate, fullPace, holdAfterLimit, paceAfterLimit } from './pace.ts'
import { chooseClass } from './priority.ts'
import type { SlidingLog } from './sliding-log.ts'

export interface LimiterOptions<Class extends string> {
  /** Highest first. */
  classes: readonly Class[]
  /** Classes that can wait: they leave a third of the rate free, so that whoever cannot finds a slot at once. */
  patient?: ReadonlySet<Class>
  /** Asked before each request, so that a changed setting counts at once. */
  perSecond: () => number
  log: SlidingLog
  clock: Clock
  /** In [0, 1). */
  random: () => number
}

interface Waiter {
  letIn(pass: Pass): void
  fail(error: unknown): void
}
interface Line {
  waiters: Set<Waiter>
  passedOver: number
}

/**
 * The gate of one account: never more than `perSecond` requests in any rolling second; a lower class goes only when no higher one waits,
 * yet gets one slot in ten while it has work; first come, first served inside a class. Patient classes alone use two thirds of the rate. A 429
 * stops the whole gate and slows it for a while.
 */
export function createLimiter<Class extends string>({
  classes,
  patient = new Set(),
  perSecond,
  log,
  clock,
  random,
}: LimiterOptions<Class>): Gate<Class> {
  const lines = new Map<Class, Line>(classes.map((name) => [name, { waiters: new Set(), passedOver: 0 }]))
  let pace = fullPace
  /** Counts the 429s: several requests in flight that meet the same one are one strike. */
  let era = 0
  let pumping = false
  let nap = new AbortController()

  function enter(requestClass: Class, signal: AbortSignal): Promise<Pass> {
    const line = lines.get(requestClass)
    if (line === undefined) throw new TypeError(`unknown request class "${requestClass}"`)
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const leave = () => {
        line.waiters.delete(waiter)
        signal.removeEventListener('abort', giveUp)
        if (line.waiters.size === 0) line.passedOver = 0
        if (!anyoneWaits()) nap.abort()
      }
      const giveUp = () => {
        leave()
        reject(signal.reason)
      }
      const waiter: Waiter = {
        letIn(pass) {
          leave()
          resolve(pass)
        },
        fail(error) {
          leave()
          reject(error)
        },
      }
      line.waiters.add(waiter)
      // A nap until a patient request's turn is longer than one in a hurry has to wait.
      if (!patient.has(requestClass)) nap.abort()
      signal.addEventListener('abort', giveUp, { once: true })
      void pump()
    })
  }

  /** One loop at a time takes slots for whoever is first when the slot comes. Ends when nobody waits. */
  async function pump(): Promise<void> {
    if (pumping) return
    pumping = true
    try {
      while (anyoneWaits()) {
        const waitMs = await log.take(rateNow())
        if (waitMs > 0) await napFor(waitMs)
        else letNextIn()
      }
    } catch (error) {
      for (const { waiters } of lines.values()) for (const waiter of [...waiters]) waiter.fail(error)
    } finally {
      pumping = false
    }
  }

  function rateNow(): number {
    const rate = currentRate(pace, perSecond(), clock.now())
    const someoneHurries = lines.entries().some(([name, { waiters }]) => waiters.size > 0 && !patient.has(name))
    return someoneHurries ? rate : Math.max(1, Math.ceil((rate * 2) / 3))
  }

  async function napFor(waitMs: number): Promise<void> {
    nap = new AbortController()
    try {
      await clock.sleep(waitMs, nap.signal)
    } catch (error) {
      if (!nap.signal.aborted) throw error
    }
  }

  function letNextIn(): void {
    const waiting = [...lines.values()].filter(({ waiters }) => waiters.size > 0)
    const chosen = waiting[chooseClass(waiting.map(({ passedOver }) => passedOver))]
    const [first] = chosen?.waiters ?? []
    if (chosen === undefined || first === undefined) return // everybody gave up while the slot was fetched
    for (const line of waiting) line.passedOver += 1
    chosen.passedOver = 0
    first.letIn(createPass(era))
  }

  function createPass(grantedInEra: number): Pass {
    return { settle: (outcome) => settle(outcome, grantedInEra) }
  }

  async function settle(outcome: Outcome, grantedInEra: number): Promise<void> {
    if (outcome.kind === 'answered' && grantedInEra === era) pace = { ...pace, strikes: 0 }
    if (outcome.kind !== 'rate-limited') return
    if (grantedInEra === era) {
      era += 1
      pace = paceAfterLimit(pace, perSecond(), clock.now())
    }
    await log.holdFor(holdAfterLimit(pace.strikes, outcome.namedMs, random()))
  }

  const anyoneWaits = () => lines.values().some(({ waiters }) => waiters.size > 0)

  return { enter }
}
