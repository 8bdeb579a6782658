import type { Account } from './account.ts'
import { type Author, changeStored, edit, indexText, writeEvent } from './edit.ts'
import { linkContact, setContactCompany, setLeadCompany, unlinkContact } from './links.ts'
import type { Contact, Entity, Lead, Place } from './model.ts'

/** Into the recycle bin: only people do that, API v4 cannot. */
export function deleteEntity(account: Account, entity: Entity, author: Author): void {
  setPlace(account, entity, 'bin', author)
  writeEvent(account, entity, `${nouns[entity.kind]}_deleted`, author)
}

export function restoreEntity(account: Account, entity: Entity, author: Author): void {
  setPlace(account, entity, 'live', author)
  writeEvent(account, entity, `${nouns[entity.kind]}_restored`, author)
}

/** Two leads become one; the id of the other is dead. The event names neither, as in the real service. */
export function mergeLeads(account: Account, from: Lead, into: Lead, author: Author): void {
  const contacts = from.contactIds.flatMap((id) => account.contacts.get(id) ?? [])
  for (const contact of contacts) {
    unlinkContact(account, from, contact, author)
    linkContact(account, into, contact, false, author)
  }
  const company = from.companyId === null ? undefined : account.companies.get(from.companyId)
  if (company !== undefined && into.companyId === null) setLeadCompany(account, into, company, author)
  finishMerge(account, from, into, author)
}

export function mergeContacts(account: Account, from: Contact, into: Contact, author: Author): void {
  const leads = [...from.leadIds].flatMap((id) => account.leads.get(id) ?? [])
  for (const lead of leads) {
    const wasMain = lead.mainContactId === from.id
    unlinkContact(account, lead, from, author)
    linkContact(account, lead, into, wasMain, author)
  }
  const company = from.companyId === null ? undefined : account.companies.get(from.companyId)
  if (company !== undefined && into.companyId === null) setContactCompany(account, into, company, author)
  finishMerge(account, from, into, author)
}

/** What the survivor has stays; what only the other had is added. */
function finishMerge<E extends Lead | Contact>(account: Account, from: E, into: E, author: Author): void {
  edit(account, into, author, () => {
    for (const [fieldId, values] of from.fields) if (!into.fields.has(fieldId)) into.fields.set(fieldId, values)
    into.tagIds = [...new Set([...into.tagIds, ...from.tagIds])]
  })
  for (const note of account.notes.of(from.kind, from.id)) account.notes.move(note, into.id)
  setPlace(account, from, 'gone', author)
  writeEvent(account, into, 'entity_merged', author)
}

const nouns = { leads: 'lead', contacts: 'contact', companies: 'company' } as const

function setPlace(account: Account, entity: Entity, place: Place, author: Author): void {
  changeStored(account, entity, () => {
    entity.place = place
    entity.updatedAt = account.clock.nowSec()
    entity.updatedBy = author
  })
  indexText(account, entity)
}
