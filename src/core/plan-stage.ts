import { type Directory, lostStatus, type Stage, wonStatus } from './directory.ts'
import { isSameStage } from './doubt.ts'
import type { Order } from './order.ts'

/** What the order said about its state when it was last pushed: a stage is written only when one of these changed since. */
export interface StageBasis {
  status: string
  cancelled: boolean
  paid: boolean
}

export type StageByStatus = Record<string, Stage>

/** The stage a new deal begins in: cancelled beats status, status beats paid, and without any the pipeline's first ordinary stage. */
export function firstStage(order: StageBasis, stages: StageByStatus, fallback: Stage): Stage {
  return stageOf(order, stages) ?? fallback
}

/** The stage of the order as it is; undefined: the settings name none for it. */
function stageOf(order: StageBasis, stages: StageByStatus): Stage | undefined {
  const wanted = order.cancelled ? stages.cancelled : undefined
  return wanted ?? stageOfStatus(order.status, stages) ?? (order.paid ? stages.paid : undefined)
}

/**
 * Where the deal belongs when an unanswered write may have moved it. Only from a stage that such a write wanted: where a person put it, it stays.
 */
export function stageAfterDoubt(order: StageBasis, doubtful: Stage[], current: Stage, stages: StageByStatus): Stage | undefined {
  return doubtful.some((stage) => isSameStage(stage, current)) ? stageOf(order, stages) : undefined
}

/** The stage a later state of the order asks for; undefined: the deal stays where it is. */
export function nextStage(order: StageBasis, before: StageBasis, stages: StageByStatus): Stage | undefined {
  if (order.cancelled) return before.cancelled ? undefined : stages.cancelled
  if (before.cancelled || order.status !== before.status) {
    const byStatus = stageOfStatus(order.status, stages)
    if (byStatus) return byStatus
  }
  return order.paid && !before.paid ? stages.paid : undefined
}

/** `cancelled`, `paid` and `deleted` in the map name conditions; a shop status of the same name is none of them. */
const conditions = new Set(['cancelled', 'paid', 'deleted'])
function stageOfStatus(status: string, stages: StageByStatus): Stage | undefined {
  return conditions.has(status) || !Object.hasOwn(stages, status) ? undefined : stages[status]
}

export type StageFit = { kind: 'write'; stage: Stage } | { kind: 'there' } | { kind: 'other-pipeline' }

/** A deal that a person moved to another pipeline is not pulled back: there only won and lost may be written. */
export function fitStage(wanted: Stage, current: Stage): StageFit {
  const closing = wanted.statusId === wonStatus || wanted.statusId === lostStatus
  const stage = closing ? { pipelineId: current.pipelineId, statusId: wanted.statusId } : wanted
  if (stage.pipelineId !== current.pipelineId) return { kind: 'other-pipeline' }
  return stage.statusId === current.statusId ? { kind: 'there' } : { kind: 'write', stage }
}

export const isClosed = (stage: Stage) => stage.statusId === wonStatus || stage.statusId === lostStatus

/** The stage new deals fall into when the settings name none. undefined: the pipeline is gone or has only its system stages. */
export function firstOrdinaryStage(directory: Directory, pipelineId: Stage['pipelineId']): Stage | undefined {
  const pipeline = directory.pipelines.find(({ id }) => id === pipelineId)
  const ordinary = pipeline?.statuses.find(({ id, unsorted }) => !unsorted && id !== wonStatus && id !== lostStatus)
  return ordinary && { pipelineId, statusId: ordinary.id }
}

/** Orders are read as their basis; the type says which part matters. */
export const basisOf = ({ status, cancelled, paid }: Order): StageBasis => ({ status, cancelled, paid })
