import { type ApiRequest, idOf, requireItems } from '../api-request.ts'
import { activeUser } from '../entity-input.ts'
import { selfLink } from '../paging.ts'
import { hal, noContent, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import { bool, fail, int, nullable, number, object, oneOf, type Parser, parseItems, requestId, text } from '../validation.ts'
import { type Account, findEntity } from '../world/account.ts'
import { linkContact, setContactCompany, setLeadCompany, unlinkContact } from '../world/links.ts'
import { type Entity, type EntityKind, entityKinds } from '../world/model.ts'

/** Source: "Связи сущностей". Links of catalog elements and customers come with them. */
export const linkRoutes: Route[] = entityKinds.flatMap((kind) => [
  { method: 'GET', pattern: `/${kind}/{id}/links`, handle: (request: ApiRequest) => listLinks(request, kind, [idOf(request)]) },
  { method: 'GET', pattern: `/${kind}/links`, handle: (request: ApiRequest) => listLinks(request, kind, filteredIds(request)) },
  { method: 'POST', pattern: `/${kind}/{id}/link`, handle: (request: ApiRequest) => link(request, kind) },
  { method: 'POST', pattern: `/${kind}/link`, handle: (request: ApiRequest) => link(request, kind) },
  { method: 'POST', pattern: `/${kind}/{id}/unlink`, handle: (request: ApiRequest) => unlink(request, kind) },
  { method: 'POST', pattern: `/${kind}/unlink`, handle: (request: ApiRequest) => unlink(request, kind) },
])

/** A contact is joined with a lead from the lead's side. */
const targets: Record<EntityKind, readonly EntityKind[]> = {
  leads: ['contacts', 'companies'],
  contacts: ['companies'],
  companies: ['contacts', 'leads'],
}

interface Target {
  kind: EntityKind
  id: number
  metadata: Record<string, unknown> | null
}

function targetsOf(account: Account, entity: Entity): Target[] {
  const all = (kind: EntityKind, ids: Iterable<number>): Target[] =>
    [...ids].filter((id) => findEntity(account, kind, id) !== undefined).map((id) => ({ kind, id, metadata: null }))
  const company = (id: number | null) => (id === null ? [] : all('companies', [id]))
  if (entity.kind === 'contacts') return company(entity.companyId)
  if (entity.kind === 'companies') return [...all('contacts', entity.contactIds), ...all('leads', entity.leadIds)]
  const contacts = all('contacts', entity.contactIds).map((target) => ({
    ...target,
    metadata: { main_contact: target.id === entity.mainContactId },
  }))
  return [...contacts, ...company(entity.companyId)]
}

function filteredIds({ query }: ApiRequest): number[] {
  const ids = query.list('filter', 'entity_id').map(Number)
  return ids.length > 0 ? ids : refuse(400, 'Filter entity_id is required')
}

function listLinks(request: ApiRequest, kind: EntityKind, ids: number[]): Reply {
  const { account, query } = request
  const toId = query.scalar('filter', 'to_entity_id')
  const toKind = query.scalar('filter', 'to_entity_type')
  const withEntity = request.params.id === undefined
  const rows = ids.flatMap((id) => {
    const entity = findEntity(account, kind, id)
    const found = entity === undefined ? [] : targetsOf(account, entity)
    return found
      .filter((target) => (toId === undefined || String(target.id) === toId) && (toKind === undefined || target.kind === toKind))
      .map((target) => ({ ...(withEntity ? { entity_id: id, entity_type: kind } : {}), ...viewTarget(target) }))
  })
  if (rows.length === 0) return noContent
  return hal({ _total_items: rows.length, _links: selfLink(request, request.path), _embedded: { links: rows } })
}

const viewTarget = ({ kind, id, metadata }: Target) => ({ to_entity_id: id, to_entity_type: kind, metadata })

const linkShape = (account: Account, kind: EntityKind) => ({
  entity_id: int,
  to_entity_id: int,
  to_entity_type: oneOf(targets[kind]),
  metadata: nullable(
    object({ is_main: bool, updated_by: activeUser(account), quantity: number, catalog_id: int, price_id: nullable(int), link_type: text }),
  ),
  request_id: requestId,
})

interface Pair {
  entity: Entity
  target: Entity
  isMain: boolean
}

function pairParser({ account, params }: ApiRequest, kind: EntityKind): Parser<Pair> {
  const pathId = params.id
  const shape = object(linkShape(account, kind), [
    ...(pathId === undefined ? (['entity_id'] as const) : []),
    'to_entity_id',
    'to_entity_type',
  ])
  return (value, path, errors) => {
    const draft = shape(value, path, errors)
    const id = pathId === undefined ? draft?.entity_id : Number(pathId)
    if (draft?.to_entity_id === undefined || draft.to_entity_type === undefined || id === undefined) return undefined
    const entity = findEntity(account, kind, id)
    const target = findEntity(account, draft.to_entity_type, draft.to_entity_id)
    if (entity === undefined) return fail(errors, 'NotSupportedChoice', 'entity_id')
    if (target === undefined) return fail(errors, 'NotSupportedChoice', 'to_entity_id')
    return { entity, target, isMain: draft.metadata?.is_main ?? false }
  }
}

function link(request: ApiRequest, kind: EntityKind): Reply {
  const pairs = parseItems(requireItems(request), pairParser(request, kind)).map(({ value }) => value)
  for (const pair of pairs) join(request, pair)
  const rows = pairs.flatMap(({ entity, target }) =>
    targetsOf(request.account, entity)
      .filter(({ kind: targetKind, id }) => targetKind === target.kind && id === target.id)
      .map((found) => ({ entity_id: entity.id, entity_type: entity.kind, ...viewTarget(found) })),
  )
  return hal({ _total_items: rows.length, _links: selfLink(request, request.path), _embedded: { links: rows } })
}

function join({ account, author }: ApiRequest, { entity, target, isMain }: Pair): void {
  if (entity.kind === 'leads' && target.kind === 'contacts') linkContact(account, entity, target, isMain, author)
  if (entity.kind === 'leads' && target.kind === 'companies') setLeadCompany(account, entity, target, author)
  if (entity.kind === 'contacts' && target.kind === 'companies') setContactCompany(account, entity, target, author)
  if (entity.kind === 'companies' && target.kind === 'contacts') setContactCompany(account, target, entity, author)
  if (entity.kind === 'companies' && target.kind === 'leads') setLeadCompany(account, target, entity, author)
}

function unlink(request: ApiRequest, kind: EntityKind): Reply {
  const pairs = parseItems(requireItems(request), pairParser(request, kind)).map(({ value }) => value)
  for (const pair of pairs) part(request, pair)
  return noContent
}

function part({ account, author }: ApiRequest, { entity, target }: Pair): void {
  if (entity.kind === 'leads' && target.kind === 'contacts') unlinkContact(account, entity, target, author)
  const [owner, company] = target.kind === 'companies' ? [entity, target] : [target, entity]
  if (company.kind !== 'companies') return
  if (owner.kind === 'leads' && owner.companyId === company.id) setLeadCompany(account, owner, null, author)
  if (owner.kind === 'contacts' && owner.companyId === company.id) setContactCompany(account, owner, null, author)
}
