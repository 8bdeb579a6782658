import type { EntityKind } from './model.ts'

/** Source: "Поля и группы полей", table of types. Types of catalogs are not here yet. */
export const fieldTypes = [
  'text',
  'numeric',
  'checkbox',
  'select',
  'multiselect',
  'date',
  'url',
  'date_time',
  'textarea',
  'radiobutton',
  'streetaddress',
  'multitext',
  'smart_address',
  'birthday',
  'legal_entity',
  'tracking_data',
  'monetary',
] as const
export type FieldType = (typeof fieldTypes)[number]

export interface FieldEnum {
  id: number
  value: string
  sort: number
  code: string | null
}

export interface CustomField {
  readonly id: number
  readonly kind: EntityKind
  name: string
  code: string | null
  sort: number
  readonly type: FieldType
  isPredefined: boolean
  isApiOnly: boolean
  groupId: string | null
  /** Only select, multiselect, radiobutton and multitext have them. */
  enums: FieldEnum[] | null
  requiredStatuses: unknown[] | null
}

/** A stored value; the text of a select comes from its enum when it is read. */
export interface FieldValue {
  value: unknown
  enumId?: number
  enumCode?: string
}

export interface FieldBook {
  add(field: CustomField): void
  get(id: number): CustomField | undefined
  byCode(code: string): CustomField | undefined
  remove(id: number): void
  /** In order of `sort`, then id. */
  all(): CustomField[]
}

export function createFieldBook(): FieldBook {
  const byId = new Map<number, CustomField>()
  return {
    add: (field) => void byId.set(field.id, field),
    get: (id) => byId.get(id),
    byCode: (code) => byId.values().find((field) => field.code === code),
    remove: (id) => void byId.delete(id),
    all: () => [...byId.values()].sort((a, b) => a.sort - b.sort || a.id - b.id),
  }
}

export const hasEnums = (type: FieldType) => type === 'select' || type === 'multiselect' || type === 'radiobutton'

/** Which types an entity may have. Source: "Поля и группы полей", types × entities. */
export function mayHaveType(kind: EntityKind, type: FieldType): boolean {
  if (type === 'tracking_data') return kind === 'leads'
  if (type === 'multitext') return kind !== 'leads'
  return true
}

/** As `custom_fields_values` shows one field. */
export function readField(field: CustomField, values: readonly FieldValue[]): Record<string, unknown> {
  return {
    field_id: field.id,
    field_name: field.name,
    field_code: field.code,
    field_type: field.type,
    values: values.map((value) => readValue(field, value)),
  }
}

function readValue(field: CustomField, { value, enumId, enumCode }: FieldValue): Record<string, unknown> {
  const chosen = enumId === undefined ? undefined : field.enums?.find(({ id }) => id === enumId)
  if (hasEnums(field.type) && chosen !== undefined) return { value: chosen.value, enum_id: chosen.id, enum_code: chosen.code }
  if (enumId === undefined) return { value }
  return { value, enum_id: enumId, enum_code: enumCode ?? null }
}

const searchable: ReadonlySet<FieldType> = new Set(['text', 'textarea', 'url', 'streetaddress', 'multitext', 'tracking_data'])

/** Text that `query` looks through. Values are as stored: phones are not normalised. */
export function searchText(field: CustomField, values: readonly FieldValue[]): string {
  return searchable.has(field.type) ? values.map(({ value }) => String(value)).join('\n') : ''
}

/** Numeric codes of types in events. Source: codes of API v2; for newer types assumed. */
export const fieldTypeCodes: Record<FieldType, number> = {
  text: 1,
  numeric: 2,
  checkbox: 3,
  select: 4,
  multiselect: 5,
  date: 6,
  url: 7,
  multitext: 8,
  textarea: 9,
  radiobutton: 10,
  streetaddress: 11,
  smart_address: 13,
  birthday: 14,
  legal_entity: 15,
  date_time: 19,
  monetary: 20,
  tracking_data: 21,
}
