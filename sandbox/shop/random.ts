/** Chance that a seed repeats: every run with the same seed makes the same buyers and orders. */
export interface Random {
  /** 0 <= x < 1 */
  next(): number
  /** from <= n <= to, whole */
  between(from: number, to: number): number
  pick<T>(values: readonly [T, ...T[]]): T
  /** true in `share` of the cases */
  happens(share: number): boolean
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (values) => values[Math.floor(next() * values.length)] ?? values[0],
    happens: (share) => next() < share,
  }
}
