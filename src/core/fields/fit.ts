import type { DirectoryField } from '../directory.ts'
import { toEmail } from './email.ts'
import { toE164 } from './phone.ts'

/** A custom field's value as the CRM port writes it. */
export interface FitValue {
  value?: string | number | boolean
  enumId?: number
  enumCode?: string
}
export type Fit =
  | { ok: true; values: FitValue[] }
  | { ok: false; reason: 'not-in-list' | 'no-number' | 'no-date' | 'no-yes-or-no' | 'unsupported-type' }

/** Tracking and text fields hold 255 characters, as far as is known (docs/facts/amocrm.md#unknowns, U10). */
const shortText = 255
const longText = 20_000

/** Puts text values into the shape the field's type takes. What does not fit is told, never thrown: it goes into the note. */
export function fitValues(texts: string[], field: DirectoryField): Fit {
  const values = texts.map((text) => text.trim()).filter((text) => text !== '')
  const [first] = values
  if (first === undefined) return { ok: true, values: [] }
  const joined = values.join(', ')
  switch (field.type) {
    case 'text':
    case 'streetaddress':
    case 'tracking_data':
      return one(cut(joined, shortText))
    case 'textarea':
      return one(cut(joined, longText))
    case 'url':
      return one(first)
    case 'numeric':
    case 'monetary':
    case 'price':
      return fitNumber(first)
    case 'checkbox':
      return fitYesOrNo(first)
    case 'date':
    case 'date_time':
    case 'birthday':
      return fitDate(first)
    case 'select':
    case 'radiobutton':
      return fitEnums([first], field)
    case 'multiselect':
      return fitEnums(values, field)
    case 'multitext':
      return { ok: true, values: values.map((value) => fitMultitext(value, field.code)) }
    case 'smart_address':
      return { ok: true, values: [{ value: cut(joined, shortText), enumCode: 'address_line_1' }] }
    default:
      return { ok: false, reason: 'unsupported-type' }
  }
}

const one = (value: string | number | boolean): Fit => ({ ok: true, values: [{ value }] })
const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

function fitNumber(text: string): Fit {
  const plain = text.replace(/[\s\u00a0]/gu, '').replace(',', '.')
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? one(plain) : { ok: false, reason: 'no-number' }
}

const yes = new Set(['y', 'yes', 'да', '1', 'true', 'on', '+'])
const no = new Set(['n', 'no', 'нет', '0', 'false', 'off', '-'])
function fitYesOrNo(text: string): Fit {
  const word = text.toLowerCase()
  if (yes.has(word)) return one(true)
  return no.has(word) ? one(false) : { ok: false, reason: 'no-yes-or-no' }
}

/** RFC 3339, or the Russian 31.12.2026; unix seconds as amoCRM keeps them. */
function fitDate(text: string): Fit {
  const russian = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text)
  const at = Date.parse(russian ? `${russian[3]}-${russian[2]}-${russian[1]}T00:00:00Z` : text)
  return Number.isNaN(at) ? { ok: false, reason: 'no-date' } : one(Math.floor(at / 1000))
}

const sameWord = (text: string) => text.trim().toLowerCase().replaceAll('ё', 'е')
function fitEnums(texts: string[], field: DirectoryField): Fit {
  const values: FitValue[] = []
  for (const text of texts) {
    const known = field.enums.find((option) => sameWord(option.value) === sameWord(text) || option.code === text)
    if (!known) return { ok: false, reason: 'not-in-list' }
    values.push({ enumId: known.id })
  }
  return { ok: true, values }
}

function fitMultitext(value: string, code: string | null): FitValue {
  if (code === 'PHONE') return { value: toE164(value) ?? value, enumCode: 'MOB' }
  return { value: code === 'EMAIL' ? (toEmail(value) ?? value) : value, enumCode: 'WORK' }
}
