import { customFields } from './field-input.ts'
import {
  type CompanySnapshot,
  type ContactSnapshot,
  type LeadSnapshot,
  snapshotCompany,
  snapshotContact,
  snapshotLead,
} from './snapshot.ts'
import type { ItemError } from './validation.ts'
import { type Account, type FieldRefusal, firstStage, mainPipeline, type Subscription, stagesOf } from './world/account.ts'
import type { DuplicateRules } from './world/duplicate-control.ts'
import type { EntityChanges, TagEdit } from './world/edit.ts'
import type { AmoEvent } from './world/events.ts'
import { changeLead, createLead } from './world/leads.ts'
import { linkContact, setLeadCompany } from './world/links.ts'
import { type EntityKind, entityKinds, type FieldWrite, lostStatusId, wonStatusId } from './world/model.ts'
import { createNote } from './world/note-writing.ts'
import type { Note } from './world/notes.ts'
import { createOldContacts } from './world/old-contacts.ts'
import { changeCompany, changeContact, createCompany, createContact } from './world/people.ts'
import { deleteEntity, mergeContacts, mergeLeads, restoreEntity } from './world/removal.ts'

/** Rules of duplicate control as a person sets them. */
export type DuplicateEdit = { [Key in keyof DuplicateRules]?: DuplicateRules[Key] | undefined }

/** What a person changes. `fields`: values by field code or id; null clears, a scalar is one value, a list is as in API v4. */
export interface PersonEdit {
  name?: string | undefined
  responsibleUserId?: number | undefined
  fields?: Record<string, unknown> | undefined
  addTags?: string[] | undefined
  removeTags?: string[] | undefined
}
export interface ContactEdit extends PersonEdit {
  firstName?: string | undefined
  lastName?: string | undefined
  /** Take the place of all there are; an empty text clears. */
  phone?: string | undefined
  email?: string | undefined
}
export interface LeadEdit extends PersonEdit {
  price?: number | undefined
  pipelineId?: number | undefined
  statusId?: number | undefined
  lossReasonId?: number | null | undefined
}
export interface NewPersonLead extends LeadEdit {
  contactId?: number | undefined
  companyId?: number | undefined
}

/** One account from the inside: what is in it, and what people do there. Changes throw when the entity is not there. */
export type AccountWorld = ReturnType<typeof createAccountWorld>

export function createAccountWorld(account: Account) {
  const defaultUser = account.users.values().find(({ isAdmin, isActive, isFree }) => !isAdmin && isActive && !isFree)?.id ?? 0

  const live = <K extends EntityKind>(kind: K, id: number) => account[kind].find(id) ?? missing(kind, id)
  const lead = (id: number) => account.leads.find(id) ?? missing('leads', id)
  const contact = (id: number) => account.contacts.find(id) ?? missing('contacts', id)
  const company = (id: number) => account.companies.find(id) ?? missing('companies', id)

  function changesOf(kind: EntityKind, { name, responsibleUserId, fields = {}, addTags, removeTags }: PersonEdit): EntityChanges {
    const tags: TagEdit | undefined = addTags === undefined && removeTags === undefined ? undefined : { add: addTags, remove: removeTags }
    return { name, responsibleUserId, tags, fields: fieldWrites(account, kind, fields) }
  }
  function contactChanges({ phone, email, firstName, lastName, ...edit }: ContactEdit) {
    const fields = { ...edit.fields, ...multitext('PHONE', phone), ...multitext('EMAIL', email) }
    return { ...changesOf('contacts', { ...edit, fields }), firstName, lastName }
  }
  function leadChanges({ price, pipelineId, statusId, lossReasonId, ...edit }: LeadEdit) {
    return { ...changesOf('leads', edit), price, pipelineId, statusId, lossReasonId }
  }

  return {
    account,
    /** Live leads, oldest first. */
    leads: (): LeadSnapshot[] => [...account.leads.walk('id', 'asc')].map((entity) => snapshotLead(account, entity)),
    /** Wherever it is: look at `place`. */
    lead: (id: number): LeadSnapshot | undefined => mapped(account.leads.get(id), (entity) => snapshotLead(account, entity)),
    contacts: (): ContactSnapshot[] => [...account.contacts.walk('id', 'asc')].map((entity) => snapshotContact(account, entity)),
    contact: (id: number): ContactSnapshot | undefined => mapped(account.contacts.get(id), (entity) => snapshotContact(account, entity)),
    companies: (): CompanySnapshot[] => [...account.companies.walk('id', 'asc')].map((entity) => snapshotCompany(account, entity)),
    company: (id: number): CompanySnapshot | undefined => mapped(account.companies.get(id), (entity) => snapshotCompany(account, entity)),
    /** Of one entity, of all entities of a kind, or all. */
    notes(kind?: EntityKind, entityId?: number): Note[] {
      if (kind === undefined) return entityKinds.flatMap((each) => account.notes.ofKind(each))
      return entityId === undefined ? account.notes.ofKind(kind) : account.notes.of(kind, entityId)
    },
    /** Oldest first. */
    events: (): AmoEvent[] => [...account.events.newestFirst()].reverse(),

    createLead(edit: NewPersonLead, by = defaultUser): LeadSnapshot {
      const pipeline = account.pipelines.get(edit.pipelineId ?? 0) ?? mainPipeline(account)
      const stage = { pipelineId: pipeline.id, statusId: edit.statusId ?? firstStage(pipeline) }
      const made = createLead(account, { ...leadChanges(edit), ...stage, responsibleUserId: edit.responsibleUserId ?? by }, by)
      if (edit.contactId !== undefined) linkContact(account, made, contact(edit.contactId), true, by)
      if (edit.companyId !== undefined) setLeadCompany(account, made, company(edit.companyId), by)
      return snapshotLead(account, made)
    },
    createContact(edit: ContactEdit, by = defaultUser): ContactSnapshot {
      const made = createContact(account, { ...contactChanges(edit), responsibleUserId: edit.responsibleUserId ?? by }, by)
      return snapshotContact(account, made)
    },
    createContacts: (count: number, seed = 1) => createOldContacts(account, count, defaultUser, seed),
    createCompany(edit: PersonEdit, by = defaultUser): CompanySnapshot {
      const made = createCompany(account, { ...changesOf('companies', edit), responsibleUserId: edit.responsibleUserId ?? by }, by)
      return snapshotCompany(account, made)
    },
    moveLead: (id: number, { pipelineId, statusId }: { pipelineId: number; statusId: number }, byUserId = defaultUser) => {
      if (account.pipelines.get(pipelineId)?.statuses.get(statusId) === undefined) throw new Error(`no stage ${pipelineId}/${statusId}`)
      changeLead(account, lead(id), { pipelineId, statusId }, byUserId)
    },
    editLead: (id: number, edit: LeadEdit, by = defaultUser) => changeLead(account, lead(id), leadChanges(edit), by),
    editContact: (id: number, edit: ContactEdit, by = defaultUser) => changeContact(account, contact(id), contactChanges(edit), by),
    editCompany: (id: number, edit: PersonEdit, by = defaultUser) => changeCompany(account, company(id), changesOf('companies', edit), by),
    linkContact: (leadId: number, contactId: number, isMain = false, by = defaultUser) =>
      linkContact(account, lead(leadId), contact(contactId), isMain, by),
    addNote: (kind: EntityKind, id: number, text: string, by = defaultUser): Note =>
      createNote(account, live(kind, id), { noteType: 'common', params: { text } }, by),

    deleteLead: (id: number, by = defaultUser) => deleteEntity(account, lead(id), by),
    restoreLead: (id: number, by = defaultUser) => restoreEntity(account, account.leads.get(id) ?? missing('leads', id), by),
    deleteContact: (id: number, by = defaultUser) => deleteEntity(account, contact(id), by),
    restoreContact: (id: number, by = defaultUser) => restoreEntity(account, account.contacts.get(id) ?? missing('contacts', id), by),
    deleteCompany: (id: number, by = defaultUser) => deleteEntity(account, company(id), by),
    mergeLeads: (fromId: number, intoId: number, by = defaultUser) => mergeLeads(account, lead(fromId), lead(intoId), by),
    mergeContacts: (fromId: number, intoId: number, by = defaultUser) => mergeContacts(account, contact(fromId), contact(intoId), by),

    deactivateUser(id: number) {
      const user = account.users.get(id)
      if (user === undefined) throw new Error(`no user ${id}`)
      user.isActive = false
    },
    deleteField: (kind: EntityKind, fieldId: number) => account.fields[kind].remove(fieldId),
    deleteEnum(kind: EntityKind, fieldId: number, enumId: number) {
      const field = account.fields[kind].get(fieldId)
      if (field === undefined) throw new Error(`no field ${fieldId}`)
      field.enums = field.enums?.filter(({ id }) => id !== enumId) ?? null
    },
    /** Every write of this field is 400 from now on. */
    refuseField: (refusal: FieldRefusal) => void account.refusedFields.push(refusal),
    acceptFields: () => void account.refusedFields.splice(0),
    setFilters(isOn: boolean) {
      account.filtersOn = isOn
    },
    setPayment(isPaid: boolean) {
      account.subscription = isPaid ? 'paid' : 'writes-refused'
    },
    /** Switches duplicate control of a pipeline on with these rules, or off (null). Left out: phones and e-mails, all ordinary stages, update, the newest. */
    setDuplicateControl(pipelineId: number, rules: DuplicateEdit | null) {
      const pipeline = account.pipelines.get(pipelineId)
      if (pipeline === undefined) throw new Error(`no pipeline ${pipelineId}`)
      const statusIds = stagesOf(pipeline).flatMap(({ id, type }) => (type === 0 && id !== wonStatusId && id !== lostStatusId ? [id] : []))
      const usual: DuplicateRules = {
        contact: ['PHONE', 'EMAIL'],
        leadFields: [],
        statusIds,
        onConflict: 'update',
        several: 'update-newest',
      }
      if (rules === null) account.duplicateControl.delete(pipelineId)
      else
        account.duplicateControl.set(pipelineId, {
          contact: rules.contact ?? usual.contact,
          leadFields: rules.leadFields ?? usual.leadFields,
          statusIds: rules.statusIds ?? usual.statusIds,
          onConflict: rules.onConflict ?? usual.onConflict,
          several: rules.several ?? usual.several,
        })
    },
    setSubscription(subscription: Subscription) {
      account.subscription = subscription
    },
  }
}

function missing(kind: EntityKind, id: number): never {
  throw new Error(`no such entity: ${kind} ${id}`)
}

function mapped<A, B>(value: A | undefined, map: (value: A) => B): B | undefined {
  return value === undefined ? undefined : map(value)
}

function multitext(code: string, value: string | undefined): Record<string, unknown> {
  if (value === undefined) return {}
  return { [code]: value === '' ? null : [{ value, enum_code: 'WORK' }] }
}

/** People's forms refuse what the API refuses. */
function fieldWrites(account: Account, kind: EntityKind, fields: Record<string, unknown>): FieldWrite[] {
  const errors: ItemError[] = []
  const items = Object.entries(fields).map(([key, value]) => ({
    ...(/^\d+$/.test(key) ? { field_id: Number(key) } : { field_code: key }),
    values: value === null || Array.isArray(value) ? value : [{ value }],
  }))
  const writes = customFields(account, kind)(items, 'fields', errors)
  if (writes === undefined || errors.length > 0) throw new Error(`fields refused: ${JSON.stringify(errors)}`)
  return writes
}
