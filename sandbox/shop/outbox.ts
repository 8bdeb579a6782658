import type { Touch } from './model.ts'

/** What a row says: which object is dirty. The object itself is read when the row is sent. */
type RowKind = 'order.saved' | 'order.deleted' | 'order.archived' | 'form.submitted' | 'customer.saved' | 'profile.changed'

export interface Row {
  /** ULID, the event's id. The same on every sending until it is accepted; a change after a sending takes a new one. */
  id: string
  readonly entity: string
  kind: RowKind
  entityId: string
  atMs: number
  /** Our command behind the change; null as soon as anything else changed it too. */
  origin: string | null
  touch: Touch | null
  sent: boolean
}

export interface RejectedRow extends Row {
  readonly reason: { code: string; message: string }
}

interface Dirt {
  kind: RowKind
  entityId: string
  atMs: number
  origin?: string | null
  touch?: Touch | null
}

export interface Outbox {
  put(dirt: Dirt): void
  /** Oldest first. Rows may be settled while this is read. */
  pending(): MapIterator<Row>
  rejected(): readonly RejectedRow[]
  size(): number
  settle(accepted: readonly string[], rejected: readonly { id: string; code: string; message: string }[]): number
  onPut(listener: () => void): void
}

const entityOf = (dirt: Dirt): string => `${dirt.kind.split('.')[0]}:${dirt.entityId}`

/** The module's table of dirty rows: one for each object, however often it was saved. */
export function createOutbox(createId: (atMs: number) => string): Outbox {
  const rows = new Map<string, Row>()
  const entityById = new Map<string, string>()
  const refused = new Map<string, RejectedRow>()
  const listeners: (() => void)[] = []

  function put(dirt: Dirt): void {
    const entity = entityOf(dirt)
    const row = rows.get(entity)
    if (row === undefined) add(entity, dirt)
    else merge(row, dirt)
    for (const listener of listeners) listener()
  }

  function add(entity: string, dirt: Dirt): void {
    const row: Row = { entity, id: createId(dirt.atMs), ...dirt, origin: dirt.origin ?? null, touch: dirt.touch ?? null, sent: false }
    rows.set(entity, row)
    entityById.set(row.id, entity)
  }

  function merge(row: Row, dirt: Dirt): void {
    row.kind = dirt.kind
    row.atMs = dirt.atMs
    row.touch = dirt.touch ?? row.touch
    if (row.origin !== (dirt.origin ?? null)) row.origin = null
    if (!row.sent) return
    // The receiver may have taken the older content under the old id already: newer content needs an id it has not seen.
    entityById.delete(row.id)
    row.id = createId(dirt.atMs)
    row.sent = false
    entityById.set(row.id, row.entity)
  }

  function take(id: string): Row | undefined {
    const entity = entityById.get(id)
    const row = entity === undefined ? undefined : rows.get(entity)
    if (row === undefined) return undefined
    entityById.delete(id)
    rows.delete(row.entity)
    return row
  }

  return {
    put,
    pending: () => rows.values(),
    rejected: () => [...refused.values()],
    size: () => rows.size,
    settle(accepted, rejected) {
      let settled = 0
      for (const id of accepted) if (take(id) !== undefined) settled += 1
      for (const { id, code, message } of rejected) {
        const row = take(id)
        if (row === undefined) continue
        refused.set(id, { ...row, reason: { code, message } })
        settled += 1
      }
      return settled
    },
    onPut: (listener) => listeners.push(listener),
  }
}
