import type { ApiRequest } from '../api-request.ts'
import { toChanges } from '../entity-input.ts'
import { type LeadDraft, stageOf } from '../lead-input.ts'
import type { ContactDraft } from '../people-input.ts'
import { appended, leadsToMergeInto } from '../world/duplicate-control.ts'
import { changeLead } from '../world/leads.ts'
import type { Contact, FieldWrite } from '../world/model.ts'
import { changeContact } from '../world/people.ts'

/** Answer for one lead; several items that were put into one lead share it. */
export interface ComplexRow {
  id: number
  contact_id: number | null
  company_id: number | null
  request_id: (string | number)[]
  merged: boolean
}

/**
 * Puts an item into leads that were stored before the request. undefined: duplicate control is off, or finds none. A contact given by its id
 * is not checked. What was made when stays as it is.
 */
export function mergeIntoStored(
  request: ApiRequest,
  draft: LeadDraft,
  person: ContactDraft | undefined,
  before: number,
): Omit<ComplexRow, 'request_id'> | undefined {
  const { account, author } = request
  const stage = stageOf(account, draft, undefined)
  const passed = {
    pipelineId: stage.pipelineId,
    leadFields: byField(toChanges(draft).fields),
    contactFields: person && byField(toChanges(person).fields),
  }
  const found = leadsToMergeInto(account, passed, before)
  const [newest] = found?.leads ?? []
  if (found === undefined || newest === undefined) return undefined
  const { createdAt: _at, createdBy: _by, ...changes } = toChanges(draft)
  for (const lead of found.rules.onConflict === 'update' ? found.leads : []) {
    changeLead(account, lead, { ...changes, ...stage, price: draft.price }, author)
    const main = lead.mainContactId === null ? undefined : account.contacts.find(lead.mainContactId)
    if (main !== undefined && person !== undefined) updateMain(request, main, person)
  }
  return { id: newest.id, contact_id: newest.mainContactId, company_id: newest.companyId, merged: true }
}

const byField = (writes: FieldWrite[] = []) => new Map(writes.map(({ field, values }) => [field.id, values]))

/** Phones and e-mails are appended, everything else is overwritten. */
function updateMain({ account, author }: ApiRequest, main: Contact, draft: ContactDraft): void {
  const { createdAt: _at, createdBy: _by, fields = [], ...changes } = toChanges(draft)
  const kept = fields.map(({ field, values }) =>
    field.type === 'multitext' ? { field, values: appended(main.fields.get(field.id), values) } : { field, values },
  )
  changeContact(account, main, { ...changes, fields: kept, firstName: draft.first_name, lastName: draft.last_name }, author)
}
