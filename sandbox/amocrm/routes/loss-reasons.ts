import { type ApiRequest, idOf, requireAdmin, requireItems, requirePatchObject } from '../api-request.ts'
import { envelope } from '../entity-write.ts'
import { selfLink, wholeReply } from '../paging.ts'
import { hal, noContent, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import { int, object, parseItems, requestId, text } from '../validation.ts'
import type { LossReason } from '../world/model.ts'

/** No page in the docs; as the vendor's PHP client uses them. */
export const lossReasonRoutes: Route[] = [
  { method: 'GET', pattern: '/leads/loss_reasons', handle: listReasons },
  { method: 'GET', pattern: '/leads/loss_reasons/{id}', handle: (request) => hal(viewReason(request, reasonOf(request))) },
  { method: 'POST', pattern: '/leads/loss_reasons', handle: addReasons },
  { method: 'PATCH', pattern: '/leads/loss_reasons/{id}', handle: changeReason },
  { method: 'DELETE', pattern: '/leads/loss_reasons/{id}', handle: deleteReason },
]

const shape = { name: text, sort: int, request_id: requestId }

function listReasons(request: ApiRequest): Reply {
  const rows = [...request.account.lossReasons.values()].map((reason) => viewReason(request, reason))
  return wholeReply(request, 'loss_reasons', rows)
}

function addReasons(request: ApiRequest): Reply {
  requireAdmin(request)
  const { account } = request
  const items = parseItems(requireItems(request), object(shape, ['name']))
  const rows = items.map(({ requestId: sent, value }) => {
    const id = account.nextId('lossReason')
    const now = account.clock.nowSec()
    const sort = value.sort ?? (account.lossReasons.size + 1) * 10
    const reason = { id, name: value.name ?? '', sort, createdAt: now, updatedAt: now }
    account.lossReasons.set(id, reason)
    return { ...viewReason(request, reason), request_id: sent }
  })
  return envelope(request, 'loss_reasons', rows)
}

function changeReason(request: ApiRequest): Reply {
  requireAdmin(request)
  const reason = reasonOf(request)
  const [item] = parseItems([requirePatchObject(request)], object(shape))
  reason.name = item?.value.name ?? reason.name
  reason.sort = item?.value.sort ?? reason.sort
  reason.updatedAt = request.account.clock.nowSec()
  return hal(viewReason(request, reason))
}

function deleteReason(request: ApiRequest): Reply {
  requireAdmin(request)
  request.account.lossReasons.delete(reasonOf(request).id)
  return noContent
}

function reasonOf(request: ApiRequest): LossReason {
  return request.account.lossReasons.get(idOf(request)) ?? refuse(404, 'Not found')
}

function viewReason(request: ApiRequest, { id, name, sort, createdAt, updatedAt }: LossReason) {
  return { id, name, sort, created_at: createdAt, updated_at: updatedAt, _links: selfLink(request, `/api/v4/leads/loss_reasons/${id}`) }
}
