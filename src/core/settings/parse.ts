import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { parsePath } from '../fields/path.ts'
import { parseTemplate } from '../fields/template.ts'
import { parseTransform } from '../fields/transform.ts'
import { nearest } from './nearest.ts'
import type { Problem } from './problems.ts'
import { type WrittenConnection, type WrittenField, type WrittenOverlay, WrittenSettings } from './written.ts'

type Path = readonly PropertyKey[]

/** Reads a settings file (YAML 1.2 core schema: `N`, `Y` and `NO` are texts). All problems are told at once, each with its place in the file. */
export function parseSettings(text: string): { settings: WrittenSettings | null; problems: Problem[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', uniqueKeys: true })
  const locate = createLocator(document, lines)
  if (document.errors.length > 0) {
    return {
      settings: null,
      problems: document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0])
        const duplicate = error.code === 'DUPLICATE_KEY'
        const key = duplicate
          ? text
              .slice(...error.pos)
              .split(':')[0]
              ?.trim()
          : ''
        return {
          place: '',
          line,
          column: col,
          code: duplicate ? 'duplicate-key' : 'yaml',
          params: duplicate ? { key: key ?? '' } : { detail: firstLine(error.message) },
        }
      }),
    }
  }
  const parsed = WrittenSettings.safeParse(document.toJS())
  if (!parsed.success) return { settings: null, problems: parsed.error.issues.flatMap((issue) => toProblems(issue, locate)) }
  const problems = checkMeaning(parsed.data).map((problem) => ({ ...problem, ...locate(problem.path), place: toPlace(problem.path) }))
  return { settings: problems.length === 0 ? parsed.data : null, problems: problems.map(({ path: _, ...problem }) => problem) }
}

const firstLine = (message: string) => message.split('\n')[0] ?? message

function toProblems(issue: z.core.$ZodIssue, locate: ReturnType<typeof createLocator>): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path)
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      const suggestion = nearest(key, known)
      return {
        place: toPlace(path),
        ...locate(path),
        code: 'unknown-key',
        params: { key },
        ...(suggestion === undefined ? {} : { suggestion }),
      }
    })
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  return [
    {
      place: toPlace(issue.path),
      ...locate(issue.path),
      code: missing ? 'missing' : 'wrong-value',
      ...(missing ? {} : { params: { detail: issue.message } }),
    },
  ]
}

/** The keys the schema knows at this place. */
function knownKeys(path: Path): string[] {
  let schema: unknown = WrittenSettings
  for (const part of path)
    schema = typeof part === 'number' ? Reflect.get(unwrap(schema), 'element') : shapeOf(unwrap(schema))[String(part)]
  return Object.keys(shapeOf(unwrap(schema)))
}
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

export function toPlace(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

/** Where in the file a path stands: the key itself, or the nearest parent that is there. */
function createLocator(document: Document, lines: LineCounter) {
  return (path: Path): { line?: number; column?: number } => {
    for (let length = path.length; length >= 0; length -= 1) {
      const start = startOf(document, path.slice(0, length))
      if (start === undefined) continue
      const { line, col } = lines.linePos(start)
      return { line, column: col }
    }
    return {}
  }
}
function startOf(document: Document, path: Path): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isNode(key) && String(key) === String(path.at(-1)))
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}

type MeaningProblem = Omit<Problem, 'place'> & { path: Path }

/** What no schema of shapes can see: templates, paths, transforms, addresses, names that stand twice. */
function checkMeaning({ connections }: WrittenSettings): MeaningProblem[] {
  const names = connections.map(({ name }) => name)
  return connections.flatMap((connection, index) => {
    const path = ['connections', index]
    return [
      ...(names.indexOf(connection.name) < index
        ? [{ path: [...path, 'name'], code: 'duplicate-name' as const, params: { name: connection.name } }]
        : []),
      ...checkAddress(connection, path),
      ...checkOverlay(connection.orders ?? {}, [...path, 'orders']),
      ...(connection.orders?.rules ?? []).flatMap((rule, at) => checkOverlay(rule, [...path, 'orders', 'rules', at])),
      ...(connection.forms?.rules ?? []).flatMap((rule, at) => checkOverlay(rule, [...path, 'forms', 'rules', at])),
    ]
  })
}

const loopback = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\/?$/

function checkAddress({ amocrm }: WrittenConnection, path: Path): MeaningProblem[] {
  if (amocrm === undefined) return []
  if (amocrm.baseUrl !== undefined && !loopback.test(amocrm.baseUrl)) return [{ path: [...path, 'amocrm', 'baseUrl'], code: 'base-url' }]
  return amocrm.domain === undefined && amocrm.baseUrl === undefined ? [{ path: [...path, 'amocrm'], code: 'domain-or-base-url' }] : []
}

function checkOverlay({ name, fields = [] }: Pick<WrittenOverlay, 'name' | 'fields'>, path: Path): MeaningProblem[] {
  const template = name === undefined ? undefined : parseTemplate(name)
  return [
    ...(template?.ok === false
      ? [{ path: [...path, 'name'], code: 'template' as const, params: { at: template.at, detail: template.problem } }]
      : []),
    ...fields.flatMap((field, index) => checkField(field, [...path, 'fields', index])),
  ]
}

function checkField({ from, transform = [] }: WrittenField, path: Path): MeaningProblem[] {
  const source = parsePath(from)
  return [
    ...(source.ok ? [] : [{ path: [...path, 'from'], code: 'path' as const, params: { detail: source.problem } }]),
    ...transform.flatMap((text, index) => {
      const parsed = parseTransform(text)
      return parsed.ok
        ? []
        : [{ path: [...path, 'transform', index], code: 'transform' as const, params: { detail: `"${text}": ${parsed.problem}` } }]
    }),
  ]
}
