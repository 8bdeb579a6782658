import { companyId, contactId, dealId, pipelineId, statusId, userId } from '../core/ids.ts'
import type { CreatedDeal, Deal, DealWrite, NewDeal } from '../ports/crm.ts'
import type { AmoComplexLead, AmoComplexRow, AmoLead, AmoLeadWrite, AmoNewLead } from './client/routes/leads.ts'
import { toAmoField, toFieldMap } from './map-fields.ts'
import { toAmoPerson } from './map-person.ts'
import { fromSec, toSec } from './map-time.ts'

/** Only what is given is written. A stage is a pipeline and a status at once. */
export function toAmoLead(write: DealWrite): AmoLeadWrite {
  return {
    ...(write.name !== undefined && { name: write.name }),
    ...(write.price !== undefined && { price: write.price }),
    ...(write.stage !== undefined && { pipeline_id: write.stage.pipelineId, status_id: write.stage.statusId }),
    ...(write.responsibleId !== undefined && { responsible_user_id: write.responsibleId }),
    ...(write.lossReasonId !== undefined && { loss_reason_id: write.lossReasonId }),
    ...(write.createdAt !== undefined && { created_at: toSec(write.createdAt) }),
    ...(write.fields !== undefined && write.fields.length > 0 && { custom_fields_values: write.fields.map(toAmoField) }),
    ...(write.tagsToAdd !== undefined && write.tagsToAdd.length > 0 && { tags_to_add: toTags(write.tagsToAdd) }),
    ...(write.tagsToDelete !== undefined && write.tagsToDelete.length > 0 && { tags_to_delete: toTags(write.tagsToDelete) }),
  }
}

export function toComplexLead({ key, deal, contact, company }: NewDeal): AmoComplexLead {
  const parts: AmoComplexLead['_embedded'] = {
    ...(contact !== null && { contacts: [toWholeOrId(contact)] }),
    ...(company !== null && { companies: [toWholeOrId(company)] }),
  }
  return { request_id: key, ...toAmoLead(deal), ...(Object.keys(parts).length > 0 && { _embedded: parts }) }
}

/** Throws TypeError for a contact or a company that is yet to be made: this road takes existing ones alone. */
export function toNewLead({ key, deal, contact, company }: NewDeal): AmoNewLead {
  if ((contact !== null && 'create' in contact) || (company !== null && 'create' in company)) {
    throw new TypeError('plain deals are made on contacts and companies that exist: create those first')
  }
  const parts = {
    ...(contact !== null && { contacts: [{ id: contact.id, is_main: true }] }),
    ...(company !== null && { companies: [{ id: company.id }] }),
  }
  return { request_id: key, ...toAmoLead(deal), ...(Object.keys(parts).length > 0 && { _embedded: parts }) }
}

/** One row may answer for several items: the first of them has the deal, the others were merged into it. */
export function toCreatedDeals(row: AmoComplexRow, keys: ReadonlySet<string>): CreatedDeal[] {
  return row.request_id
    .filter((key) => keys.has(key))
    .map((key, place) => ({
      key,
      dealId: dealId(row.id),
      contactId: row.contact_id == null ? null : contactId(row.contact_id),
      companyId: row.company_id == null ? null : companyId(row.company_id),
      merged: row.merged === true || place > 0,
    }))
}

export function toDeal(lead: AmoLead): Deal {
  const contacts = lead._embedded?.contacts ?? []
  const main = contacts.find(({ is_main }) => is_main === true)
  const company = lead._embedded?.companies?.[0]
  return {
    id: dealId(lead.id),
    name: lead.name ?? '',
    price: lead.price ?? 0,
    stage: { pipelineId: pipelineId(lead.pipeline_id), statusId: statusId(lead.status_id) },
    responsibleId: lead.responsible_user_id == null ? null : userId(lead.responsible_user_id),
    lossReasonId: lead.loss_reason_id ?? null,
    createdAt: fromSec(lead.created_at),
    updatedAt: fromSec(lead.updated_at),
    closedAt: lead.closed_at == null ? null : fromSec(lead.closed_at),
    deleted: lead.is_deleted ?? false,
    tags: (lead._embedded?.tags ?? []).map(({ name }) => name),
    fields: toFieldMap(lead.custom_fields_values),
    contactIds: contacts.map(({ id }) => contactId(id)),
    mainContactId: main === undefined ? null : contactId(main.id),
    companyId: company === undefined ? null : companyId(company.id),
  }
}

/** By name, never by id: each entity type has ids of its own, and a tag may be called "2024". */
function toTags(names: readonly string[]): { name: string }[] {
  return names.map((name) => ({ name }))
}

function toWholeOrId(part: NonNullable<NewDeal['contact'] | NewDeal['company']>) {
  return 'id' in part ? { id: part.id } : toAmoPerson(part.create)
}
