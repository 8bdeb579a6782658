import { commonShape, refusingKeys, replacedTags, tagList } from './entity-input.ts'
import { problem, Refusal } from './reply.ts'
import {
  bool,
  choiceOfInt,
  fail,
  type ItemError,
  ignored,
  int,
  list,
  nullable,
  object,
  oneOf,
  type Parsed,
  type Parser,
  text,
} from './validation.ts'
import { type Account, firstStage, isUnsorted, mainPipeline } from './world/account.ts'
import { type Lead, lostStatusId } from './world/model.ts'

/** Keys of a lead in every kind of write. Source: "Сделки". */
export function leadShape(account: Account) {
  return {
    ...commonShape(account, 'leads'),
    price: int,
    pipeline_id: choiceOfInt((id) => account.pipelines.has(id)),
    status_id: int,
    closed_at: nullable(int),
    loss_reason_id: nullable(choiceOfInt((id) => account.lossReasons.has(id))),
  }
}

export const source = object({ external_id: text, type: oneOf(['widget']) }, ['external_id'])

/** Only those that exist can be linked on creation. */
function existing(account: Account, kind: 'contacts' | 'companies') {
  return object({ id: choiceOfInt((id) => account[kind].find(id) !== undefined), is_main: bool }, ['id'])
}

const createShape = (account: Account) => ({
  ...leadShape(account),
  _embedded: object({
    tags: replacedTags(account, 'leads'),
    contacts: list(existing(account, 'contacts')),
    companies: list(existing(account, 'companies'), 1),
    source,
  }),
})

/** Contacts and companies in a PATCH are dropped without a word: only links change them. */
const patchShape = (account: Account) => ({
  ...leadShape(account),
  tags_to_delete: tagList(account, 'leads'),
  _embedded: object({ tags: replacedTags(account, 'leads'), contacts: ignored, companies: ignored }),
})

export type LeadDraft = Parsed<ReturnType<typeof createShape>>
export type LeadPatch = Parsed<ReturnType<typeof patchShape>>

export function leadCreateParser(account: Account): Parser<LeadDraft> {
  return checkingStage(account, undefined, refusingKeys(account, 'leads', object(createShape(account))))
}

export function leadPatchParser(account: Account, stored: Lead | undefined): Parser<LeadPatch> {
  return checkingStage(account, stored, refusingKeys(account, 'leads', object(patchShape(account))))
}

export interface StageDraft {
  pipeline_id?: number
  status_id?: number
}

export interface Stage {
  pipelineId: number
  statusId: number
}

/** Where a write puts the lead: the pair decides, a pipeline alone means its first stage. */
export function stageOf(account: Account, { pipeline_id, status_id }: StageDraft, stored: Stage | undefined): Stage {
  const pipelineId = pipeline_id ?? stored?.pipelineId ?? mainPipeline(account).id
  const pipeline = account.pipelines.get(pipelineId) ?? mainPipeline(account)
  if (status_id !== undefined) return { pipelineId, statusId: status_id }
  const stays = stored !== undefined && stored.pipelineId === pipelineId && !isUnsorted(account, pipelineId, stored.statusId)
  return { pipelineId, statusId: stays ? stored.statusId : firstStage(pipeline) }
}

/** The unsorted status cannot be written, nor a status of another pipeline. */
export function checkingStage<D extends StageDraft>(account: Account, stored: Stage | undefined, parser: Parser<D>): Parser<D> {
  return (value, path, errors) => {
    const draft = parser(value, path, errors)
    if (draft !== undefined) checkStage(account, draft, stored, errors)
    return draft
  }
}

function checkStage(account: Account, draft: StageDraft, stored: Stage | undefined, errors: ItemError[]): void {
  if (draft.status_id === undefined) return
  const { pipelineId, statusId } = stageOf(account, draft, stored)
  const status = account.pipelines.get(pipelineId)?.statuses.get(statusId)
  if (status === undefined || status.type === 1) fail(errors, 'NotSupportedChoice', 'status_id')
}

/** The second shape of 400: by entity id, or by position where there is none yet. */
export function refuseLossReasons(keys: readonly (string | number)[]): void {
  if (keys.length === 0) return
  const errors = Object.fromEntries(keys.map((key) => [key, 'Loss reason can be specified only for lost lead']))
  throw new Refusal(problem(400, 'Invalid request body', { errors }))
}

export const isLost = ({ statusId }: Stage) => statusId === lostStatusId
