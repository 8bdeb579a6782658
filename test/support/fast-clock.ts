import type { Clock } from '../../src/ports/clock.ts'

/** Runs faster than the machine's; `advance` jumps, and whoever sleeps up to then wakes. */
export interface FastClock extends Clock {
  advance(ms: number): void
}

/** A clock on which `speed` seconds pass in one: waits of minutes end in a moment, and still in their order. */
export function createFastClock(speed: number): FastClock {
  const begunAt = performance.now()
  const begunMs = Date.now()
  const sleepers = new Set<{ schedule(): void }>()
  let jumpedMs = 0
  const now = () => Math.round(begunMs + (performance.now() - begunAt) * speed + jumpedMs)
  return {
    now,
    advance(ms) {
      jumpedMs += ms
      for (const sleeper of sleepers) sleeper.schedule()
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const untilMs = now() + ms
        let timer: NodeJS.Timeout | undefined
        const sleeper = {
          schedule() {
            clearTimeout(timer)
            timer = setTimeout(() => end(resolve), Math.max(0, untilMs - now()) / speed)
          },
        }
        const abort = () => end(() => reject(signal.reason))
        function end(how: () => void): void {
          clearTimeout(timer)
          sleepers.delete(sleeper)
          signal.removeEventListener('abort', abort)
          how()
        }
        signal.addEventListener('abort', abort)
        sleepers.add(sleeper)
        sleeper.schedule()
      }),
  }
}
