import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { listAll, type Query } from './pages.ts'
import { createRows, updateRows } from './writes.ts'

const Note = z.object({
  id: z.int(),
  entity_id: z.int(),
  note_type: z.string().nullish(),
  /** Its keys depend on the type, of which there are more than the documented ones; [] stands for none. */
  params: z
    .unknown()
    .optional()
    .transform((params) => z.object({ text: z.string() }).safeParse(params).data),
})
export type AmoNote = z.infer<typeof Note>

export interface AmoNoteWrite {
  entity_id: number
  note_type: 'extended_service_message'
  params: { service: string; text: string }
  is_need_to_trigger_digital_pipeline?: false
}

export function createLeadNotes<Class extends string>(
  amo: AmoClient<Class>,
  notes: (AmoNoteWrite & { request_id: string })[],
  call: CallOptions<Class>,
) {
  return createRows(amo, '/api/v4/leads/notes', 'notes', notes, call)
}

export function updateLeadNotes<Class extends string>(
  amo: AmoClient<Class>,
  notes: (AmoNoteWrite & { id: number })[],
  call: CallOptions<Class>,
) {
  return updateRows(amo, '/api/v4/leads/notes', 'notes', notes, call)
}

/** Highest id first. At most 50 leads: the address grows with each. */
export function listLeadNotes<Class extends string>(
  amo: AmoClient<Class>,
  leadIds: number[],
  call: CallOptions<Class>,
): Promise<AmoNote[]> {
  const query: Query = { 'order[id]': 'desc' }
  for (const [index, id] of leadIds.entries()) query[`filter[entity_id][${index}]`] = id
  return listAll(amo, { path: '/api/v4/leads/notes', key: 'notes', item: Note, query }, call)
}
