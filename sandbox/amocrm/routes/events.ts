import type { ApiRequest } from '../api-request.ts'
import { cutFound, pageOf, pageReply, selfLink } from '../paging.ts'
import { type Query, rangeOf } from '../query.ts'
import { hal, noContent, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import type { AmoEvent, EventEntity } from '../world/events.ts'
import { noteEventTypes } from '../world/notes.ts'

/** Source: "События и Примечания". Newest first. */
export const eventRoutes: Route[] = [
  { method: 'GET', pattern: '/events', handle: listEvents },
  { method: 'GET', pattern: '/events/types', handle: listTypes },
  { method: 'GET', pattern: '/events/{eventId}', handle: getEvent },
]

const maxEvents = 100

function listEvents(request: ApiRequest): Reply {
  const page = pageOf(request, maxEvents)
  const since = createdAtOf(request.query)
  const test = eventTest(request.query)
  const recent = takeWhile(request.account.events.newestFirst(), ({ createdAt }) => createdAt >= since.from)
  const rows = cutFound(
    recent.filter((event) => event.createdAt <= since.to && test(event)),
    page,
  )
  return pageReply(
    request,
    page,
    'events',
    rows.map((event) => viewEvent(request, event)),
  )
}

/** Events stand in the order of their time: the first older one ends the search. */
function* takeWhile<T>(items: Iterable<T>, test: (item: T) => boolean): Generator<T> {
  for (const item of items) {
    if (!test(item)) return
    yield item
  }
}

function createdAtOf(query: Query) {
  const since = query.scalar('filter', 'created_at')
  const everything = { from: since === undefined ? -Infinity : Number(since), to: Infinity }
  return rangeOf(query, 'filter', 'created_at') ?? everything
}

const maxIds = 10

function eventTest(query: Query): (event: AmoEvent) => boolean {
  const types = listOf(query, 'type')
  const entities = listOf(query, 'entity')
  const entityIds = listOf(query, 'entity_id')
  const authors = listOf(query, 'created_by')
  const ids = listOf(query, 'id')
  if (types.length > 1 && types.some((type) => /^custom_field_\d+_value_changed$/.test(type)))
    refuse(400, 'Type of one custom field can not be combined with others')
  if (entityIds.length > maxIds || authors.length > maxIds) refuse(400, `Limit ${maxIds} ids`)
  if (entityIds.length > 0 && entities.length !== 1) refuse(400, 'Filter entity_id needs exactly one entity')
  const tests: ((event: AmoEvent) => boolean)[] = [
    oneOf(entities, ({ entityType }) => entityType),
    oneOf(entityIds, ({ entityId }) => String(entityId)),
    oneOf(authors, ({ createdBy }) => String(createdBy)),
    oneOf(ids, ({ id }) => id),
    ({ type }) => types.length === 0 || types.some((wanted) => isOfType(type, wanted)),
    valueTest(query, 'value_before', ({ valueBefore }) => valueBefore),
    valueTest(query, 'value_after', ({ valueAfter }) => valueAfter),
  ]
  return (event) => tests.every((test) => test(event))
}

function listOf(query: Query, name: string): string[] {
  return query.list('filter', name).flatMap((values) => values.split(','))
}

function oneOf(wanted: string[], read: (event: AmoEvent) => string) {
  const set = new Set(wanted)
  return (event: AmoEvent) => set.size === 0 || set.has(read(event))
}

/** `custom_field_value_changed` means every field. */
function isOfType(type: string, wanted: string): boolean {
  return type === wanted || (wanted === 'custom_field_value_changed' && type.startsWith('custom_field_'))
}

function valueTest(query: Query, side: 'value_before' | 'value_after', read: (event: AmoEvent) => unknown[]) {
  const statuses = query.keys('filter', side, 'leads_statuses').map((n) => ({
    id: Number(query.scalar('filter', side, 'leads_statuses', n, 'status_id')),
    pipeline_id: Number(query.scalar('filter', side, 'leads_statuses', n, 'pipeline_id')),
  }))
  const wanted = [
    ...statuses.map((status) => JSON.stringify({ lead_status: status })),
    ...numbers(query, side, 'responsible_user_id').map((id) => JSON.stringify({ responsible_user: { id } })),
    ...numbers(query, side, 'value').map((sale) => JSON.stringify({ sale_field_value: { sale } })),
  ]
  const enumIds = numbers(query, side, 'custom_field_values')
  if (wanted.length === 0 && enumIds.length === 0) return () => true
  return (event: AmoEvent) =>
    read(event)
      .map((value) => JSON.stringify(value))
      .some((text) => wanted.includes(text) || enumIds.some((id) => text.includes(`"enum_id":${id},`)))
}

function numbers(query: Query, side: string, name: string): number[] {
  return query.list('filter', side, name).flatMap((values) => values.split(',').map(Number))
}

function getEvent(request: ApiRequest): Reply {
  const event = request.account.events.get(request.params.eventId ?? '')
  return event === undefined ? noContent : hal(viewEvent(request, event))
}

const plural: Record<EventEntity, string> = { lead: 'leads', contact: 'contacts', company: 'companies' }

function viewEvent(request: ApiRequest, event: AmoEvent) {
  const { id, type, entityId, entityType, createdBy, createdAt, valueAfter, valueBefore } = event
  return {
    id,
    type,
    entity_id: entityId,
    entity_type: entityType,
    created_by: createdBy,
    created_at: createdAt,
    value_after: valueAfter,
    value_before: valueBefore,
    account_id: request.account.id,
    _links: selfLink(request, `/api/v4/events/${id}`),
    _embedded: { entity: { id: entityId, _links: selfLink(request, `/api/v4/${plural[entityType]}/${entityId}`) } },
  }
}

const changeTypes = [
  'lead_added',
  'lead_deleted',
  'lead_restored',
  'lead_status_changed',
  'contact_added',
  'contact_deleted',
  'contact_restored',
  'company_added',
  'company_deleted',
  'company_restored',
  'entity_merged',
  'entity_linked',
  'entity_unlinked',
  'entity_tag_added',
  'entity_tag_deleted',
  'entity_responsible_changed',
  'sale_field_changed',
  'name_field_changed',
  'custom_field_value_changed',
]

function listTypes(request: ApiRequest): Reply {
  const keys = [...changeTypes, ...new Set(Object.values(noteEventTypes))]
  const types = keys.map((key, index) => ({ key, type: index + 1, lang: key }))
  return hal({ _total_items: types.length, _links: selfLink(request, request.path), _embedded: { events_types: types } })
}
