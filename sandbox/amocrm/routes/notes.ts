import { type ApiRequest, requireItems, requirePatchItems, requirePatchObject } from '../api-request.ts'
import { activeUser, activeUserOrRobot } from '../entity-input.ts'
import { envelope } from '../entity-write.ts'
import { cut, orderOf, pageOf, pageReply, selfLink } from '../paging.ts'
import { type Query, rangeOf, within } from '../query.ts'
import { hal, noContent, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import {
  bool,
  choiceOfInt,
  type fail,
  failType,
  int,
  isObject,
  number,
  object,
  oneOf,
  type Parser,
  parseItems,
  requestId,
  text,
} from '../validation.ts'
import { type Account, findEntity } from '../world/account.ts'
import { type EntityKind, entityKinds } from '../world/model.ts'
import { changeNote, createNote } from '../world/note-writing.ts'
import { type Note, type NoteType, noteTypes } from '../world/notes.ts'

/** Source: "События и Примечания". There is no DELETE. */
export const noteRoutes: Route[] = entityKinds.flatMap((kind) => [
  { method: 'GET', pattern: `/${kind}/notes`, handle: (request: ApiRequest) => listNotes(request, kind) },
  { method: 'POST', pattern: `/${kind}/notes`, handle: (request: ApiRequest) => addNotes(request, kind) },
  { method: 'PATCH', pattern: `/${kind}/notes`, handle: (request: ApiRequest) => changeNotes(request, kind) },
  { method: 'GET', pattern: `/${kind}/notes/{id}`, handle: (request: ApiRequest) => getNote(request, kind) },
  { method: 'PATCH', pattern: `/${kind}/notes/{id}`, handle: (request: ApiRequest) => changeOneNote(request, kind) },
  { method: 'GET', pattern: `/${kind}/{id}/notes`, handle: (request: ApiRequest) => listNotes(request, kind) },
  { method: 'POST', pattern: `/${kind}/{id}/notes`, handle: (request: ApiRequest) => addNotes(request, kind) },
  { method: 'PATCH', pattern: `/${kind}/{id}/notes`, handle: (request: ApiRequest) => changeNotes(request, kind) },
  { method: 'GET', pattern: `/${kind}/{id}/notes/{noteId}`, handle: (request: ApiRequest) => getNote(request, kind) },
  { method: 'PATCH', pattern: `/${kind}/{id}/notes/{noteId}`, handle: (request: ApiRequest) => changeOneNote(request, kind) },
])

const call = object(
  {
    uniq: text,
    duration: int,
    source: text,
    link: text,
    phone: text,
    call_responsible: (value: unknown, path: string, errors) =>
      typeof value === 'string' || typeof value === 'number' ? value : failType(errors, path, 'string'),
  },
  ['duration', 'phone'],
)
const service = object({ service: text, text }, ['service', 'text'])
const sms = object({ text, phone: text }, ['text', 'phone'])

const paramsOf: Record<NoteType, Parser<Record<string, unknown>>> = {
  common: object({ text }, ['text']),
  service_message: service,
  extended_service_message: service,
  call_in: call,
  call_out: call,
  geolocation: object({ text, address: text, longitude: text, latitude: text }, ['text', 'address', 'longitude', 'latitude']),
  sms_in: sms,
  sms_out: sms,
  message_cashier: object({ status: oneOf(['created', 'shown', 'canceled']), text }, ['status', 'text']),
  attachment: object({ file_uuid: text, version_uuid: text, file_name: text }, ['file_uuid', 'file_name']),
}

const noteShape = (account: Account, kind: EntityKind) => ({
  id: int,
  entity_id: choiceOfInt((id) => findEntity(account, kind, id) !== undefined),
  note_type: oneOf(noteTypes),
  params: (value: unknown, path: string, errors: Parameters<typeof fail>[0]) =>
    isObject(value) ? value : failType(errors, path, 'object'),
  request_id: requestId,
  created_by: activeUserOrRobot(account),
  updated_by: activeUserOrRobot(account),
  created_at: int,
  updated_at: int,
  responsible_user_id: activeUser(account),
  group_id: number,
  is_need_to_trigger_digital_pipeline: bool,
})

/** `params` are read by the type beside them. */
function noteParser(account: Account, kind: EntityKind, required: readonly ('id' | 'entity_id' | 'note_type' | 'params')[]) {
  const shape = object(noteShape(account, kind), required)
  const parser: Parser<NonNullable<ReturnType<typeof shape>>> = (value, path, errors) => {
    const draft = shape(value, path, errors)
    if (draft?.note_type !== undefined && draft.params !== undefined) paramsOf[draft.note_type](draft.params, 'params', errors)
    return draft
  }
  return parser
}

const hasEntity = ({ params }: ApiRequest) => params.id !== undefined && params.noteId === undefined

function addNotes(request: ApiRequest, kind: EntityKind): Reply {
  const { account, author, params } = request
  const required = ['note_type', 'params', ...(hasEntity(request) ? [] : (['entity_id'] as const))] as const
  if (hasEntity(request) && findEntity(account, kind, Number(params.id)) === undefined) refuse(400, 'Entity not found')
  const items = parseItems(requireItems(request), noteParser(account, kind, required))
  const rows = items.flatMap(({ requestId: sent, value }) => {
    const entity = findEntity(account, kind, hasEntity(request) ? Number(params.id) : (value.entity_id ?? 0))
    if (entity === undefined || value.note_type === undefined || value.params === undefined) return []
    const note = createNote(
      account,
      entity,
      {
        noteType: value.note_type,
        params: value.params,
        responsibleUserId: value.responsible_user_id,
        createdBy: value.created_by,
        createdAt: value.created_at,
      },
      author,
    )
    return [{ id: note.id, entity_id: note.entityId, request_id: sent, _links: noteLinks(request, note) }]
  })
  return envelope(request, 'notes', rows)
}

function changeNotes(request: ApiRequest, kind: EntityKind): Reply {
  const { account, author } = request
  const items = parseItems(requirePatchItems(request), noteParser(account, kind, ['id', 'note_type', 'params']))
  const rows = items.flatMap(({ value }) => {
    const note = findNote(request, kind, value.id ?? 0)
    if (note === undefined || value.note_type === undefined || value.params === undefined) return []
    changeNote(account, note, { noteType: value.note_type, params: value.params }, author)
    return [viewChanged(request, note)]
  })
  return rows.length === 0 ? noContent : envelope(request, 'notes', rows)
}

function changeOneNote(request: ApiRequest, kind: EntityKind): Reply {
  const { account, author, params } = request
  const note = findNote(request, kind, Number(params.noteId ?? params.id))
  const [item] = parseItems([requirePatchObject(request)], noteParser(account, kind, ['note_type', 'params']))
  if (note === undefined || item?.value.note_type === undefined || item.value.params === undefined) return noContent
  changeNote(account, note, { noteType: item.value.note_type, params: item.value.params }, author)
  return hal(viewChanged(request, note))
}

/** A note of an entity that is gone is gone too. */
function findNote({ account }: ApiRequest, kind: EntityKind, id: number): Note | undefined {
  const note = account.notes.get(id)
  if (note === undefined || note.kind !== kind) return undefined
  return findEntity(account, kind, note.entityId) === undefined ? undefined : note
}

function getNote(request: ApiRequest, kind: EntityKind): Reply {
  const note = findNote(request, kind, Number(request.params.noteId ?? request.params.id))
  return note === undefined ? noContent : hal(viewNote(request, note))
}

function listNotes(request: ApiRequest, kind: EntityKind): Reply {
  const { account, query } = request
  const page = pageOf(request)
  const { key, direction } = orderOf(request, ['id', 'updated_at'], { key: 'id', direction: 'asc' })
  const rows = candidates(request, kind)
    .filter((note) => findEntity(account, kind, note.entityId) !== undefined)
    .filter(noteTest(query))
  if (key === 'updated_at') rows.sort((a, b) => a.updatedAt - b.updatedAt || a.id - b.id)
  if (direction === 'desc') rows.reverse()
  return pageReply(
    request,
    page,
    'notes',
    cut(rows, page).map((note) => viewNote(request, note)),
  )
}

/** The fewest notes that can hold the answer. */
function candidates(request: ApiRequest, kind: EntityKind): Note[] {
  const { account, query } = request
  if (hasEntity(request)) return account.notes.of(kind, Number(request.params.id))
  const entityIds = query.list('filter', 'entity_id').map(Number)
  if (entityIds.length === 0) return account.notes.ofKind(kind)
  return [...new Set(entityIds)].flatMap((id) => account.notes.of(kind, id)).sort((a, b) => a.id - b.id)
}

/** A scalar `filter[updated_at]` means "since". */
function noteTest(query: Query): (note: Note) => boolean {
  const ids = new Set(query.list('filter', 'id').map(Number))
  const types = new Set(query.list('filter', 'note_type'))
  const since = query.scalar('filter', 'updated_at')
  const range = rangeOf(query, 'filter', 'updated_at') ?? (since === undefined ? undefined : { from: Number(since), to: Infinity })
  return ({ id, noteType, updatedAt }) =>
    (ids.size === 0 || ids.has(id)) && (types.size === 0 || types.has(noteType)) && (range === undefined || within(updatedAt, range))
}

const noteLinks = (request: ApiRequest, { kind, entityId, id }: Note) => selfLink(request, `/api/v4/${kind}/${entityId}/notes/${id}`)

function viewChanged(request: ApiRequest, note: Note) {
  return { id: note.id, entity_id: note.entityId, updated_at: note.updatedAt, _links: noteLinks(request, note) }
}

function viewNote(request: ApiRequest, note: Note) {
  return {
    id: note.id,
    entity_id: note.entityId,
    created_by: note.createdBy,
    updated_by: note.updatedBy,
    created_at: note.createdAt,
    updated_at: note.updatedAt,
    responsible_user_id: note.responsibleUserId,
    group_id: 0,
    note_type: note.noteType,
    params: note.params,
    account_id: request.account.id,
    _links: noteLinks(request, note),
  }
}
