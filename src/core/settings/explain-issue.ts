import type { z } from 'zod'
import { nearest } from '../fields/nearest.ts'
import type { Params } from '../messages/language.ts'
import { Finding } from './checks.ts'
import { isProblemCode, type ProblemCode } from './messages.ts'
import { ownValue } from './own-value.ts'
import type { Path } from './problems.ts'
import { secretPlaces, WrittenSettings } from './written.ts'

/** A problem before its place in the file is known. */
export interface Found {
  path: Path
  code: ProblemCode
  params?: Params
  suggestion?: string
  at?: number
}

/** What zod found, in our words. `raw` is the whole file as it was read. */
export function explainIssue(issue: z.core.$ZodIssue, raw: unknown): Found[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], key, path))
  const value = ownValue(raw, path)
  if (value === undefined) return [{ path, code: 'missing' }]
  if (issue.code === 'custom') return [{ path, code: codeOf(issue.message), ...plainFinding(issue.params) }]
  if (isProblemCode(issue.message)) return [{ path, code: issue.message }]
  return [{ path, ...explainValue(issue, value, isSecret(path)) }]
}

function explainValue(issue: z.core.$ZodIssue, value: unknown, secret: boolean): Omit<Found, 'path'> {
  switch (issue.code) {
    case 'invalid_type':
      return { code: 'wrong-type', params: { expected: issue.expected }, ...(secret ? {} : retyped(issue.expected, value)) }
    case 'invalid_value': {
      const known = issue.values.map(String)
      return { code: 'not-one-of', params: { known: known.join(', ') }, ...suggested(nearest(String(value), known)) }
    }
    case 'too_small':
      if (issue.origin === 'string') return { code: 'empty' }
      return { code: 'too-small', params: { least: String(issue.minimum) } }
    case 'too_big':
      return { code: 'too-big', params: { most: String(issue.maximum) } }
    default:
      return { code: 'wrong-type', params: { expected: issue.code } }
  }
}

const codeOf = (message: string): ProblemCode => (isProblemCode(message) ? message : 'wrong-type')

/** Without the keys that are undefined. */
function plainFinding(said: unknown): Pick<Found, 'params' | 'suggestion' | 'at'> {
  const { params, suggestion, at } = Finding.parse(said ?? {})
  return { ...(params && { params }), ...suggested(suggestion), ...(at === undefined ? {} : { at }) }
}

const suggested = (suggestion: string | undefined) => (suggestion === undefined ? {} : { suggestion })

const yes = ['yes', 'y', 'on', 'да']
const no = ['no', 'n', 'off', 'нет']

/** The same value written as the type that is wanted, where that is plain. */
function retyped(expected: string, value: unknown): { suggestion?: string } {
  const text = String(value)
  if (expected === 'boolean' && yes.includes(text.toLowerCase())) return { suggestion: 'true' }
  if (expected === 'boolean' && no.includes(text.toLowerCase())) return { suggestion: 'false' }
  if (typeof value === 'object') return {}
  if (expected === 'string') return { suggestion: JSON.stringify(text) }
  if (expected === 'array') return { suggestion: `[${text}]` }
  return ['number', 'int'].includes(expected) && /^\d+(\.\d+)?$/.test(text.trim()) ? { suggestion: text.trim() } : {}
}

/** A key with a near name at its own place, or the same name one section below. */
function unknownKey(path: Path, key: string, parent: Path): Found {
  const shape = shapeOf(schemaAt(parent))
  const near = nearest(key, Object.keys(shape))
  const below = Object.entries(shape).find(([, inner]) => Object.hasOwn(shapeOf(unwrap(inner)), key))
  return { path, code: 'unknown-key', params: { key }, ...suggested(near ?? (below && `${below[0]}.${key}`)) }
}

function schemaAt(path: Path): object {
  let schema = unwrap(WrittenSettings)
  for (const part of path) schema = unwrap(typeof part === 'number' ? Reflect.get(schema, 'element') : shapeOf(schema)[part])
  return schema
}

/** Optional schemas hold the real one; a list's `unwrap` would give its items. */
function unwrap(schema: unknown): object {
  let inner = schema
  while (typeof inner === 'object' && inner !== null && 'unwrap' in inner && typeof inner.unwrap === 'function' && !('element' in inner))
    inner = inner.unwrap()
  return typeof inner === 'object' && inner !== null ? inner : {}
}

function shapeOf(schema: object): Record<string, unknown> {
  const shape: unknown = 'shape' in schema ? schema.shape : {}
  return typeof shape === 'object' && shape !== null ? { ...shape } : {}
}

function isSecret(path: Path): boolean {
  const inside = path.slice(2).join('.')
  return secretPlaces.some((place) => place.join('.') === inside)
}
