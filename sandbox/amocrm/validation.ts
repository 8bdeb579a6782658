import { problem, Refusal } from './reply.ts'

/** Codes of item errors. Source: "Коды ошибок" and reports of users. */
export type ErrorCode = 'NotSupportedChoice' | 'InvalidType' | 'FieldNotExpected' | 'FieldMissing'

export interface ItemError {
  code: string
  path: string
  detail: string
}

/** Reads one value; on a wrong one it adds errors and answers undefined. */
export type Parser<T> = (value: unknown, path: string, errors: ItemError[]) => T | undefined

export function fail(errors: ItemError[], code: Exclude<ErrorCode, 'InvalidType'>, path: string): undefined {
  const details = {
    NotSupportedChoice: 'The value you selected is not a valid choice.',
    FieldNotExpected: 'This field was not expected.',
    FieldMissing: 'This field is missing.',
  }
  errors.push({ code, path, detail: details[code] })
}

export function failType(errors: ItemError[], path: string, type: string): undefined {
  errors.push({ code: 'InvalidType', path, detail: `This value should be of type ${type}.` })
}

export const text: Parser<string> = (value, path, errors) => (typeof value === 'string' ? value : failType(errors, path, 'string'))

export const bool: Parser<boolean> = (value, path, errors) => (typeof value === 'boolean' ? value : failType(errors, path, 'bool'))

/** Whole, not negative, below 2^31: ids, sums, seconds. */
export const int: Parser<number> = (value, path, errors) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : failType(errors, path, 'int')

export const number: Parser<number> = (value, path, errors) =>
  typeof value === 'number' && Number.isFinite(value) ? value : failType(errors, path, 'float')

/** Read and dropped without a word. */
export const ignored: Parser<true> = () => true

/** Only echoed, never stored. */
export const requestId: Parser<string | number> = (value, path, errors) =>
  typeof value === 'string' || typeof value === 'number' ? value : failType(errors, path, 'string')

export function nullable<T>(parser: Parser<T>): Parser<T | null> {
  return (value, path, errors) => (value === null ? null : parser(value, path, errors))
}

export function oneOf<T extends string>(choices: readonly T[]): Parser<T> {
  return (value, path, errors) => choices.find((choice) => choice === value) ?? fail(errors, 'NotSupportedChoice', path)
}

/** A whole number that passes `isKnown`: an id, a status, a user. */
export function choiceOfInt(isKnown: (value: number) => boolean): Parser<number> {
  return (value, path, errors) => {
    const read = int(value, path, errors)
    return read === undefined || isKnown(read) ? read : fail(errors, 'NotSupportedChoice', path)
  }
}

export function list<T>(parser: Parser<T>, max = Infinity): Parser<T[]> {
  return (value, path, errors) => {
    if (!Array.isArray(value)) return failType(errors, path, 'array')
    if (value.length > max) return fail(errors, 'NotSupportedChoice', path)
    const parsed = value.map((item: unknown, index) => parser(item, `${path}.${index}`, errors))
    return parsed.flatMap((item) => (item === undefined ? [] : [item]))
  }
}

type Shape = Record<string, Parser<unknown>>
export type Parsed<S extends Shape> = { [K in keyof S]?: S[K] extends Parser<infer T> ? T : never }

/** An object with these keys and no others; all may be missing but the required ones. */
export function object<S extends Shape>(shape: S, required: readonly (keyof S & string)[] = []): Parser<Parsed<S>> {
  return (value, path, errors) => {
    if (!isObject(value)) return failType(errors, path, 'object')
    const at = (key: string) => (path === '' ? key : `${path}.${key}`)
    const parsed: Record<string, unknown> = {}
    for (const key of required) if (!(key in value)) fail(errors, 'FieldMissing', at(key))
    for (const [key, item] of Object.entries(value)) {
      const parser = Object.hasOwn(shape, key) ? shape[key] : undefined
      if (parser === undefined) fail(errors, 'FieldNotExpected', at(key))
      else parsed[key] = parser(item, at(key), errors)
    }
    // Every key was read by the parser of the same name.
    return parsed as Parsed<S>
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export interface ParsedItem<T> {
  /** As sent, or the position as a string. */
  requestId: string | number
  value: T
}

/** Reads every item; one bad item refuses the whole request with all errors of all items. */
export function parseItems<T>(items: readonly unknown[], parser: Parser<T>): ParsedItem<T>[] {
  const failures: { request_id: string; errors: ItemError[] }[] = []
  const parsed = items.flatMap((item, index) => {
    const errors: ItemError[] = []
    const value = parser(item, '', errors)
    const id = requestIdOf(item, index)
    if (errors.length > 0) failures.push({ request_id: String(id), errors })
    return value === undefined ? [] : [{ requestId: id, value }]
  })
  if (failures.length > 0) throw new Refusal(problem(400, 'Request validation failed', { 'validation-errors': failures }))
  return parsed
}

function requestIdOf(item: unknown, index: number): string | number {
  const sent = isObject(item) ? item.request_id : undefined
  return typeof sent === 'string' || typeof sent === 'number' ? sent : String(index)
}
