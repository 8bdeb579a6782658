import { setTimeout as pause } from 'node:timers/promises'

const usuallyMs = 10_000
const lookEveryMs = 5

/** Waits for the first answer that says something. Gives up after ten seconds, or as long as is said, naming what never came. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { longestMs = usuallyMs }: { longestMs?: number } = {},
): Promise<T> {
  const endsAt = performance.now() + longestMs
  while (performance.now() < endsAt) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await pause(lookEveryMs)
  }
  throw new Error(`waited ${longestMs / 1000} s in vain for ${what}`)
}
