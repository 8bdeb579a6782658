import type { Refusal } from '../core/crm-failure.ts'
import type { FieldEntity } from '../core/directory.ts'
import type { ValidationProblem } from './client/problems.ts'
import type { AmoFieldWrite } from './client/routes/fields.ts'

/** What of a sent row a complaint may point into. */
export interface SentRow {
  custom_fields_values?: AmoFieldWrite[]
  to_entity_type?: 'contacts' | 'companies'
  _embedded?: { contacts?: object[]; companies?: object[] }
}
/** What a refused request held: rows as they were sent, each with the key it came under. */
export interface SentBatch {
  entity: FieldEntity
  keys: readonly string[]
  rows: readonly SentRow[]
}

const plainFields: Readonly<Record<string, Exclude<NonNullable<Refusal['field']>['kind'], 'custom'>>> = {
  responsible_user_id: 'responsible',
  status_id: 'stage',
  pipeline_id: 'stage',
  price: 'price',
  name: 'name',
  first_name: 'name',
  last_name: 'name',
  tags_to_add: 'tags',
  tags_to_delete: 'tags',
}

/** Finds for one of amoCRM's complaints the item and the field it is about, as far as it says. */
export function toRefusal({ item, code, path, detail }: ValidationProblem, sent: SentBatch): Refusal {
  const index = findIndex(item, sent.keys)
  const row = index === undefined ? undefined : sent.rows[index]
  const place = toPlace(path.split('.'), sent.entity, row)
  return {
    key: (index === undefined ? undefined : sent.keys[index]) ?? null,
    code,
    entity: place.entity,
    field: toField(place),
    path,
    detail,
  }
}

/** amoCRM names an item by the request_id or the id it was sent with, else by its position; in a batch of one there is no doubt. */
function findIndex(item: string | null, keys: readonly string[]): number | undefined {
  if (item === null) return keys.length === 1 ? 0 : undefined
  const byKey = keys.indexOf(item)
  if (byKey !== -1) return byKey
  return /^\d+$/.test(item) && Number(item) < keys.length ? Number(item) : undefined
}

interface Place {
  entity: FieldEntity
  /** Sent inside a deal. */
  embedded: boolean
  steps: readonly string[]
  row: SentRow | undefined
}

/** Descends into the contact or the company that was sent inside a deal. */
function toPlace(steps: readonly string[], entity: FieldEntity, row: SentRow | undefined): Place {
  const [first, list, position, ...rest] = steps
  if (first !== '_embedded' || (list !== 'contacts' && list !== 'companies')) return { entity, embedded: false, steps, row }
  const part = row?._embedded?.[list]?.[Number(position ?? 0)]
  return { entity: list === 'contacts' ? 'contact' : 'company', embedded: true, steps: rest, row: part }
}

function toField({ entity, embedded, steps, row }: Place): Refusal['field'] {
  const [name = '', position] = steps
  if (name === 'custom_fields_values' && position !== undefined) return toCustomField(Number(position), row)
  if (name === 'to_entity_id') return { kind: row?.to_entity_type === 'companies' ? 'company' : 'contact' }
  if (embedded && (name === 'id' || name === '') && entity !== 'deal') return { kind: entity }
  const kind = plainFields[name]
  return kind === undefined ? null : { kind }
}

function toCustomField(index: number, row: SentRow | undefined): Refusal['field'] {
  const sent = row?.custom_fields_values?.[index]
  if (sent === undefined) return { kind: 'custom', index, fieldId: null }
  return 'field_id' in sent
    ? { kind: 'custom', index, fieldId: sent.field_id }
    : { kind: 'custom', index, fieldId: null, fieldCode: sent.field_code }
}
