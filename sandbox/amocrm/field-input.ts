import { bool, fail, failType, type ItemError, int, isObject, object, type Parser, text } from './validation.ts'
import type { Account } from './world/account.ts'
import type { CustomField, FieldType, FieldValue } from './world/fields.ts'
import type { EntityKind, FieldWrite } from './world/model.ts'

/** Reads `custom_fields_values` of a write. Source: "Поля и группы полей", shapes of values. */
export function customFields(account: Account, kind: EntityKind): Parser<FieldWrite[]> {
  return (value, path, errors) => {
    if (!Array.isArray(value)) return failType(errors, path, 'array')
    return value.flatMap((item: unknown, index) => readFieldWrite(account, kind, item, `${path}.${index}`, errors) ?? [])
  }
}

const keys = new Set(['field_id', 'field_code', 'values'])

function readFieldWrite(account: Account, kind: EntityKind, item: unknown, path: string, errors: ItemError[]): FieldWrite | undefined {
  if (!isObject(item)) return failType(errors, path, 'object')
  for (const key of Object.keys(item)) if (!keys.has(key)) fail(errors, 'FieldNotExpected', `${path}.${key}`)
  const field = readField(account, kind, item, path, errors)
  if (!('values' in item)) return fail(errors, 'FieldMissing', `${path}.values`)
  if (field === undefined) return undefined
  const values = readValues(field, item.values, `${path}.values`, errors)
  return values === undefined ? undefined : { field, values }
}

function readField(account: Account, kind: EntityKind, item: Record<string, unknown>, path: string, errors: ItemError[]) {
  const { field_id: id, field_code: code } = item
  const named = id === undefined || id === null ? 'field_code' : 'field_id'
  const at = `${path}.${named}`
  if (named === 'field_code' && (code === undefined || code === null)) return fail(errors, 'FieldMissing', `${path}.field_id`)
  if (named === 'field_id' && typeof id !== 'number') return failType(errors, at, 'int')
  if (named === 'field_code' && typeof code !== 'string') return failType(errors, at, 'string')
  const book = account.fields[kind]
  const field = typeof id === 'number' ? book.get(id) : book.byCode(String(code))
  if (field === undefined) return fail(errors, 'NotSupportedChoice', at)
  const refusal = account.refusedFields.find((refused) => refused.entity === kind && isNamed(field, refused.field))
  if (refusal === undefined) return field
  const detail = 'The value you selected is not a valid choice.'
  errors.push({ code: refusal.code ?? 'NotSupportedChoice', path: at, detail })
  return undefined
}

const isNamed = (field: CustomField, name: number | string) => field.id === name || (field.code !== null && field.code === name)

/** `null` clears the field. */
function readValues(field: CustomField, value: unknown, path: string, errors: ItemError[]): FieldValue[] | undefined {
  if (value === null) return []
  if (!Array.isArray(value) || value.length === 0) return failType(errors, path, 'array')
  if (value.length > 1 && !takesMany.has(field.type)) return fail(errors, 'NotSupportedChoice', path)
  const read = readers[field.type]
  const parsed = value.map((item: unknown, index) => read(field, item, `${path}.${index}`, errors))
  const values = parsed.flatMap((item) => (item === undefined ? [] : [item]))
  return values.filter(({ value: stored }) => stored !== '' && stored !== false)
}

const takesMany: ReadonlySet<FieldType> = new Set(['multitext', 'multiselect', 'smart_address'])

type Reader = (field: CustomField, item: unknown, path: string, errors: ItemError[]) => FieldValue | undefined

/** `{"value": …}` and nothing else. */
function plain(parser: Parser<unknown>): Reader {
  const shape = object({ value: parser }, ['value'])
  return (_, item, path, errors) => {
    const parsed = shape(item, path, errors)
    return parsed?.value === undefined ? undefined : { value: parsed.value }
  }
}

/** The docs ask for a string, numbers are accepted in practice; it comes back as a string. */
const numeric: Parser<string> = (value, path, errors) => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && /^-?\d+(?:[.,]\d+)?$/.test(value) ? value : failType(errors, path, 'numeric')
}

/** Unix seconds or RFC 3339. Stored as seconds. */
const moment: Parser<number> = (value, path, errors) => {
  if (typeof value === 'number' && Number.isInteger(value)) return int(Math.abs(value), path, errors) === undefined ? undefined : value
  const isRfc3339 = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)
  return isRfc3339 ? Math.floor(Date.parse(value) / 1000) : failType(errors, path, 'int')
}

/** By enum id, enum code or exact text; an unknown one is refused, never made. */
const select: Reader = (field, item, path, errors) => {
  if (!isObject(item)) return failType(errors, path, 'object')
  for (const key of Object.keys(item))
    if (key !== 'value' && key !== 'enum_id' && key !== 'enum_code') fail(errors, 'FieldNotExpected', `${path}.${key}`)
  const { value, enum_id: id, enum_code: code } = item
  const [key, chosen] =
    id !== undefined && id !== null
      ? (['enum_id', field.enums?.find((option) => option.id === id)] as const)
      : code !== undefined && code !== null
        ? (['enum_code', field.enums?.find((option) => option.code === code)] as const)
        : (['value', field.enums?.find((option) => option.value === value)] as const)
  if (chosen === undefined) return fail(errors, 'NotSupportedChoice', `${path}.${key}`)
  return { value: chosen.value, enumId: chosen.id }
}

const multitextShape = object({ value: text, enum_id: int, enum_code: text, enum: text }, ['value'])

/** Phones and e-mails: free text with a kind; the first kind of the field if none is named. */
const multitext: Reader = (field, item, path, errors) => {
  const parsed = multitextShape(item, path, errors)
  if (parsed?.value === undefined) return undefined
  const { enum_id: id, enum_code: code = parsed.enum } = parsed
  const chosen = field.enums?.find((option) => (id === undefined ? option.code === (code ?? 'WORK') : option.id === id))
  if (chosen === undefined) return fail(errors, 'NotSupportedChoice', `${path}.${id === undefined ? 'enum_code' : 'enum_id'}`)
  return { value: parsed.value, enumId: chosen.id, ...(chosen.code === null ? {} : { enumCode: chosen.code }) }
}

const addressParts = ['address_line_1', 'address_line_2', 'city', 'state', 'zip', 'country']
const addressShape = object({ value: text, enum_id: int, enum_code: text }, ['value'])

const smartAddress: Reader = (_, item, path, errors) => {
  const parsed = addressShape(item, path, errors)
  if (parsed?.value === undefined) return undefined
  const id = parsed.enum_id ?? addressParts.indexOf(parsed.enum_code ?? '') + 1
  const enumCode = addressParts[id - 1]
  return enumCode === undefined ? fail(errors, 'NotSupportedChoice', `${path}.enum_code`) : { value: parsed.value, enumId: id, enumCode }
}

const legalEntity = object(
  {
    name: text,
    entity_type: int,
    address: text,
    real_address: text,
    bank_account_number: text,
    director: text,
    vat_id: text,
    tax_registration_reason_code: text,
    kpp: text,
    bank_code: text,
    external_uid: text,
  },
  ['name'],
)

const readers: Record<FieldType, Reader> = {
  text: plain(text),
  textarea: plain(text),
  url: plain(text),
  streetaddress: plain(text),
  tracking_data: plain(text),
  numeric: plain(numeric),
  monetary: plain(numeric),
  checkbox: plain(bool),
  date: plain(moment),
  date_time: plain(moment),
  birthday: plain(moment),
  select,
  radiobutton: select,
  multiselect: select,
  multitext,
  smart_address: smartAddress,
  legal_entity: plain(legalEntity),
}
