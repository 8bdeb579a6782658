/** Ids ordered by a number and then by id, kept in order while they change, so that a page is a slice. */
export interface SortedIds {
  readonly size: number
  add(key: number, id: number): void
  remove(key: number, id: number): void
  /** Ids from the lowest (`asc`) or the highest (`desc`) key on. */
  slice(direction: Direction, offset: number, count: number): number[]
  walk(direction: Direction): Generator<number>
}

export type Direction = 'asc' | 'desc'

export function createSortedIds(): SortedIds {
  const keys: number[] = []
  const ids: number[] = []

  /** The first place whose (key, id) is not before the given one. */
  function place(key: number, id: number): number {
    let low = 0
    let high = ids.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const middleKey = keys[middle] ?? 0
      const before = middleKey < key || (middleKey === key && (ids[middle] ?? 0) < id)
      if (before) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    get size() {
      return ids.length
    },
    add(key, id) {
      const at = place(key, id)
      keys.splice(at, 0, key)
      ids.splice(at, 0, id)
    },
    remove(key, id) {
      const at = place(key, id)
      if (ids[at] !== id) return
      keys.splice(at, 1)
      ids.splice(at, 1)
    },
    slice(direction, offset, count) {
      if (direction === 'asc') return ids.slice(offset, offset + count)
      const end = Math.max(0, ids.length - offset)
      return ids.slice(Math.max(0, end - count), end).reverse()
    },
    *walk(direction) {
      if (direction === 'asc') yield* ids
      else for (let index = ids.length - 1; index >= 0; index -= 1) yield ids[index] ?? 0
    },
  }
}
