import { fill, type Language, type Params } from '../messages/language.ts'
import { expectedWords, frameWords, type ProblemCode, problemTexts } from './messages.ts'

/** Keys and positions from the root of what was read. */
export type Path = readonly (string | number)[]

/** Something wrong in the settings: where, what, and the nearest right value. Never holds a secret. */
export interface Problem {
  /** `connections[0].orders.stages.N` in a file, `shop-1.orders.stages.N` beside the account. */
  place: string
  /** From the root of the file; from the connection where the account was asked. */
  path: Path
  /** In the file, from 1, where it is known. */
  line?: number
  column?: number
  /** Which character of the value, from 1: in templates and paths. */
  at?: number
  code: ProblemCode
  params?: Params
  suggestion?: string
}

/** A problem in words. */
export interface ProblemInWords {
  place: string
  line?: number
  column?: number
  text: string
  /** How to mend it. */
  fix?: string
  suggestion?: string
}

export function describeProblem(problem: Problem, language: Language): ProblemInWords {
  const { place, line, column, at, code, suggestion } = problem
  const params = paramsIn(problem, language)
  const { text, fix } = problemTexts[code][language]
  const character = at === undefined ? '' : ` (${fill(frameWords[language].character, { at })})`
  return {
    place,
    ...(line === undefined ? {} : { line, column: column ?? 1 }),
    text: `${fill(text, params)}${character}`,
    ...(fix === undefined ? {} : { fix: fill(fix, params) }),
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

/** "12:5 connections[0].orders.stages.N: … Did you mean …?" on one line. */
export function renderProblem(problem: Problem, language: Language): string {
  const { place, line, column, text, fix, suggestion } = describeProblem(problem, language)
  const where = [line === undefined ? '' : `${line}:${column}`, place].filter(Boolean).join(' ')
  const meant = suggestion === undefined ? undefined : fill(frameWords[language].meant, { suggestion })
  const rest = [fix, meant].filter((sentence) => sentence !== undefined)
  return [where, rest.length === 0 ? text : [`${text}.`, ...rest].join(' ')].filter(Boolean).join(': ')
}

function paramsIn({ code, params = {} }: Problem, language: Language): Params {
  if (code !== 'wrong-type') return params
  const { expected } = params
  return { ...params, expected: expectedWords[String(expected)]?.[language] ?? String(expected) }
}

/** `connections[0].orders.stages.N` */
export function toPlace(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}
