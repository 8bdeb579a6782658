import type { CustomField, FieldValue } from './fields.ts'

export type EntityKind = 'leads' | 'contacts' | 'companies'
export const entityKinds = ['leads', 'contacts', 'companies'] as const satisfies readonly EntityKind[]

/** `hidden`: contact or company of a lead that is still unsorted. `gone`: merged into another. */
export type Place = 'live' | 'hidden' | 'bin' | 'gone'

export interface EntityBase {
  readonly id: number
  name: string
  responsibleUserId: number
  createdBy: number
  updatedBy: number
  createdAt: number
  updatedAt: number
  place: Place
  /** By field id; only filled fields. */
  fields: Map<number, FieldValue[]>
  tagIds: number[]
}

export interface Lead extends EntityBase {
  readonly kind: 'leads'
  price: number
  pipelineId: number
  statusId: number
  lossReasonId: number | null
  closedAt: number | null
  contactIds: number[]
  mainContactId: number | null
  companyId: number | null
}

export interface Contact extends EntityBase {
  readonly kind: 'contacts'
  firstName: string
  lastName: string
  companyId: number | null
  leadIds: Set<number>
}

export interface Company extends EntityBase {
  readonly kind: 'companies'
  leadIds: Set<number>
  contactIds: Set<number>
}

export type Entity = Lead | Contact | Company

export interface User {
  readonly id: number
  name: string
  email: string
  isAdmin: boolean
  isActive: boolean
  isFree: boolean
}

export interface Status {
  readonly id: number
  name: string
  sort: number
  color: string
  isEditable: boolean
  /** 1 is the unsorted status of the pipeline. */
  type: 0 | 1
}

export interface Pipeline {
  readonly id: number
  name: string
  sort: number
  isMain: boolean
  isUnsortedOn: boolean
  statuses: Map<number, Status>
}

export interface LossReason {
  readonly id: number
  name: string
  sort: number
  createdAt: number
  updatedAt: number
}

export interface FieldWrite {
  field: CustomField
  /** Empty: the field is cleared. */
  values: FieldValue[]
}

export const wonStatusId = 142
export const lostStatusId = 143
