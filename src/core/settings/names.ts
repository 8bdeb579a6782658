import { type Directory, type DirectoryField, type DirectoryPipeline, lostStatus, type Stage, wonStatus } from '../directory.ts'
import { nearest, plainName } from '../fields/nearest.ts'
import { type PipelineId, type UserId, userId } from '../ids.ts'
import type { Params } from '../messages/language.ts'
import type { ProblemCode } from './messages.ts'
import type { Path } from './problems.ts'

/** An id, or the name a person knows it by. */
export type Written = number | string
/** `path`: from the connection down. */
export type Report = (path: Path, code: ProblemCode, params?: Params, suggestion?: string) => void

interface Named {
  id: number
  name: string
}

/** By id, else by the very name, else by the name without case and ё. Several: the caller tells it. */
function pick<T extends Named>(wanted: Written, known: readonly T[], otherNames: (one: T) => string[] = () => []): T[] {
  const text = String(wanted).trim()
  const byId = known.filter(({ id }) => String(id) === text)
  if (byId.length > 0) return byId
  const names = (one: T) => [one.name, ...otherNames(one)]
  const exact = known.filter((one) => names(one).includes(text))
  return exact.length === 1 ? exact : known.filter((one) => names(one).some((name) => plainName(name) === plainName(text)))
}

/** The only one found; several or none are told. */
function theOne<T extends Named>(found: T[], wanted: Written, path: Path, report: Report, tellMissing: () => void): T | undefined {
  if (found.length === 1) return found[0]
  if (found.length === 0) tellMissing()
  else report(path, 'ambiguous', { name: String(wanted), ids: found.map(({ id }) => id).join(', ') })
  return undefined
}

const namesOf = (known: readonly Named[]) => known.map(({ name }) => name)

export function findPipeline(wanted: Written, { pipelines }: Directory, path: Path, report: Report): DirectoryPipeline | undefined {
  return theOne(pick(wanted, pipelines), wanted, path, report, () => {
    const suggestion = nearest(String(wanted), namesOf(pipelines)) ?? (pipelines.length === 1 ? pipelines[0]?.name : undefined)
    report(path, 'no-pipeline', { name: String(wanted) }, suggestion)
  })
}

/** A stage by id or name in the given pipeline; `Pipeline / Stage` and `pipeline:stage` name it anywhere. */
export function findStage(wanted: Written, pipelineId: PipelineId, directory: Directory, path: Path, report: Report): Stage | undefined {
  const own = directory.pipelines.find(({ id }) => id === pipelineId)
  if (own !== undefined && pick(wanted, own.statuses).length > 0) return stageIn(own, wanted, path, report)
  const [first, second] = splitStage(String(wanted), directory)
  if (first === undefined) return own && stageIn(own, wanted, path, report)
  const pipeline = findPipeline(first, directory, path, report)
  return pipeline && stageIn(pipeline, second, path, report)
}

/** `Pipeline / Stage`, `pipeline:stage`. Names may hold slashes and colons: what stands before must be a pipeline, or be told as none. */
function splitStage(text: string, { pipelines }: Directory): [string | undefined, string] {
  const slashes = partings(text, ' / ')
  const named = [...slashes, ...partings(text, ':')].find(([before]) => /^\d+$/.test(before) || pick(before, pipelines).length > 0)
  return named ?? slashes[0] ?? [undefined, text]
}

/** Every way to part the text at the mark. */
function partings(text: string, mark: string): [string, string][] {
  const pieces = text.split(mark)
  return pieces.slice(1).map((_, index) => [
    pieces
      .slice(0, index + 1)
      .join(mark)
      .trim(),
    pieces.slice(index + 1).join(mark),
  ])
}

function stageIn(pipeline: DirectoryPipeline, wanted: Written, path: Path, report: Report): Stage | undefined {
  const closing = [wonStatus, lostStatus].find((id) => String(id) === String(wanted).trim())
  if (closing !== undefined) return { pipelineId: pipeline.id, statusId: closing }
  const status = theOne(pick(wanted, pipeline.statuses), wanted, path, report, () => {
    const writable = pipeline.statuses.filter(({ unsorted }) => !unsorted)
    report(path, 'no-stage', { pipeline: pipeline.name, name: String(wanted) }, nearest(String(wanted), namesOf(writable)))
  })
  if (status === undefined) return undefined
  if (status.unsorted) {
    report(path, 'unsorted-stage', { name: status.name })
    return undefined
  }
  return { pipelineId: pipeline.id, statusId: status.id }
}

/** A user who may be made responsible. Where the list is closed to us an id is taken on trust: amoCRM will refuse a wrong one. */
export function findUser(wanted: Written, { users }: Directory, path: Path, report: Report): UserId | undefined {
  if (users === null) {
    if (/^\d+$/.test(String(wanted))) return userId(Number(wanted))
    report(path, 'users-hidden')
    return undefined
  }
  const found = pick(wanted, users, ({ email }) => (email === null ? [] : [email]))
  const assignable = found.filter((user) => user.assignable)
  const user = theOne(assignable.length > 0 ? assignable : found, wanted, path, report, () => {
    const known = users.filter((one) => one.assignable).flatMap(({ name, email }) => (email === null ? [name] : [name, email]))
    report(path, 'no-user', { name: String(wanted) }, nearest(String(wanted), known))
  })
  if (user?.assignable === false) report(path, 'inactive-user', { name: user.name })
  return user?.assignable ? user.id : undefined
}

export function findLossReason(wanted: Written, { lossReasons }: Directory, path: Path, report: Report): number | undefined {
  const found = theOne(pick(wanted, lossReasons), wanted, path, report, () =>
    report(path, 'no-loss-reason', { name: String(wanted) }, nearest(String(wanted), namesOf(lossReasons))),
  )
  return found?.id
}

/** By id, code or name; a code is found before a name that looks the same. */
export function pickField(wanted: Written, fields: readonly DirectoryField[]): DirectoryField[] {
  const byCode = fields.filter(({ code }) => code !== null && code === String(wanted).trim())
  return byCode.length === 1 ? byCode : pick(wanted, fields, ({ code }) => (code === null ? [] : [code]))
}

export function findField(wanted: Written, fields: readonly DirectoryField[], path: Path, report: Report): DirectoryField | undefined {
  return theOne(pickField(wanted, fields), wanted, path, report, () => {
    const known = fields.flatMap(({ code, name }) => (code === null ? [name] : [code, name]))
    report(path, 'no-field', { name: String(wanted) }, nearest(String(wanted), known))
  })
}
