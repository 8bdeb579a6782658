import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { checkTogether } from './check-together.ts'
import { explainIssue, type Found } from './explain-issue.ts'
import { createLocator, type Locate, pathOfKeyAt, positionAt } from './locate.ts'
import { type Problem, toPlace } from './problems.ts'
import { WrittenSettings } from './written.ts'

export interface ParsedFile {
  /** null: something is wrong; all of it is in `problems`. */
  settings: WrittenSettings | null
  problems: Problem[]
  locate: Locate
}

/** Reads a settings file (YAML 1.2 core schema: `N`, `Y` and `NO` are texts). All problems are told at once, each with its place in the file. */
export function parseSettings(text: string): ParsedFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', uniqueKeys: true, logLevel: 'error' })
  const locate = createLocator(document, lines)
  const faults = [...document.errors, ...document.warnings].map((error) => toYamlProblem(error, document, lines))
  const broken = faults.filter(({ code }) => code !== 'duplicate-key')
  if (broken.length > 0) return { settings: null, problems: faults, locate }
  const raw = toPlain(document)
  if (!raw.ok)
    return { settings: null, problems: [{ place: '', path: [], line: 1, column: 1, code: 'yaml', params: { detail: raw.detail } }], locate }

  const parsed = WrittenSettings.safeParse(raw.value ?? {})
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explainIssue(issue, raw.value))
  const found = [...issues, ...checkTogether(raw.value)].map((one) => toProblem(one, locate))
  const problems = [...faults, ...found].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  return { settings: parsed.success && problems.length === 0 ? parsed.data : null, problems, locate }
}

const toProblem = (found: Found, locate: Locate): Problem => ({ ...found, place: toPlace(found.path), ...locate(found.path) })

/** A problem that the account gave, at its place in the file. `index`: of the connection in the file. */
export function placeInFile(problem: Problem, index: number, locate: Locate): Problem {
  const path = ['connections', index, ...problem.path]
  return { ...problem, path, place: toPlace(path), ...locate(path) }
}

/** Aliases are followed here; one without an anchor, or too many of them, throw. */
function toPlain(document: Document): { ok: true; value: unknown } | { ok: false; detail: string } {
  try {
    return { ok: true, value: document.toJS() }
  } catch (error) {
    if (error instanceof ReferenceError) return { ok: false, detail: error.message }
    throw error
  }
}

function toYamlProblem(error: YAMLError, document: Document, lines: LineCounter): Problem {
  const position = positionAt(error.pos[0], lines)
  if (error.code === 'DUPLICATE_KEY') {
    const path = pathOfKeyAt(document.contents, error.pos[0]) ?? []
    return { place: toPlace(path), path, ...position, code: 'duplicate-key', params: { key: String(path.at(-1) ?? '') } }
  }
  return { place: '', path: [], ...position, ...explainYaml(error) }
}

function explainYaml({ code, message }: YAMLError): Pick<Problem, 'code' | 'params'> {
  switch (code) {
    case 'BAD_INDENT':
      return { code: message.includes(' end with a ') ? 'yaml-quote' : 'yaml-indent' }
    case 'TAB_AS_INDENT':
      return { code: 'yaml-tab' }
    case 'MISSING_CHAR':
      return message.startsWith('Missing closing') || message.includes('flow') ? { code: 'yaml-quote' } : withDetail(message)
    case 'MULTIPLE_DOCS':
      return { code: 'yaml-documents' }
    case 'TAG_RESOLVE_FAILED':
      return { code: 'yaml-tag' }
    default:
      return withDetail(message)
  }
}

/** The library's sentence, without the picture of the line below it: a line may hold a secret. */
const withDetail = (message: string): Pick<Problem, 'code' | 'params'> => ({
  code: 'yaml',
  params: { detail: (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '') },
})
