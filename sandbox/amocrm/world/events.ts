/** Singular, as in `filter[entity]`. */
export type EventEntity = 'lead' | 'contact' | 'company'

export interface AmoEvent {
  /** 26 characters, like a ULID. */
  readonly id: string
  readonly type: string
  readonly entityId: number
  readonly entityType: EventEntity
  readonly createdBy: number
  readonly createdAt: number
  readonly valueAfter: unknown[]
  readonly valueBefore: unknown[]
}

type NewEvent = Omit<AmoEvent, 'id' | 'createdAt'>

/** Everything that ever changed. Source: "События и Примечания". */
export interface EventLog {
  add(event: NewEvent): void
  get(id: string): AmoEvent | undefined
  /** From the newest on. */
  newestFirst(): Generator<AmoEvent>
}

export function createEventLog(nowMs: () => number): EventLog {
  const events: AmoEvent[] = []
  const byId = new Map<string, AmoEvent>()
  return {
    add(event) {
      const ms = nowMs()
      const stored: AmoEvent = { ...event, id: eventId(ms, events.length + 1), createdAt: Math.floor(ms / 1000) }
      events.push(stored)
      byId.set(stored.id, stored)
    },
    get: (id) => byId.get(id),
    *newestFirst() {
      for (let index = events.length - 1; index >= 0; index -= 1) {
        const event = events[index]
        if (event !== undefined) yield event
      }
    },
  }
}

const digits = '0123456789abcdefghjkmnpqrstvwxyz'

function base32(value: number, length: number): string {
  let rest = value
  let text = ''
  while (text.length < length) {
    text = (digits[rest % 32] ?? '0') + text
    rest = Math.floor(rest / 32)
  }
  return text
}

const eventId = (ms: number, sequence: number) => base32(ms, 10) + base32(sequence, 16)
