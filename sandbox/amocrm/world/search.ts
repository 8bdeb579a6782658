/** What `query` finds: the text of an entity, visible some time after it was written. */
export interface SearchIndex {
  put(id: number, text: string, nowMs: number): void
  remove(id: number): void
  /** Case-insensitive substring; `needle` in lower case. Phones are compared as stored. */
  find(needle: string, nowMs: number): number[]
}

interface Entry {
  visible: string | undefined
  coming: { text: string; atMs: number } | undefined
}

/** Texts of neighbours, joined: looking through few long texts is far quicker than through many short ones. */
interface Shelf {
  entries: Map<number, Entry>
  /** undefined: something changed since they were joined. */
  joined: string | undefined
  /** When the next text becomes visible. */
  settlesAtMs: number
}
const idsOnShelf = 256

export function createSearchIndex(lagMs: () => number): SearchIndex {
  const shelves = new Map<number, Shelf>()

  function shelfOf(id: number): Shelf {
    const number = Math.floor(id / idsOnShelf)
    const known = shelves.get(number)
    if (known !== undefined) return known
    const shelf: Shelf = { entries: new Map(), joined: undefined, settlesAtMs: Number.POSITIVE_INFINITY }
    shelves.set(number, shelf)
    return shelf
  }

  return {
    put(id, text, nowMs) {
      const shelf = shelfOf(id)
      const old = shelf.entries.get(id)
      const lag = lagMs()
      shelf.joined = undefined
      if (lag === 0) {
        shelf.entries.set(id, { visible: text.toLowerCase(), coming: undefined })
        return
      }
      if (old !== undefined) settle(old, nowMs)
      // A text that keeps changing still appears: the first change sets the moment.
      const atMs = old?.coming?.atMs ?? nowMs + lag
      shelf.entries.set(id, { visible: old?.visible, coming: { text: text.toLowerCase(), atMs } })
    },
    remove(id) {
      const shelf = shelfOf(id)
      shelf.joined = undefined
      shelf.entries.delete(id)
    },
    find(needle, nowMs) {
      const found: number[] = []
      for (const shelf of shelves.values()) {
        if (!joinedText(shelf, nowMs).includes(needle)) continue
        for (const [id, { visible }] of shelf.entries) if (visible?.includes(needle)) found.push(id)
      }
      return found
    },
  }
}

function joinedText(shelf: Shelf, nowMs: number): string {
  if (shelf.joined !== undefined && nowMs < shelf.settlesAtMs) return shelf.joined
  shelf.settlesAtMs = Number.POSITIVE_INFINITY
  const texts: string[] = []
  for (const entry of shelf.entries.values()) {
    settle(entry, nowMs)
    if (entry.coming !== undefined) shelf.settlesAtMs = Math.min(shelf.settlesAtMs, entry.coming.atMs)
    if (entry.visible !== undefined) texts.push(entry.visible)
  }
  shelf.joined = texts.join('\n')
  return shelf.joined
}

function settle(entry: Entry, nowMs: number): void {
  if (entry.coming === undefined || entry.coming.atMs > nowMs) return
  entry.visible = entry.coming.text
  entry.coming = undefined
}
