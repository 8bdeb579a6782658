import type { DirectoryField } from '../directory.ts'
import { readDate } from './date-text.ts'
import { toEmail } from './email.ts'
import { plainName } from './nearest.ts'
import { readNumber } from './number-text.ts'
import { toE164 } from './phone.ts'
import type { TransformContext } from './transform.ts'

/** A custom field's value as the CRM port writes it. */
export interface FitValue {
  value?: string | number | boolean
  enumId?: number
  enumCode?: string
}
export type Unfit = 'not-in-list' | 'no-number' | 'no-date' | 'no-yes-or-no' | 'no-url' | 'several-values' | 'unsupported-type'
/** `leftover`: the whole text of a value that was cut, to be kept in the note. */
export type Fit = { ok: true; values: FitValue[]; leftover?: string } | { ok: false; reason: Unfit }

/** Tracking and text fields hold 255 characters, as far as is known (docs/facts/amocrm.md#unknowns, U10). */
const shortText = 255
const longText = 20_000

type Fitter = (values: string[], field: DirectoryField, context: TransformContext) => Fit

/** By amoCRM's field type. Types that take an object (legal_entity, file, items, linked_entity, chained_list) cannot be filled from text. */
const fitters = new Map<string, Fitter>([
  ['text', (values) => fitText(values, shortText)],
  ['streetaddress', (values) => fitText(values, shortText)],
  ['textarea', (values) => fitText(values, longText)],
  ['tracking_data', (values) => one(values.join(', ').slice(0, shortText))],
  ['smart_address', (values) => ({ ok: true, values: [{ value: cut(values.join(', '), shortText), enumCode: 'address_line_1' }] })],
  ['url', single(fitUrl)],
  ['numeric', single(fitNumber)],
  ['monetary', single(fitNumber)],
  ['price', single(fitNumber)],
  ['checkbox', single(fitYesOrNo)],
  ['date', single(fitDay)],
  ['birthday', single(fitDay)],
  ['date_time', single(fitInstant)],
  ['select', single((value, field) => fitEnums([value], field))],
  ['radiobutton', single((value, field) => fitEnums([value], field))],
  ['category', single((value, field) => fitEnums([value], field))],
  ['multiselect', fitEnums],
  ['multitext', (values, field) => ({ ok: true, values: values.map((value) => fitMultitext(value, field)) })],
])

/** Whether the settings may name a field of this type. */
export const isWritableType = (type: string) => fitters.has(type)

/** Puts text values into the shape the field's type takes. What does not fit is told, never thrown: it goes into the note. */
export function fitValues(texts: string[], field: DirectoryField, context: TransformContext = {}): Fit {
  const values = texts.map((text) => text.trim()).filter((text) => text !== '')
  if (values.length === 0) return { ok: true, values: [] }
  return fitters.get(field.type)?.(values, field, context) ?? unfit('unsupported-type')
}

const one = (value: string | number | boolean): Fit => ({ ok: true, values: [{ value }] })
const unfit = (reason: Unfit): Fit => ({ ok: false, reason })
const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

/** For types that hold one value: which of several is meant cannot be guessed (`first` and `join` say it). */
function single(take: (value: string, field: DirectoryField, context: TransformContext) => Fit): Fitter {
  return (values, field, context) => {
    const [value = '', ...others] = new Set(values)
    return others.length > 0 ? unfit('several-values') : take(value, field, context)
  }
}

function fitText(values: string[], length: number): Fit {
  const text = values.join(', ')
  const fit = one(cut(text, length))
  return fit.ok && text.length > length ? { ...fit, leftover: text } : fit
}

function fitUrl(text: string): Fit {
  if (/^https?:\/\/[^\s/]+\S*$/iu.test(text)) return one(text)
  return /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}([/?#]\S*)?$/u.test(text) ? one(`https://${text}`) : unfit('no-url')
}

function fitNumber(text: string): Fit {
  const number = readNumber(text)
  return number === null ? unfit('no-number') : one(number)
}

const yes = new Set(['y', 'yes', 'да', '1', 'true', 'on', '+'])
const no = new Set(['n', 'no', 'нет', '0', 'false', 'off', '-'])
function fitYesOrNo(text: string): Fit {
  const word = text.toLowerCase()
  if (yes.has(word)) return one(true)
  return no.has(word) ? one(false) : unfit('no-yes-or-no')
}

/** Midnight in UTC of the day the shop's clocks show: east of Greenwich that is the same day on everybody's calendar. */
function fitDay(text: string, _: DirectoryField, { timeZone }: TransformContext): Fit {
  const date = readDate(text, timeZone)
  if (date === null) return unfit('no-date')
  const { year, month, day } = date.wall
  return one(Date.UTC(year, month - 1, day) / 1000)
}

/** Unix seconds. */
function fitInstant(text: string, _: DirectoryField, { timeZone }: TransformContext): Fit {
  const date = readDate(text, timeZone)
  return date === null ? unfit('no-date') : one(Math.floor(date.at.getTime() / 1000))
}

/** By the text people see, else by the option's code or id. */
function fitEnums(texts: string[], { enums }: DirectoryField): Fit {
  const ids = texts.map((text) => {
    const shown = enums.find(({ value }) => plainName(value) === plainName(text))
    return (shown ?? enums.find(({ id, code }) => code === text || String(id) === text))?.id
  })
  return ids.every((id) => id !== undefined) ? { ok: true, values: [...new Set(ids)].map((enumId) => ({ enumId })) } : unfit('not-in-list')
}

/** Each value of a multitext has a kind: codes are the same in every account, ids are not. */
function fitMultitext(value: string, { code, enums }: DirectoryField): FitValue {
  const normal = code === 'PHONE' ? toE164(value) : code === 'EMAIL' ? toEmail(value) : value
  const wanted = code === 'PHONE' ? 'MOB' : 'WORK'
  const known = enums.flatMap((option) => option.code ?? [])
  const kind = known.length === 0 || known.includes(wanted) ? wanted : known[0]
  return { value: normal ?? value, ...(kind === undefined ? {} : { enumCode: kind }) }
}
