import type { Account } from './account.ts'
import { type Author, applyCommon, type EntityChanges, edit, indexText, writeEvent, writeTagDifference } from './edit.ts'
import type { Company, Contact, Place } from './model.ts'

export interface ContactChanges extends EntityChanges {
  firstName?: string | undefined
  lastName?: string | undefined
}

export type NewContact = ContactChanges & { responsibleUserId: number; place?: Place }
export type NewCompany = EntityChanges & { responsibleUserId: number; place?: Place }

export function createContact(account: Account, draft: NewContact, author: Author): Contact {
  const contact: Contact = {
    ...blank(account, draft, author),
    kind: 'contacts',
    id: account.nextId('contact'),
    firstName: '',
    lastName: '',
    companyId: null,
    leadIds: new Set(),
  }
  applyCommon(account, contact, draft)
  applyNames(contact, draft)
  account.contacts.add(contact)
  finishCreation(account, contact, 'contact_added', author)
  return contact
}

export function createCompany(account: Account, draft: NewCompany, author: Author): Company {
  const company: Company = {
    ...blank(account, draft, author),
    kind: 'companies',
    id: account.nextId('company'),
    leadIds: new Set(),
    contactIds: new Set(),
  }
  applyCommon(account, company, draft)
  account.companies.add(company)
  finishCreation(account, company, 'company_added', author)
  return company
}

export function changeContact(account: Account, contact: Contact, changes: ContactChanges, author: Author): void {
  edit(account, contact, changes.updatedBy ?? author, () => {
    applyCommon(account, contact, changes)
    applyNames(contact, changes)
  })
}

export function changeCompany(account: Account, company: Company, changes: EntityChanges, author: Author): void {
  edit(account, company, changes.updatedBy ?? author, () => applyCommon(account, company, changes))
}

/** The display name follows first and last name; "first last" is the order of this account. */
function applyNames(contact: Contact, { firstName, lastName }: ContactChanges): void {
  if (firstName === undefined && lastName === undefined) return
  contact.firstName = firstName ?? contact.firstName
  contact.lastName = lastName ?? contact.lastName
  contact.name = [contact.firstName, contact.lastName].filter(Boolean).join(' ')
}

function blank(account: Account, draft: NewCompany, author: Author) {
  const now = account.clock.nowSec()
  return {
    name: '',
    responsibleUserId: draft.responsibleUserId,
    createdBy: author,
    updatedBy: draft.updatedBy ?? author,
    createdAt: now,
    updatedAt: draft.updatedAt ?? now,
    place: draft.place ?? 'live',
    fields: new Map(),
    tagIds: [],
  }
}

function finishCreation(account: Account, entity: Contact | Company, eventType: string, author: Author): void {
  account.version += 1
  indexText(account, entity)
  writeEvent(account, entity, eventType, author)
  writeTagDifference(account, entity, [], entity.tagIds, author)
}
