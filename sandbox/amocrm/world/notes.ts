import type { EntityKind } from './model.ts'

export const noteTypes = [
  'common',
  'service_message',
  'extended_service_message',
  'call_in',
  'call_out',
  'geolocation',
  'sms_in',
  'sms_out',
  'message_cashier',
  'attachment',
] as const
export type NoteType = (typeof noteTypes)[number]

export interface Note {
  readonly id: number
  readonly kind: EntityKind
  readonly entityId: number
  noteType: NoteType
  params: Record<string, unknown>
  responsibleUserId: number
  createdBy: number
  updatedBy: number
  createdAt: number
  updatedAt: number
}

export interface NoteBook {
  add(note: Note): void
  get(id: number): Note | undefined
  /** In order of id. */
  of(kind: EntityKind, entityId: number): Note[]
  ofKind(kind: EntityKind): Note[]
  /** Notes follow their entity into the one it is merged with. */
  move(note: Note, entityId: number): void
}

export function createNoteBook(): NoteBook {
  const byId = new Map<number, Note>()
  const byEntity = new Map<string, number[]>()
  const byKind: Record<EntityKind, number[]> = { leads: [], contacts: [], companies: [] }
  const listed = (ids: readonly number[]) => ids.flatMap((id) => byId.get(id) ?? [])

  function enlist(note: Note): void {
    const key = `${note.kind}/${note.entityId}`
    const ids = byEntity.get(key)
    if (ids === undefined) byEntity.set(key, [note.id])
    else ids.push(note.id)
  }

  return {
    add(note) {
      byId.set(note.id, note)
      byKind[note.kind].push(note.id)
      enlist(note)
    },
    get: (id) => byId.get(id),
    of: (kind, entityId) => listed(byEntity.get(`${kind}/${entityId}`) ?? []),
    ofKind: (kind) => listed(byKind[kind]),
    move(note, entityId) {
      const left = byEntity.get(`${note.kind}/${note.entityId}`) ?? []
      byEntity.set(
        `${note.kind}/${note.entityId}`,
        left.filter((id) => id !== note.id),
      )
      const moved = { ...note, entityId }
      byId.set(note.id, moved)
      enlist(moved)
    },
  }
}

/** Type of the event that a new note leaves. Source: "События и Примечания", list of types. */
export const noteEventTypes: Record<NoteType, string> = {
  common: 'common_note_added',
  service_message: 'service_note_added',
  extended_service_message: 'service_note_added',
  call_in: 'incoming_call',
  call_out: 'outgoing_call',
  geolocation: 'geo_note_added',
  sms_in: 'incoming_sms',
  sms_out: 'outgoing_sms',
  message_cashier: 'message_to_cashier_note_added',
  attachment: 'attachment_note_added',
}
