import { formatDate, readDate, unknownDateLetters } from './date-text.ts'
import { nearest } from './nearest.ts'
import { readNumber, roundHalfUp } from './number-text.ts'
import { type FieldProblemCode, type Parsed, unreadable } from './parsed.ts'
import { toE164 } from './phone.ts'
import { findOutside, splitOutside, unquote } from './scan.ts'
import { isTimeZone, timeZoneNames } from './time-zone.ts'

export interface TransformContext {
  /** Of the shop's site; dates are shown in UTC without it. */
  timeZone?: string
}

/** Values in, values out: a field may hold several. */
export type Transform = (values: string[], context?: TransformContext) => string[]

interface Wrong {
  code: FieldProblemCode
  params?: Record<string, string>
  suggestion?: string
}
type Make = (argument: string | undefined) => Transform | Wrong

const each =
  (change: (value: string) => string): Transform =>
  (values) =>
    values.map(change)
const plain =
  (transform: Transform): Make =>
  (argument) =>
    argument === undefined ? transform : { code: 'transform-no-argument' }
const withText =
  (make: (text: string) => Transform | Wrong): Make =>
  (argument = '') =>
    argument === '' ? { code: 'transform-needs-argument' } : make(argument)

const makers = new Map<string, Make>([
  ['trim', plain(each((value) => value.trim()))],
  ['lower', plain(each((value) => value.toLowerCase()))],
  ['upper', plain(each((value) => value.toUpperCase()))],
  ['digits', plain(each((value) => value.replace(/\D/g, '')))],
  ['phone', plain(each((value) => toE164(value) ?? value))],
  ['number', plain((values) => values.flatMap((value) => readNumber(value) ?? []))],
  ['round', plain((values) => values.flatMap((value) => readNumber(value) ?? []).map(roundHalfUp))],
  ['first', plain((values) => values.slice(0, 1))],
  ['date', withText(makeDate)],
  ['split', withText(makeSplit)],
  ['join', withText((argument) => (values) => (values.length === 0 ? [] : [values.join(unquote(argument))]))],
  ['map', withText(makeMap)],
  ['default', withText((argument) => (values) => (values.some((value) => value.trim() !== '') ? values : [unquote(argument)]))],
])

const transformNames = [...makers.keys()]

const call = /^(\s*)([A-Za-z]+)\s*(?:\((.*)\))?\s*$/su

/** `trim`, `date(dd.MM.yyyy)`, `map({N: Новый, "P": Оплачен})`. Quotes keep commas, brackets and outer spaces of an argument. */
export function parseTransform(text: string): Parsed<Transform> {
  const [, before = '', name = '', argument] = call.exec(text) ?? []
  if (name === '') return unreadable(0, 'transform-syntax', { text: text.trim() })
  const make = makers.get(name)
  if (make === undefined) {
    return unreadable(before.length, 'transform-unknown', { name, known: transformNames.join(', ') }, nearest(name, transformNames))
  }
  const made = make(argument)
  return typeof made === 'function'
    ? { ok: true, value: made }
    : unreadable(before.length, made.code, { name, ...made.params }, made.suggestion)
}

/** `date(dd.MM.yyyy HH:mm)` shows the time of the shop's site, `date(dd.MM.yyyy, Asia/Almaty)` that of another zone. What is no date stays as it is. */
function makeDate(argument: string): Transform | Wrong {
  const pieces = splitOutside(argument, ',')
  const last = (pieces.at(-1)?.text ?? '').trim()
  const zone = pieces.length > 1 && /^[A-Za-z]+(\/\w+)+$|^UTC$/.test(last) ? last : undefined
  if (zone !== undefined && !isTimeZone(zone)) return { code: 'transform-zone', params: { zone }, ...nearestZone(zone) }
  const pattern = unquote(zone === undefined ? argument : argument.slice(0, pieces.at(-1)?.at).replace(/,\s*$/, ''))
  const letters = unknownDateLetters(pattern)
  if (letters !== '') {
    const right = pattern.replace(/D/g, 'd').replace(/Y/g, 'y').replace(/h/g, 'H').replace(/S/g, 's')
    return { code: 'transform-date', params: { letters }, ...(unknownDateLetters(right) === '' ? { suggestion: `date(${right})` } : {}) }
  }
  return (values, context = {}) => {
    const shown = zone ?? (context.timeZone !== undefined && isTimeZone(context.timeZone) ? context.timeZone : 'UTC')
    return values.map((value) => {
      const date = readDate(value, shown)
      return date === null ? value : formatDate(date.wall, pattern)
    })
  }
}

function nearestZone(zone: string): { suggestion?: string } {
  const suggestion = nearest(zone, timeZoneNames())
  return suggestion === undefined ? {} : { suggestion }
}

function makeSplit(argument: string): Transform {
  const separator = unquote(argument)
  return (values) =>
    values
      .flatMap((value) => value.split(separator))
      .map((part) => part.trim())
      .filter((part) => part !== '')
}

/** Values that the table does not name stay as they are: losing one in silence would be worse. */
function makeMap(argument: string): Transform | Wrong {
  const body = /^\s*\{(.*)\}\s*$/su.exec(argument)?.[1]
  if (body === undefined) return { code: 'transform-map', params: { text: argument.trim() } }
  const table = new Map<string, string>()
  for (const { text } of splitOutside(body, ',')) {
    if (text.trim() === '') continue
    const colon = findOutside(text, ':')
    if (colon < 0) return { code: 'transform-map', params: { text: text.trim() } }
    table.set(unquote(text.slice(0, colon).trim()), unquote(text.slice(colon + 1).trim()))
  }
  return table.size === 0 ? { code: 'transform-map', params: { text: argument.trim() } } : each((value) => table.get(value) ?? value)
}
