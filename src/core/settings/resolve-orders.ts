import { type Directory, lostStatus, type Stage, wonStatus } from '../directory.ts'
import { plainName } from '../fields/nearest.ts'
import { type PipelineId, pipelineId } from '../ids.ts'
import { orderDefaults, withDefaults } from './defaults.ts'
import { findLossReason, findPipeline, findStage, findUser, type Report, type Written } from './names.ts'
import type { Path } from './problems.ts'
import { layFields, resolveFields } from './resolve-field.ts'
import type { OrderSettings, Responsible } from './resolved.ts'
import type { WrittenConnection, WrittenOverlay } from './written.ts'

export interface Resolving {
  directory: Directory
  report: Report
  /** A path from the connection down as incidents name it: `shop-1.orders.fields[3]`. */
  placeOf: (path: Path) => string
}

/** The values of `orders`, rules apart. `since`: when live work begins where the settings do not say. */
export function resolveBase(written: WrittenConnection, since: Date, resolving: Resolving): OrderSettings {
  const { orders = {} } = written
  const { enabled, currencies } = withDefaults(written).orders
  const defaults: OrderSettings = {
    ...orderDefaults,
    enabled,
    since: orders.since === undefined ? since : new Date(orders.since),
    pipelineId: mainPipelineId(resolving),
    currencies,
  }
  return layOver(defaults, orders, ['orders'], resolving)
}

/** The pipeline of whatever names none. */
function mainPipelineId({ directory, report }: Resolving): PipelineId {
  const main = directory.pipelines.find((pipeline) => pipeline.main) ?? directory.pipelines[0]
  if (main === undefined) report(['orders', 'pipeline'], 'no-pipelines')
  return main?.id ?? pipelineId(0)
}

/** Lays written values over those below. Maps are laid key by key, lists are replaced, a field replaces one that fills the same place. */
export function layOver(below: OrderSettings, over: WrittenOverlay, path: Path, resolving: Resolving): OrderSettings {
  const { directory, report, placeOf } = resolving
  const pipeline = over.pipeline === undefined ? undefined : findPipeline(over.pipeline, directory, [...path, 'pipeline'], report)
  const ownPipeline = pipeline?.id ?? below.pipelineId
  return {
    ...below,
    pipelineId: ownPipeline,
    name: over.name ?? below.name,
    stages: {
      ...moveStages(below.stages, ownPipeline, directory),
      ...mapNames(over.stages, [...path, 'stages'], (name, at) => findOwnStage(name, ownPipeline, at, resolving)),
    },
    lossReasons: {
      ...below.lossReasons,
      ...mapNames(over.lossReason, [...path, 'lossReason'], (name, at) => findLossReason(name, directory, at, report)),
    },
    responsible: resolveResponsible(below.responsible, over.responsible, [...path, 'responsible'], resolving),
    tags: over.tags ?? below.tags,
    lines: over.lines ?? below.lines,
    fields: layFields(below.fields, resolveFields(over.fields ?? [], directory, [...path, 'fields'], placeOf, report)),
  }
}

function mapNames<T>(
  written: Record<string, Written> | undefined,
  path: Path,
  find: (name: Written, path: Path) => T | undefined,
): Record<string, T> {
  const found = Object.entries(written ?? {}).flatMap(([key, name]): [string, T][] => {
    const one = find(name, [...path, key])
    return one === undefined ? [] : [[key, one]]
  })
  return Object.fromEntries(found)
}

/** Statuses move a deal within its pipeline: a stage of another one could never be written. */
function findOwnStage(name: Written, own: PipelineId, path: Path, { directory, report }: Resolving): Stage | undefined {
  const stage = findStage(name, own, directory, path, report)
  if (stage === undefined || stage.pipelineId === own) return stage
  const nameOf = (wanted: PipelineId) => directory.pipelines.find(({ id }) => id === wanted)?.name ?? String(wanted)
  report(path, 'stage-elsewhere', { name: String(name), pipeline: nameOf(stage.pipelineId), own: nameOf(own) })
  return undefined
}

/** Stages of the values above, as far as the rule's pipeline has them: won and lost always, others under the same name. */
function moveStages(stages: Record<string, Stage>, to: PipelineId, { pipelines }: Directory): Record<string, Stage> {
  const target = pipelines.find(({ id }) => id === to)
  const moved = Object.entries(stages).flatMap(([key, stage]): [string, Stage][] => {
    if (stage.pipelineId === to) return [[key, stage]]
    if (stage.statusId === wonStatus || stage.statusId === lostStatus) return [[key, { ...stage, pipelineId: to }]]
    const from = pipelines.find(({ id }) => id === stage.pipelineId)
    const name = from?.statuses.find(({ id }) => id === stage.statusId)?.name
    const same = target?.statuses.find((status) => !status.unsorted && name !== undefined && plainName(status.name) === plainName(name))
    return same ? [[key, { pipelineId: to, statusId: same.id }]] : []
  })
  return Object.fromEntries(moved)
}

export function resolveResponsible(
  below: Responsible,
  written: WrittenOverlay['responsible'],
  path: Path,
  { directory, report }: Resolving,
): Responsible {
  if (written === undefined) return below
  const { rule = below.rule, users: names } = written
  const users = names?.flatMap((name, index) => findUser(name, directory, [...path, 'users', index], report) ?? [])
  if (rule !== 'previous' && (names ?? below.users).length === 0) report([...path, 'users'], 'users-needed')
  return { rule, users: users ?? below.users }
}
