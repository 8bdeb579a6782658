import { type FieldId, fieldId } from '../core/ids.ts'
import type { FieldValue, FieldWrite } from '../ports/crm.ts'
import type { AmoFieldValues, AmoFieldWrite } from './client/routes/fields.ts'

/** The kind that a phone or an e-mail gets when nothing says otherwise. */
const defaultKind = { PHONE: 'MOB', EMAIL: 'WORK' } as const
type ContactCode = keyof typeof defaultKind

/** An empty array clears the field. */
export function toAmoField({ fieldId, values }: FieldWrite): AmoFieldWrite {
  return { field_id: fieldId, values: values.length === 0 ? null : values.map(toAmoValue) }
}

/** By code, so that no account's ids are needed; amoCRM wants the kind of each value. */
export function toAmoContactField(code: ContactCode, values: readonly FieldValue[]): AmoFieldWrite {
  const withKind = values.map((value) => toAmoValue({ ...value, enumCode: value.enumCode ?? defaultKind[code] }))
  return { field_code: code, values: withKind.length === 0 ? null : withKind }
}

export function toFieldMap(fields: readonly AmoFieldValues[]): ReadonlyMap<FieldId, FieldValue[]> {
  return new Map(fields.map(({ field_id, values }) => [fieldId(field_id), values.map(toFieldValue)]))
}

export function toContactValues(fields: readonly AmoFieldValues[], code: ContactCode): FieldValue[] {
  return fields.filter(({ field_code }) => field_code === code).flatMap(({ values }) => values.map(toFieldValue))
}

function toAmoValue({ value, enumId, enumCode }: FieldValue): { value?: string | number | boolean; enum_id?: number; enum_code?: string } {
  return {
    ...(value !== undefined && { value }),
    ...(enumId !== undefined && { enum_id: enumId }),
    ...(enumCode !== undefined && { enum_code: enumCode }),
  }
}

function toFieldValue({ value, enumId, enumCode }: AmoFieldValues['values'][number]): FieldValue {
  const ours = toPlainValue(value)
  return {
    ...(ours !== undefined && { value: ours }),
    ...(enumId !== undefined && { enumId }),
    ...(enumCode !== undefined && { enumCode }),
  }
}

function toPlainValue(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}
