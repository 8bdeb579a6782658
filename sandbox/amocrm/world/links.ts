import { type Account, eventEntity } from './account.ts'
import { type Author, changeStored, writeEvent } from './edit.ts'
import type { Company, Contact, Entity, Lead } from './model.ts'

/** Links a contact to a lead, or says whether it is the main one. A lead with contacts always has exactly one main contact. */
export function linkContact(account: Account, lead: Lead, contact: Contact, isMain: boolean, author: Author): void {
  const isNew = !lead.contactIds.includes(contact.id)
  touch(account, lead, author, () => {
    if (isNew) lead.contactIds.push(contact.id)
    if (isMain || lead.mainContactId === null) lead.mainContactId = contact.id
  })
  contact.leadIds.add(lead.id)
  if (isNew) writeLinked(account, lead, contact, author)
}

export function unlinkContact(account: Account, lead: Lead, contact: Contact, author: Author): void {
  if (!lead.contactIds.includes(contact.id)) return
  touch(account, lead, author, () => {
    lead.contactIds = lead.contactIds.filter((id) => id !== contact.id)
    if (lead.mainContactId === contact.id) lead.mainContactId = lead.contactIds[0] ?? null
  })
  contact.leadIds.delete(lead.id)
  writeUnlinked(account, lead, contact, author)
}

/** A lead has one company: another one takes its place. */
export function setLeadCompany(account: Account, lead: Lead, company: Company | null, author: Author): void {
  if (lead.companyId === (company?.id ?? null)) return
  const old = lead.companyId === null ? undefined : account.companies.get(lead.companyId)
  touch(account, lead, author, () => {
    lead.companyId = company?.id ?? null
  })
  old?.leadIds.delete(lead.id)
  company?.leadIds.add(lead.id)
  if (old !== undefined) writeUnlinked(account, lead, old, author)
  if (company !== null) writeLinked(account, lead, company, author)
}

/** A contact has one company: another one takes its place. */
export function setContactCompany(account: Account, contact: Contact, company: Company | null, author: Author): void {
  if (contact.companyId === (company?.id ?? null)) return
  const old = contact.companyId === null ? undefined : account.companies.get(contact.companyId)
  touch(account, contact, author, () => {
    contact.companyId = company?.id ?? null
  })
  old?.contactIds.delete(contact.id)
  company?.contactIds.add(contact.id)
  if (old !== undefined) writeUnlinked(account, contact, old, author)
  if (company !== null) writeLinked(account, contact, company, author)
}

function touch(account: Account, entity: Entity, author: Author, mutate: () => void): void {
  changeStored(account, entity, () => {
    mutate()
    entity.updatedAt = account.clock.nowSec()
    entity.updatedBy = author
  })
}

const asTarget = ({ kind, id }: Entity) => ({ entity: { type: eventEntity[kind], id } })

function writeLinked(account: Account, one: Entity, other: Entity, author: Author): void {
  writeEvent(account, one, 'entity_linked', author, [{ link: asTarget(other) }], [])
  writeEvent(account, other, 'entity_linked', author, [{ link: asTarget(one) }], [])
}

function writeUnlinked(account: Account, one: Entity, other: Entity, author: Author): void {
  writeEvent(account, one, 'entity_unlinked', author, [], [{ unlink: asTarget(other) }])
  writeEvent(account, other, 'entity_unlinked', author, [], [{ unlink: asTarget(one) }])
}
