import { type ApiRequest, requireAdmin, requireItems, requirePatchObject } from '../api-request.ts'
import { cut, pageOf, selfLink } from '../paging.ts'
import { hal, noContent, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import {
  bool,
  choiceOfInt,
  fail,
  ignored,
  int,
  list,
  nullable,
  object,
  oneOf,
  type Parsed,
  type Parser,
  parseItems,
  requestId,
  text,
} from '../validation.ts'
import { type CustomField, type FieldEnum, fieldTypes, hasEnums, mayHaveType } from '../world/fields.ts'
import { type EntityKind, entityKinds } from '../world/model.ts'

/** Source: "Поля и группы полей". Fields of catalogs come with the catalogs. */
export const customFieldRoutes: Route[] = entityKinds.flatMap((kind) => [
  { method: 'GET', pattern: `/${kind}/custom_fields`, handle: (request: ApiRequest) => listFields(request, kind) },
  { method: 'POST', pattern: `/${kind}/custom_fields`, handle: (request: ApiRequest) => addFields(request, kind) },
  { method: 'PATCH', pattern: `/${kind}/custom_fields`, handle: (request: ApiRequest) => changeFields(request, kind) },
  { method: 'GET', pattern: `/${kind}/custom_fields/{id}`, handle: (request: ApiRequest) => getField(request, kind) },
  { method: 'PATCH', pattern: `/${kind}/custom_fields/{id}`, handle: (request: ApiRequest) => changeField(request, kind) },
  { method: 'DELETE', pattern: `/${kind}/custom_fields/{id}`, handle: (request: ApiRequest) => deleteField(request, kind) },
])

const enumShape = object({ id: int, value: text, sort: int, code: nullable(text) }, ['value'])

const shape = {
  request_id: requestId,
  name: text,
  code: nullable(text),
  sort: int,
  group_id: nullable(text),
  is_api_only: bool,
  required_statuses: nullable(list(object({ pipeline_id: int, status_id: int }))),
  hidden_statuses: ignored,
  enums: nullable(list(enumShape)),
  settings: ignored,
  remind: ignored,
}
type FieldDraft = Parsed<typeof shape>

const createShape = object({ ...shape, type: oneOf(fieldTypes) }, ['type', 'name'])
type NewField = NonNullable<ReturnType<typeof createShape>>

function listFields(request: ApiRequest, kind: EntityKind): Reply {
  const { account, query } = request
  const types = new Set(query.list('filter', 'type'))
  const page = pageOf(request)
  const fields = account.fields[kind].all().filter(({ type }) => types.size === 0 || types.has(type))
  if (query.scalar('order', 'id') !== undefined) fields.sort((a, b) => a.id - b.id)
  const direction = query.scalar('order', 'id') ?? query.scalar('order', 'sort')
  if (direction === 'desc') fields.reverse()
  const rows = cut(fields, page)
  if (rows.length === 0) return noContent
  const pages = Math.ceil(fields.length / page.limit)
  const link = (number: number) => selfLink(request, `${request.path}?limit=${page.limit}&page=${number}`).self
  return hal({
    _total_items: fields.length,
    _page: page.page,
    _page_count: pages,
    _links: {
      self: link(page.page),
      ...(page.page < pages ? { next: link(page.page + 1), last: link(pages) } : {}),
      ...(page.page > 1 ? { first: link(1), prev: link(page.page - 1) } : {}),
    },
    _embedded: { custom_fields: rows.slice(0, page.limit).map((field) => viewField(request, field)) },
  })
}

function addFields(request: ApiRequest, kind: EntityKind): Reply {
  requireAdmin(request)
  const items = parseItems(requireItems(request), newFieldOf(kind))
  const made = items.map(({ requestId: sent, value }) => ({
    ...viewField(request, addField(request, kind, value)),
    request_id: String(sent),
  }))
  const body = { _total_items: made.length, _links: selfLink(request, request.path), _embedded: { custom_fields: made } }
  return hal(body, 201)
}

function newFieldOf(kind: EntityKind): Parser<NewField> {
  return (value, path, errors) => {
    const draft = createShape(value, path, errors)
    if (draft?.type === undefined) return draft
    if (!mayHaveType(kind, draft.type)) fail(errors, 'NotSupportedChoice', 'type')
    if (hasEnums(draft.type) && (draft.enums ?? []).length === 0) fail(errors, 'FieldMissing', 'enums')
    return draft
  }
}

function addField({ account }: ApiRequest, kind: EntityKind, draft: NewField): CustomField {
  const type = draft.type ?? 'text'
  const field: CustomField = {
    id: account.nextId('field'),
    kind,
    name: draft.name ?? '',
    code: draft.code ?? null,
    sort: draft.sort ?? 500 + account.fields[kind].all().length * 10,
    type,
    isPredefined: false,
    isApiOnly: draft.is_api_only ?? false,
    groupId: draft.group_id ?? null,
    enums: hasEnums(type) ? withIds(draft.enums ?? [], () => account.nextId('enum'), []) : null,
    requiredStatuses: draft.required_statuses ?? null,
  }
  account.fields[kind].add(field)
  return field
}

type EnumDraft = NonNullable<ReturnType<typeof enumShape>>

/** An enum sent without an id is a new one; an old one that is not sent is gone. */
function withIds(drafts: EnumDraft[], nextId: () => number, old: FieldEnum[]): FieldEnum[] {
  return drafts.map(({ id, value = '', sort, code = null }, index) => {
    const known = old.find((option) => option.id === id)
    return { id: known?.id ?? nextId(), value, sort: sort ?? (index + 1) * 10, code: code ?? known?.code ?? null }
  })
}

function changeFields(request: ApiRequest, kind: EntityKind): Reply {
  requireAdmin(request)
  const book = request.account.fields[kind]
  const parser = object({ ...shape, id: choiceOfInt((id) => book.get(id) !== undefined) }, ['id'])
  const items = parseItems(requireItems(request), parser)
  const changed = items.flatMap(({ requestId: sent, value }) => {
    const field = value.id === undefined ? undefined : book.get(value.id)
    if (field === undefined) return []
    applyDraft(request, field, value)
    return [{ ...viewField(request, field), request_id: String(sent) }]
  })
  return hal({ _total_items: changed.length, _links: selfLink(request, request.path), _embedded: { custom_fields: changed } }, 201)
}

function changeField(request: ApiRequest, kind: EntityKind): Reply {
  requireAdmin(request)
  const field = fieldOf(request, kind)
  const [item] = parseItems([requirePatchObject(request)], object({ ...shape, id: int }))
  if (item !== undefined) applyDraft(request, field, item.value)
  return hal(viewField(request, field), 201)
}

function applyDraft({ account }: ApiRequest, field: CustomField, draft: FieldDraft): void {
  field.name = draft.name ?? field.name
  field.code = draft.code === undefined ? field.code : draft.code
  field.sort = draft.sort ?? field.sort
  field.groupId = draft.group_id === undefined ? field.groupId : draft.group_id
  field.isApiOnly = draft.is_api_only ?? field.isApiOnly
  field.requiredStatuses = draft.required_statuses === undefined ? field.requiredStatuses : draft.required_statuses
  if (draft.enums !== undefined && hasEnums(field.type))
    field.enums = withIds(draft.enums ?? [], () => account.nextId('enum'), field.enums ?? [])
}

/** Values of the field are lost with it. */
function deleteField(request: ApiRequest, kind: EntityKind): Reply {
  requireAdmin(request)
  const field = fieldOf(request, kind)
  if (field.isPredefined) refuse(400, 'Predefined field can not be deleted')
  request.account.fields[kind].remove(field.id)
  return noContent
}

function getField(request: ApiRequest, kind: EntityKind): Reply {
  return hal(viewField(request, fieldOf(request, kind)))
}

function fieldOf({ account, params }: ApiRequest, kind: EntityKind): CustomField {
  return account.fields[kind].get(Number(params.id)) ?? refuse(404, 'Not found')
}

function viewField(request: ApiRequest, field: CustomField): Record<string, unknown> {
  return {
    id: field.id,
    name: field.name,
    type: field.type,
    account_id: request.account.id,
    code: field.code,
    sort: field.sort,
    is_api_only: field.isApiOnly,
    enums: field.enums,
    group_id: field.groupId,
    required_statuses: field.requiredStatuses,
    is_deletable: !field.isPredefined,
    is_predefined: field.isPredefined,
    entity_type: field.kind,
    ...(field.kind === 'leads' ? { is_computed: false } : {}),
    remind: null,
    hidden_statuses: [],
    _links: selfLink(request, `/api/v4/${field.kind}/custom_fields/${field.id}`),
  }
}
