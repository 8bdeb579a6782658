import { type ApiRequest, requireAdmin, requireItems, requirePatchObject } from '../api-request.ts'
import { selfLink, wholeReply } from '../paging.ts'
import { hal, noContent, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import { ignored, int, object, parseItems, requestId, text } from '../validation.ts'
import type { FieldGroup } from '../world/account.ts'
import { type EntityKind, entityKinds } from '../world/model.ts'

/** Tabs of an entity's card. Source: "Поля и группы полей". */
export const fieldGroupRoutes: Route[] = entityKinds.flatMap((kind) => {
  const list = `/${kind}/custom_fields/groups`
  const one = `${list}/{groupId}`
  return [
    { method: 'GET', pattern: list, handle: (request: ApiRequest) => listGroups(request, kind) },
    { method: 'POST', pattern: list, handle: (request: ApiRequest) => addGroups(request, kind) },
    { method: 'GET', pattern: one, handle: (request: ApiRequest) => hal(viewGroup(request, kind, groupOf(request, kind))) },
    { method: 'PATCH', pattern: one, handle: (request: ApiRequest) => changeGroup(request, kind) },
    { method: 'DELETE', pattern: one, handle: (request: ApiRequest) => deleteGroup(request, kind) },
  ]
})

const shape = { name: text, sort: int, fields: ignored, request_id: requestId }

function listGroups(request: ApiRequest, kind: EntityKind): Reply {
  const rows = request.account.fieldGroups[kind].map((group) => viewGroup(request, kind, group))
  return wholeReply(request, 'custom_field_groups', rows)
}

function addGroups(request: ApiRequest, kind: EntityKind): Reply {
  requireAdmin(request)
  const { account } = request
  const groups = account.fieldGroups[kind]
  const rows = parseItems(requireItems(request), object(shape, ['name'])).map(({ requestId: sent, value }) => {
    const id = `${kind}_${account.nextId('fieldGroup')}`
    const group = { id, name: value.name ?? '', sort: value.sort ?? groups.length, isPredefined: false }
    groups.push(group)
    return { ...viewGroup(request, kind, group), request_id: String(sent) }
  })
  return wholeReply(request, 'custom_field_groups', rows, 201)
}

function changeGroup(request: ApiRequest, kind: EntityKind): Reply {
  requireAdmin(request)
  const group = groupOf(request, kind)
  const [item] = parseItems([requirePatchObject(request)], object(shape))
  group.name = item?.value.name ?? group.name
  group.sort = item?.value.sort ?? group.sort
  return hal(viewGroup(request, kind, group))
}

function deleteGroup(request: ApiRequest, kind: EntityKind): Reply {
  requireAdmin(request)
  const group = groupOf(request, kind)
  if (group.isPredefined) refuse(400, 'Predefined group can not be deleted')
  const groups = request.account.fieldGroups[kind]
  groups.splice(groups.indexOf(group), 1)
  return noContent
}

function groupOf({ account, params }: ApiRequest, kind: EntityKind): FieldGroup {
  return account.fieldGroups[kind].find(({ id }) => id === params.groupId) ?? refuse(404, 'Not found')
}

function viewGroup(request: ApiRequest, kind: EntityKind, { id, name, sort, isPredefined }: FieldGroup) {
  const links = selfLink(request, `/api/v4/${kind}/custom_fields/groups/${id}`)
  return { id, name, sort, entity_type: kind, is_predefined: isPredefined, type: kind, _links: links }
}
