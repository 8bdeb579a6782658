/** What `query` finds: the text of an entity, visible some time after it was written. */
export interface SearchIndex {
  put(id: number, text: string, nowMs: number): void
  remove(id: number): void
  /** Case-insensitive substring; `needle` in lower case. Phones are compared as stored. */
  matches(id: number, needle: string, nowMs: number): boolean
}

interface Entry {
  visible: string | undefined
  coming: { text: string; atMs: number } | undefined
}

export function createSearchIndex(lagMs: () => number): SearchIndex {
  const entries = new Map<number, Entry>()
  return {
    put(id, text, nowMs) {
      const old = entries.get(id)
      const lag = lagMs()
      if (lag === 0) {
        entries.set(id, { visible: text.toLowerCase(), coming: undefined })
        return
      }
      if (old !== undefined) settle(old, nowMs)
      // A text that keeps changing still appears: the first change sets the moment.
      const atMs = old?.coming?.atMs ?? nowMs + lag
      entries.set(id, { visible: old?.visible, coming: { text: text.toLowerCase(), atMs } })
    },
    remove: (id) => void entries.delete(id),
    matches(id, needle, nowMs) {
      const entry = entries.get(id)
      if (entry === undefined) return false
      if (entry.coming !== undefined) settle(entry, nowMs)
      return entry.visible?.includes(needle) ?? false
    },
  }
}

function settle(entry: Entry, nowMs: number): void {
  if (entry.coming === undefined || entry.coming.atMs > nowMs) return
  entry.visible = entry.coming.text
  entry.coming = undefined
}
