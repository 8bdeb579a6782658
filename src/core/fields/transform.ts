import { toKopecks } from '../money.ts'
import type { Parsed } from './path.ts'
import { toE164 } from './phone.ts'

/** Values in, values out: a field may hold several. */
export type Transform = (values: string[]) => string[]

type Make = (args: string) => Transform | string

const each =
  (change: (value: string) => string): Transform =>
  (values) =>
    values.map(change)
const plain =
  (transform: Transform): Make =>
  (args) =>
    args === '' ? transform : 'takes no arguments'
const withText =
  (make: (text: string) => Transform): Make =>
  (args) =>
    args === '' ? 'needs an argument in brackets' : make(unquote(args))

const makers: Record<string, Make> = {
  trim: plain(each((value) => value.trim())),
  lower: plain(each((value) => value.toLowerCase())),
  upper: plain(each((value) => value.toUpperCase())),
  digits: plain(each((value) => value.replace(/\D/g, ''))),
  phone: plain((values) => values.map((value) => toE164(value) ?? value)),
  number: plain((values) => values.flatMap(toNumberText)),
  round: plain((values) => values.flatMap(toNumberText).map((value) => String(Math.round(Number(value))))),
  first: plain((values) => values.slice(0, 1)),
  date: withText((pattern) => each((value) => formatDate(value, pattern))),
  split: withText((separator) => (values) => values.flatMap((value) => value.split(separator).map((part) => part.trim())).filter(Boolean)),
  join: withText((separator) => (values) => (values.length === 0 ? [] : [values.join(separator)])),
  default: withText((text) => (values) => (values.length === 0 ? [text] : values)),
}

export const transformNames = [...Object.keys(makers), 'map']

const call = /^\s*([a-z]+)\s*(?:\((.*)\))?\s*$/su

/** `trim`, `date(dd.MM.yyyy)`, `map({N: Новый, "P": Оплачен})`. */
export function parseTransform(text: string): Parsed<Transform> {
  const match = call.exec(text)
  const [, name = '', args = ''] = match ?? []
  if (!transformNames.includes(name)) return { ok: false, problem: `no such transform; there are: ${transformNames.join(', ')}`, at: 0 }
  const made = name === 'map' ? makeMap(args) : (makers[name]?.(args.trim()) ?? 'cannot be read')
  return typeof made === 'string' ? { ok: false, problem: `${name} ${made}`, at: text.indexOf(name) } : { ok: true, value: made }
}

/** Unmapped values stay as they are: losing one in silence would be worse. */
function makeMap(args: string): Transform | string {
  const body = /^\{(.*)\}$/su.exec(args.trim())?.[1]
  if (body === undefined) return 'needs {from: to, …}'
  const pairs = body.split(',').filter((pair) => pair.trim() !== '')
  const table = new Map<string, string>()
  for (const pair of pairs) {
    const colon = pair.indexOf(':')
    if (colon < 0) return `needs "from: to" where it has "${pair.trim()}"`
    table.set(unquote(pair.slice(0, colon).trim()), unquote(pair.slice(colon + 1).trim()))
  }
  return each((value) => table.get(value) ?? value)
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/su.exec(text)
  return quoted?.[2] ?? text
}

/** "1 234,50" and "1234.5" alike; no number gives no value, never a zero. */
function toNumberText(value: string): string[] {
  const text = value.replace(/[\s\u00a0]/gu, '').replace(',', '.')
  return text !== '' && Number.isFinite(Number(text)) ? [toKopecks(text) === undefined ? String(Number(text)) : text] : []
}

/** dd, MM, yyyy, yy, HH, mm, ss of the instant in UTC; what is no date stays as it is. */
function formatDate(value: string, pattern: string): string {
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return value
  const two = (part: number) => String(part).padStart(2, '0')
  const parts: Record<string, string> = {
    yyyy: String(at.getUTCFullYear()),
    yy: two(at.getUTCFullYear() % 100),
    MM: two(at.getUTCMonth() + 1),
    dd: two(at.getUTCDate()),
    HH: two(at.getUTCHours()),
    mm: two(at.getUTCMinutes()),
    ss: two(at.getUTCSeconds()),
  }
  return pattern.replace(/yyyy|yy|MM|dd|HH|mm|ss/g, (part) => parts[part] ?? part)
}
