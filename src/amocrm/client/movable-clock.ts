import type { Clock } from './clock.ts'

export interface MovableClock extends Clock {
  /** Moves time on, waking sleepers in their order, each at its own instant; what they start has run when this resolves. */
  advance(ms: number): Promise<void>
  sleepers(): number
}

interface Sleeper {
  wakeAtMs: number
  wake(): void
}

/** A clock for tests: it stands still until it is moved. */
export function createMovableClock(startMs = 1_767_225_600_000): MovableClock {
  let nowMs = startMs
  const sleeping = new Set<Sleeper>()

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const stop = () => {
        sleeping.delete(sleeper)
        reject(signal.reason)
      }
      const sleeper: Sleeper = {
        wakeAtMs: nowMs + Math.max(0, ms),
        wake() {
          sleeping.delete(sleeper)
          signal.removeEventListener('abort', stop)
          resolve()
        },
      }
      sleeping.add(sleeper)
      signal.addEventListener('abort', stop, { once: true })
    })
  }

  async function advance(ms: number): Promise<void> {
    const untilMs = nowMs + ms
    await settled()
    for (let next = earliest(untilMs); next !== undefined; next = earliest(untilMs)) {
      nowMs = Math.max(nowMs, next.wakeAtMs)
      next.wake()
      await settled()
    }
    nowMs = untilMs
  }

  function earliest(untilMs: number): Sleeper | undefined {
    return [...sleeping].filter(({ wakeAtMs }) => wakeAtMs <= untilMs).toSorted((a, b) => a.wakeAtMs - b.wakeAtMs)[0]
  }

  return { now: () => nowMs, sleep, advance, sleepers: () => sleeping.size }
}

/** All promise reactions that are ready have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
