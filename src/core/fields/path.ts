import { nearest } from './nearest.ts'
import { type Parsed, unreadable } from './parsed.ts'

/** One step of a path: a name, a position, or every item of a list. */
export type PathStep = { name: string } | { index: number } | { all: true }
export interface Path {
  text: string
  steps: PathStep[]
}

/** Where a path may begin. */
const pathRoots = ['order', 'form', 'answers', 'touch', 'buyer'] as const

const root = /^[\p{L}\p{N}_]+/u
const laterStep = /^(?:\.([\p{L}\p{N}_$#][\p{L}\p{N}_$#-]*)|\["([^"]+)"\]|\[(\d{1,6})\]|\[(\*)\])/u

/** `order.payments[0].system`, `order.lines[*].name`, `touch.last.utm_source`, `answers["Ваш телефон"]`. */
export function parsePath(text: string): Parsed<Path> {
  const start = root.exec(text)?.[0] ?? ''
  if (!pathRoots.some((known) => known === start)) {
    const rightRoot = nearest(start, pathRoots)
    return unreadable(0, 'path-root', { root: start, known: pathRoots.join(', ') }, rightRoot && `${rightRoot}${text.slice(start.length)}`)
  }
  const steps: PathStep[] = [{ name: start }]
  for (let at = start.length; at < text.length; ) {
    const match = laterStep.exec(text.slice(at))
    if (!match) return unreadable(at, 'path-syntax', { rest: text.slice(at) })
    steps.push(toStep(match))
    at += match[0].length
  }
  return { ok: true, value: { text, steps: joinRawName(steps) } }
}

function toStep([, dotted, quoted, index]: RegExpExecArray): PathStep {
  const name = dotted ?? quoted
  if (name !== undefined) return { name }
  return index === undefined ? { all: true } : { index: Number(index) }
}

/** `order.properties.CITY.raw` is one property: the shop sends the raw value under the key `CITY.raw`. */
function joinRawName(steps: PathStep[]): PathStep[] {
  const names = steps.map((step) => ('name' in step ? step.name : ''))
  const [first, second, code, last] = names
  return steps.length === 4 && first === 'order' && second === 'properties' && last === 'raw' && code !== ''
    ? [...steps.slice(0, 2), { name: `${code}.raw` }]
    : steps
}

/** What stands at the path, as text: no value gives none, `[*]` may give several. Reads own properties only, so no prototype can be reached. */
export function readPath(path: Path, data: Record<string, unknown>): string[] {
  let found: unknown[] = [data]
  for (const step of path.steps) found = found.flatMap((value) => takeStep(value, step))
  return found.flatMap(toTexts)
}

function takeStep(value: unknown, step: PathStep): unknown[] {
  if ('all' in step) return Array.isArray(value) ? value : []
  if ('index' in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.hasOwn(value, step.name) ? [Reflect.get(value, step.name)] : []
}

function toTexts(value: unknown): string[] {
  if (value === null || value === undefined || value === '') return []
  if (Array.isArray(value)) return value.flatMap(toTexts)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}
