import type { Account } from './account.ts'
import { type Author, writeEvent } from './edit.ts'
import type { Entity } from './model.ts'
import { type Note, type NoteType, noteEventTypes } from './notes.ts'

export interface NewNote {
  noteType: NoteType
  params: Record<string, unknown>
  responsibleUserId?: number | undefined
  createdBy?: number | undefined
  createdAt?: number | undefined
}

export function createNote(account: Account, entity: Entity, draft: NewNote, author: Author): Note {
  const now = account.clock.nowSec()
  const note: Note = {
    id: account.nextId('note'),
    kind: entity.kind,
    entityId: entity.id,
    noteType: draft.noteType,
    params: draft.params,
    responsibleUserId: draft.responsibleUserId ?? entity.responsibleUserId,
    createdBy: draft.createdBy ?? author,
    updatedBy: draft.createdBy ?? author,
    createdAt: draft.createdAt ?? now,
    updatedAt: now,
  }
  account.notes.add(note)
  account.version += 1
  writeEvent(account, entity, noteEventTypes[note.noteType], note.createdBy, [{ note: { id: note.id } }], [])
  return note
}

export function changeNote(account: Account, note: Note, change: Pick<NewNote, 'noteType' | 'params'>, author: Author): void {
  note.noteType = change.noteType
  note.params = change.params
  note.updatedBy = author
  note.updatedAt = account.clock.nowSec()
  account.version += 1
}
