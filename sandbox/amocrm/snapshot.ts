import type { Account } from './world/account.ts'
import { hasEnums } from './world/fields.ts'
import type { Company, Contact, Entity, Lead, Place } from './world/model.ts'

/** An entity as tests and the board look at it: names instead of ids of tags, values by code or id of the field. */
interface EntitySnapshot {
  id: number
  name: string
  place: Place
  responsibleUserId: number
  createdBy: number
  updatedBy: number
  createdAt: number
  updatedAt: number
  tags: string[]
  /** Stored values by field code, or by id where a field has none. A select shows its text. */
  fields: Record<string, unknown[]>
}

export interface LeadSnapshot extends EntitySnapshot {
  price: number
  pipelineId: number
  statusId: number
  lossReasonId: number | null
  closedAt: number | null
  contactIds: number[]
  mainContactId: number | null
  companyId: number | null
}

export interface ContactSnapshot extends EntitySnapshot {
  firstName: string
  lastName: string
  companyId: number | null
  leadIds: number[]
}

export interface CompanySnapshot extends EntitySnapshot {
  contactIds: number[]
  leadIds: number[]
}

export function snapshotLead(account: Account, lead: Lead): LeadSnapshot {
  const { price, pipelineId, statusId, lossReasonId, closedAt, contactIds, mainContactId, companyId } = lead
  const own = { price, pipelineId, statusId, lossReasonId, closedAt, contactIds: [...contactIds], mainContactId, companyId }
  return { ...snapshotCommon(account, lead), ...own }
}

export function snapshotContact(account: Account, contact: Contact): ContactSnapshot {
  const { firstName, lastName, companyId, leadIds } = contact
  return { ...snapshotCommon(account, contact), firstName, lastName, companyId, leadIds: [...leadIds] }
}

export function snapshotCompany(account: Account, company: Company): CompanySnapshot {
  return { ...snapshotCommon(account, company), contactIds: [...company.contactIds], leadIds: [...company.leadIds] }
}

function snapshotCommon(account: Account, entity: Entity): EntitySnapshot {
  const { id, name, place, responsibleUserId, createdBy, updatedBy, createdAt, updatedAt } = entity
  const tags = entity.tagIds.flatMap((tagId) => account.tags[entity.kind].get(tagId)?.name ?? [])
  return { id, name, place, responsibleUserId, createdBy, updatedBy, createdAt, updatedAt, tags, fields: fieldsOf(account, entity) }
}

function fieldsOf(account: Account, entity: Entity): Record<string, unknown[]> {
  const shown: Record<string, unknown[]> = {}
  for (const [fieldId, values] of entity.fields) {
    const field = account.fields[entity.kind].get(fieldId)
    if (field === undefined) continue
    shown[field.code ?? String(fieldId)] = values.map(({ value, enumId }) => {
      const chosen = hasEnums(field.type) ? field.enums?.find(({ id }) => id === enumId) : undefined
      return chosen?.value ?? value
    })
  }
  return shown
}
