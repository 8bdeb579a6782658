export interface Tag {
  readonly id: number
  readonly name: string
  color: string | null
}

/** Each kind of entity has a dictionary of its own: the same name has another id there. */
export interface TagBook {
  get(id: number): Tag | undefined
  byName(name: string): Tag | undefined
  /** The tag of this name, made if it is new. */
  put(name: string, color?: string | null): Tag
  all(): Tag[]
}

export function createTagBook(nextId: () => number): TagBook {
  const byId = new Map<number, Tag>()
  const byName = new Map<string, Tag>()
  return {
    get: (id) => byId.get(id),
    byName: (name) => byName.get(name),
    put(name, color = null) {
      const known = byName.get(name)
      if (known !== undefined) return known
      const tag = { id: nextId(), name, color }
      byId.set(tag.id, tag)
      byName.set(name, tag)
      return tag
    },
    all: () => [...byId.values()],
  }
}
