import { type ApiRequest, idOf } from '../api-request.ts'
import { selfLink, wholeReply } from '../paging.ts'
import { hal, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import { stagesOf } from '../world/account.ts'
import type { Pipeline, Status } from '../world/model.ts'

/** Source: "Воронки и этапы". */
export const pipelineRoutes: Route[] = [
  { method: 'GET', pattern: '/leads/pipelines', handle: listPipelines },
  { method: 'GET', pattern: '/leads/pipelines/{id}', handle: (request) => hal(viewPipeline(request, pipelineOf(request))) },
  { method: 'GET', pattern: '/leads/pipelines/{id}/statuses', handle: listStatuses },
  { method: 'GET', pattern: '/leads/pipelines/{id}/statuses/{statusId}', handle: getStatus },
]

function listPipelines(request: ApiRequest): Reply {
  const rows = [...request.account.pipelines.values()].map((pipeline) => viewPipeline(request, pipeline))
  return wholeReply(request, 'pipelines', rows)
}

function listStatuses(request: ApiRequest): Reply {
  const pipeline = pipelineOf(request)
  return wholeReply(
    request,
    'statuses',
    stagesOf(pipeline).map((status) => viewStatus(request, pipeline, status)),
  )
}

function getStatus(request: ApiRequest): Reply {
  const pipeline = pipelineOf(request)
  const status = pipeline.statuses.get(Number(request.params.statusId))
  return status === undefined ? refuse(404, 'Not found') : hal(viewStatus(request, pipeline, status))
}

export function pipelineOf(request: ApiRequest): Pipeline {
  return request.account.pipelines.get(idOf(request)) ?? refuse(404, 'Not found')
}

export function viewPipeline(request: ApiRequest, pipeline: Pipeline) {
  const { id, name, sort, isMain, isUnsortedOn } = pipeline
  return {
    id,
    name,
    sort,
    is_main: isMain,
    is_unsorted_on: isUnsortedOn,
    is_archive: false,
    account_id: request.account.id,
    _links: selfLink(request, `/api/v4/leads/pipelines/${id}`),
    _embedded: { statuses: stagesOf(pipeline).map((status) => viewStatus(request, pipeline, status)) },
  }
}

export function viewStatus(request: ApiRequest, { id: pipelineId }: Pipeline, { id, name, sort, isEditable, color, type }: Status) {
  return {
    id,
    name,
    sort,
    is_editable: isEditable,
    pipeline_id: pipelineId,
    color,
    type,
    account_id: request.account.id,
    _links: selfLink(request, `/api/v4/leads/pipelines/${pipelineId}/statuses/${id}`),
  }
}
