import type { Params } from '../messages/language.ts'

/** Why a path, a template or a transform cannot be read. Words for people: settings/messages.ts. */
export type FieldProblemCode =
  | 'path-syntax'
  | 'path-root'
  | 'path-unknown'
  | 'path-section'
  | 'path-list'
  | 'template-open'
  | 'transform-syntax'
  | 'transform-unknown'
  | 'transform-no-argument'
  | 'transform-needs-argument'
  | 'transform-map'
  | 'transform-date'
  | 'transform-zone'

export interface FieldProblem {
  code: FieldProblemCode
  params: Params
  /** The nearest right text. */
  suggestion?: string
}

/** `at`: where in the text the trouble begins, counted from 0. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: FieldProblem; at: number }

export function unreadable(at: number, code: FieldProblemCode, params: Params = {}, suggestion?: string) {
  return { ok: false as const, at, problem: { code, params, ...(suggestion === undefined ? {} : { suggestion }) } }
}
