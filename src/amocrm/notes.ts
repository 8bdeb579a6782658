import { type DealId, dealId, type NoteId, noteId } from '../core/ids.ts'
import type { Call, NoteWrite } from '../ports/crm.ts'
import type { Amo } from './amo.ts'
import { type AmoNoteWrite, listLeadNotes } from './client/routes/notes.ts'

/** The bound of a note's text is not published; amoCRM is known to take this much. */
const longestText = 20_000
/** Keeps the address of a list short enough. */
const dealsPerList = 50

/** One type for all our notes: a change must name the type, and whether it may differ from the first is not documented. */
export function toAmoNote({ dealId, service, text }: Omit<NoteWrite, 'key'>): AmoNoteWrite {
  return { entity_id: dealId, note_type: 'extended_service_message', params: { service, text: fitText(text) } }
}

/** Newest first. Notes without a text (calls, files) are left out. */
export async function listDealNotes(amo: Amo, dealIds: DealId[], call: Call): Promise<{ id: NoteId; dealId: DealId; text: string }[]> {
  const notes: { id: NoteId; dealId: DealId; text: string }[] = []
  for (let start = 0; start < dealIds.length; start += dealsPerList) {
    for (const { id, entity_id, params } of await listLeadNotes(amo, dealIds.slice(start, start + dealsPerList), call)) {
      if (params !== undefined) notes.push({ id: noteId(id), dealId: dealId(entity_id), text: params.text })
    }
  }
  return notes.toSorted((a, b) => b.id - a.id)
}

function fitText(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
