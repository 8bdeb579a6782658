import type { Directory, DirectoryField, FieldEntity } from '../directory.ts'
import type { FieldId } from '../ids.ts'
import { pickField } from './names.ts'

export interface OwnField {
  entity: FieldEntity
  code: string
  name: string
  type: 'text' | 'url'
  apiOnly: boolean
}
type OwnName = 'dealKey' | 'dealUrl' | 'companyInn' | 'companyKpp'

interface Wanted {
  field: OwnField
  /** Types in which an account's field can hold our value. */
  types: readonly string[]
  /** Codes and names under which the account may have had such a field before us. */
  alsoKnownAs: readonly string[]
}

const texts = ['text', 'textarea', 'numeric']
const wanted: Record<OwnName, Wanted> = {
  dealKey: {
    field: { entity: 'deal', code: 'AMOBRIDGE_KEY', name: 'Ключ Amobridge', type: 'text', apiOnly: true },
    types: ['text'],
    alsoKnownAs: [],
  },
  dealUrl: {
    field: { entity: 'deal', code: 'AMOBRIDGE_URL', name: 'Заказ на сайте', type: 'url', apiOnly: false },
    types: ['url', 'text'],
    alsoKnownAs: [],
  },
  companyInn: {
    field: { entity: 'company', code: 'AMOBRIDGE_INN', name: 'ИНН', type: 'text', apiOnly: false },
    types: texts,
    alsoKnownAs: ['INN', 'ИНН'],
  },
  companyKpp: {
    field: { entity: 'company', code: 'AMOBRIDGE_KPP', name: 'КПП', type: 'text', apiOnly: false },
    types: texts,
    alsoKnownAs: ['KPP', 'КПП'],
  },
}
const wantedList = Object.values(wanted)

/** Codes that only we write. */
export const ownFieldCodes: ReadonlySet<string> = new Set(wantedList.map(({ field }) => field.code))

/** Where our own values stand in this account; null: that field is missing. INN and KPP may be fields the account had before us. */
export function ownFields(directory: Directory): Record<OwnName, FieldId | null> {
  const idOf = (one: Wanted) => find(one, directory)?.id ?? null
  return {
    dealKey: idOf(wanted.dealKey),
    dealUrl: idOf(wanted.dealUrl),
    companyInn: idOf(wanted.companyInn),
    companyKpp: idOf(wanted.companyKpp),
  }
}

/** Fields that have to be made in the account before the first order. */
export function missingFields(directory: Directory): OwnField[] {
  return wantedList.filter((one) => find(one, directory) === undefined).map(({ field }) => field)
}

/** Fields that carry our code and cannot hold our value: they can be neither used nor made. */
export function wrongOwnFields({ fields }: Directory): { code: string; type: string; wanted: string }[] {
  return wantedList.flatMap(({ field, types }) =>
    fields
      .filter(({ entity, code, type }) => entity === field.entity && code === field.code && !types.includes(type))
      .map(({ type }) => ({ code: field.code, type, wanted: field.type })),
  )
}

function find({ field, types, alsoKnownAs }: Wanted, { fields }: Directory): DirectoryField | undefined {
  const fitting = fields.filter(({ entity, type }) => entity === field.entity && types.includes(type))
  const ours = fitting.find(({ code }) => code === field.code)
  return ours ?? alsoKnownAs.map((name) => pickField(name, fitting)[0]).find((found) => found !== undefined)
}
