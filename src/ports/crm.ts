import type { Directory, FieldEntity, Stage } from '../core/directory.ts'
import type { CompanyId, ContactId, DealId, FieldId, NoteId, UserId } from '../core/ids.ts'

/**
 * Priority of a request, highest first. A lower class goes only when no higher one waits, yet gets one slot in ten while it has work.
 * Each method takes the class and the signal last: every wait inside is abortable.
 */
export const requestClasses = ['live-create', 'stage-read', 'live-update', 'repair', 'catalogue', 'history', 'index-fill'] as const
export type RequestClass = (typeof requestClasses)[number]
/** Classes that nobody waits for: they leave room for those that somebody does. */
export const patientClasses: ReadonlySet<RequestClass> = new Set(['catalogue', 'history', 'index-fill'])

export interface Call {
  class: RequestClass
  signal: AbortSignal
  /** By our clock: a create that could not leave by then is not sent (CrmTooLateError), so that "it is not there" can be concluded later. */
  sendBy?: number
}

/** A custom field's value in our words. `values` replaces the whole array of the field; an empty array clears it. */
export interface FieldWrite {
  fieldId: FieldId
  values: FieldValue[]
}
/** `enumId` for selects, `enumCode` for phones and e-mails ("MOB", "WORK"); `value` is whatever the field's type takes. */
export interface FieldValue {
  value?: string | number | boolean
  enumId?: number
  enumCode?: string
}

export interface ContactWrite {
  firstName?: string
  lastName?: string
  name?: string
  responsibleId?: UserId
  /** Whole arrays: amoCRM replaces all values of the field. */
  phones?: FieldValue[]
  emails?: FieldValue[]
  fields?: FieldWrite[]
}
export interface CompanyWrite {
  name?: string
  responsibleId?: UserId
  phones?: FieldValue[]
  emails?: FieldValue[]
  fields?: FieldWrite[]
}
export interface DealWrite {
  name?: string
  /** Whole roubles (the account's currency), 0 to 2^31-1. */
  price?: number
  stage?: Stage
  responsibleId?: UserId
  lossReasonId?: number
  fields?: FieldWrite[]
  tagsToAdd?: string[]
  tagsToDelete?: string[]
  createdAt?: Date
}

/** One create with everything that belongs to it. `key` comes back with the answer; amoCRM only echoes it, it is no idempotency key. */
export interface NewDeal {
  key: string
  deal: DealWrite & { stage: Stage }
  contact: { id: ContactId } | { create: ContactWrite } | null
  company: { id: CompanyId } | { create: CompanyWrite } | null
}
export interface CreatedDeal {
  key: string
  dealId: DealId
  contactId: ContactId | null
  companyId: CompanyId | null
  /** amoCRM's duplicate control put the order into a deal that existed before, or into the one it made for an earlier item of the same call. */
  merged: boolean
}

export interface Deal {
  id: DealId
  name: string
  price: number
  stage: Stage
  responsibleId: UserId | null
  lossReasonId: number | null
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  deleted: boolean
  tags: string[]
  /** Each filled field by its id; phones and e-mails are here too. A value that is an object comes as its JSON text. */
  fields: ReadonlyMap<FieldId, FieldValue[]>
  contactIds: ContactId[]
  mainContactId: ContactId | null
  companyId: CompanyId | null
}

export interface Person {
  id: ContactId
  name: string
  firstName: string
  lastName: string
  phones: FieldValue[]
  emails: FieldValue[]
  fields: ReadonlyMap<FieldId, FieldValue[]>
  companyId: CompanyId | null
  responsibleId: UserId | null
  updatedAt: Date
  deleted: boolean
}
export interface CrmCompany {
  id: CompanyId
  name: string
  fields: ReadonlyMap<FieldId, FieldValue[]>
  updatedAt: Date
}

export interface NoteWrite {
  key: string
  dealId: DealId
  /** Shown as the note's author. */
  service: string
  text: string
}

export interface NewField {
  entity: FieldEntity
  code: string
  name: string
  type: 'text' | 'url' | 'numeric' | 'textarea'
  /** Managers see it and cannot edit it. */
  apiOnly: boolean
}

/** What a bulk write did item by item: amoCRM may answer 200 with fewer items than sent. */
export type UpdateResult<Id> = { updated: Set<Id> }

/**
 * amoCRM as the flows see it. All methods throw SyncError; which class says whether another try helps (core/crm-failure.ts).
 * Of a create, only the keys that amoCRM's answer names come back: for a missing one the outcome is unknown.
 */
export interface Crm {
  readDirectory(call: Call): Promise<Directory>
  createFields(fields: NewField[], call: Call): Promise<void>

  /** Deal with at most one contact and one company each, up to 50. All or nothing; after a time-out or 5xx the outcome is unknown (CrmUnknownOutcomeError). */
  createDealsComplex(items: NewDeal[], call: Call): Promise<CreatedDeal[]>
  /** Plain deals on existing contacts: the road without duplicate control. */
  createDeals(items: NewDeal[], call: Call): Promise<CreatedDeal[]>
  createContacts(items: { key: string; contact: ContactWrite }[], call: Call): Promise<{ key: string; contactId: ContactId }[]>
  createCompanies(items: { key: string; company: CompanyWrite }[], call: Call): Promise<{ key: string; companyId: CompanyId }[]>
  updateDeals(items: { id: DealId; write: DealWrite }[], call: Call): Promise<UpdateResult<DealId>>
  updateContacts(items: { id: ContactId; write: ContactWrite }[], call: Call): Promise<UpdateResult<ContactId>>
  createNotes(items: NoteWrite[], call: Call): Promise<{ key: string; noteId: NoteId }[]>
  updateNotes(items: { id: NoteId; write: Omit<NoteWrite, 'key'> }[], call: Call): Promise<UpdateResult<NoteId>>
  /** Links one company to one deal each, in bulk. */
  linkCompanies(items: { dealId: DealId; companyId: CompanyId }[], call: Call): Promise<void>
  linkContacts(items: { dealId: DealId; contactId: ContactId; main: boolean }[], call: Call): Promise<void>

  /** undefined: deleted, merged, never there, or outside the token's rights (amoCRM answers 204 to all of them). */
  findDeal(id: DealId, call: Call): Promise<Deal | undefined>
  findContact(id: ContactId, call: Call): Promise<Person | undefined>
  /** Newest by id first, all pages lazily: break ends it. */
  listDealsByNewest(call: Call): AsyncGenerator<Deal>
  /** Changed last first. */
  listDealsByChange(call: Call): AsyncGenerator<Deal>
  /** Ids of deals in the bin, newest first: only the id is usable there. */
  listDeletedDeals(call: Call): AsyncGenerator<DealId>
  listContactsByChange(call: Call): AsyncGenerator<Person>
  /** Full scan in id order, for the first fill of the index; `afterPage` resumes. */
  listContactsById(fromPage: number, call: Call): AsyncGenerator<{ page: number; contacts: Person[] }>
  listContactsByNewest(call: Call): AsyncGenerator<Person>
  listCompaniesByChange(call: Call): AsyncGenerator<CrmCompany>
  listCompaniesByNewest(call: Call): AsyncGenerator<CrmCompany>
  /** Fuzzy full-text search: the caller verifies each hit. At most 50. */
  searchContacts(query: string, call: Call): Promise<Person[]>
  searchCompanies(query: string, call: Call): Promise<CrmCompany[]>
  /** Notes of these deals, newest first. */
  listDealNotes(dealIds: DealId[], call: Call): Promise<{ id: NoteId; dealId: DealId; text: string }[]>
}
