import { type ApiRequest, requireAdmin, requireItems, requirePatchObject } from '../api-request.ts'
import { selfLink } from '../paging.ts'
import { hal, noContent, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import { bool, int, list, nullable, object, oneOf, parseItems, requestId, text } from '../validation.ts'
import { type Account, firstStage } from '../world/account.ts'
import { closingStatuses } from '../world/default-world.ts'
import { changeLead } from '../world/leads.ts'
import type { Lead, Pipeline, Status } from '../world/model.ts'
import { pipelineOf, viewPipeline, viewStatus } from './pipelines.ts'

/** Administrators only. Source: "Воронки и этапы". */
export const pipelineWriteRoutes: Route[] = [
  { method: 'POST', pattern: '/leads/pipelines', handle: addPipelines },
  { method: 'PATCH', pattern: '/leads/pipelines/{id}', handle: changePipeline },
  { method: 'DELETE', pattern: '/leads/pipelines/{id}', handle: deletePipeline },
  { method: 'POST', pattern: '/leads/pipelines/{id}/statuses', handle: addStatuses },
  { method: 'PATCH', pattern: '/leads/pipelines/{id}/statuses/{statusId}', handle: changeStatus },
  { method: 'DELETE', pattern: '/leads/pipelines/{id}/statuses/{statusId}', handle: deleteStatus },
]

/** Only for writes: existing stages have other colours too. */
const colors =
  '#fffeb2 #fffd7f #fff000 #ffeab2 #ffdc7f #ffce5a #ffdbdb #ffc8c8 #ff8f92 #d6eaff #c1e0ff #98cbff #ebffb1 #deff81 #87f2c0 #f9deff #f3beff #ccc8f9 #eb93ff #f2f3f4 #e6e8ea'.split(
    ' ',
  )
const limits = { pipelines: 50, statuses: 100 }

const statusShape = { name: text, sort: int, color: nullable(oneOf(colors)), request_id: requestId }
const newStatus = object({ ...statusShape, id: int }, ['name'])
type StatusDraft = NonNullable<ReturnType<typeof newStatus>>

const pipelineShape = { name: text, sort: int, is_main: bool, is_unsorted_on: bool, request_id: requestId }
const newPipeline = object({ ...pipelineShape, _embedded: object({ statuses: list(newStatus) }) }, [
  'name',
  'sort',
  'is_main',
  'is_unsorted_on',
])

function addPipelines(request: ApiRequest): Reply {
  requireAdmin(request)
  const { account } = request
  const items = parseItems(requireItems(request), newPipeline)
  if (account.pipelines.size + items.length > limits.pipelines) refuse(422, `Limit ${limits.pipelines} pipelines`)
  const rows = items.map(({ requestId: sent, value }) => {
    const { name = '', sort = 0, is_main: isMain = false, is_unsorted_on: isUnsortedOn = true } = value
    const statuses = [unsortedStatus(account), ...closingStatuses()]
    const pipeline: Pipeline = { id: account.nextId('pipeline'), name, sort, isMain: false, isUnsortedOn, statuses: new Map() }
    for (const status of statuses) pipeline.statuses.set(status.id, status)
    for (const draft of value._embedded?.statuses ?? []) putStatus(account, pipeline, draft)
    account.pipelines.set(pipeline.id, pipeline)
    if (isMain) makeMain(account, pipeline)
    return { ...viewPipeline(request, pipeline), request_id: String(sent) }
  })
  return hal({ _total_items: rows.length, _links: selfLink(request, request.path), _embedded: { pipelines: rows } })
}

function unsortedStatus(account: Account): Status {
  return { id: account.nextId('status'), name: 'Неразобранное', sort: 10, color: '#c1c1c1', isEditable: false, type: 1 }
}

/** 142 and 143 are renamed by their ids; everything else is a new stage. */
function putStatus(account: Account, { statuses }: Pipeline, { id, name = '', sort, color }: StatusDraft): Status {
  const closing = id === undefined ? undefined : closingStatuses().find((status) => status.id === id)
  const status: Status = closing ?? {
    id: account.nextId('status'),
    name,
    sort: sort ?? statuses.size * 10,
    color: color ?? '#fffeb2',
    isEditable: true,
    type: 0,
  }
  statuses.set(status.id, { ...status, name })
  return statuses.get(status.id) ?? status
}

function makeMain(account: Account, main: Pipeline): void {
  for (const pipeline of account.pipelines.values()) pipeline.isMain = pipeline === main
}

function changePipeline(request: ApiRequest): Reply {
  requireAdmin(request)
  const pipeline = pipelineOf(request)
  const [item] = parseItems([requirePatchObject(request)], object(pipelineShape))
  if (item === undefined) return noContent
  pipeline.name = item.value.name ?? pipeline.name
  pipeline.sort = item.value.sort ?? pipeline.sort
  pipeline.isUnsortedOn = item.value.is_unsorted_on ?? pipeline.isUnsortedOn
  if (item.value.is_main === true) makeMain(request.account, pipeline)
  return hal(viewPipeline(request, pipeline))
}

/** Not the last one, and not one with leads. */
function deletePipeline(request: ApiRequest): Reply {
  requireAdmin(request)
  const { account } = request
  const pipeline = pipelineOf(request)
  if (account.pipelines.size === 1 || pipeline.isMain) refuse(400, 'Main pipeline can not be deleted')
  if (leadsOf(account, pipeline).length > 0) refuse(400, 'Pipeline has leads')
  account.pipelines.delete(pipeline.id)
  return noContent
}

function leadsOf(account: Account, { id }: Pipeline): Lead[] {
  return [...account.leads.walk('id', 'asc').filter(({ pipelineId }) => pipelineId === id)]
}

function addStatuses(request: ApiRequest): Reply {
  requireAdmin(request)
  const pipeline = pipelineOf(request)
  const items = parseItems(requireItems(request), object(statusShape, ['name', 'sort']))
  if (pipeline.statuses.size + items.length > limits.statuses) refuse(422, `Limit ${limits.statuses} statuses`)
  const rows = items.map(({ requestId: sent, value }) => ({
    ...viewStatus(request, pipeline, putStatus(request.account, pipeline, value)),
    request_id: String(sent),
  }))
  return hal({ _total_items: rows.length, _links: selfLink(request, request.path), _embedded: { statuses: rows } })
}

function changeStatus(request: ApiRequest): Reply {
  requireAdmin(request)
  const pipeline = pipelineOf(request)
  const status = statusOf(request, pipeline)
  const [item] = parseItems([requirePatchObject(request)], object(statusShape))
  status.name = item?.value.name ?? status.name
  status.sort = item?.value.sort ?? status.sort
  status.color = item?.value.color ?? status.color
  return hal(viewStatus(request, pipeline, status))
}

/** Its leads move to the first stage. */
function deleteStatus(request: ApiRequest): Reply {
  requireAdmin(request)
  const { account, author } = request
  const pipeline = pipelineOf(request)
  const status = statusOf(request, pipeline)
  if (!status.isEditable) refuse(400, 'System status can not be deleted')
  pipeline.statuses.delete(status.id)
  const orphans = leadsOf(account, pipeline).filter(({ statusId }) => statusId === status.id)
  for (const lead of orphans) changeLead(account, lead, { pipelineId: pipeline.id, statusId: firstStage(pipeline) }, author)
  return noContent
}

function statusOf({ params }: ApiRequest, { statuses }: Pipeline): Status {
  return statuses.get(Number(params.statusId)) ?? refuse(404, 'Not found')
}
