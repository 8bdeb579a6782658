import type { ApiRequest } from './api-request.ts'
import { filterOf } from './entity-filter.ts'
import { entityLinks, viewEntity, wished } from './entity-view.ts'
import { cutFound, orderOf, pageOf, pageReply } from './paging.ts'
import { hal, noContent, type Reply } from './reply.ts'
import type { Entity, EntityKind } from './world/model.ts'
import type { EntityStore, OrderKey } from './world/store.ts'

/** Source: "Сделки", "Контакты", "Компании": what each list may be ordered by. */
const orders: Record<EntityKind, readonly OrderKey[]> = {
  leads: ['created_at', 'updated_at', 'id'],
  contacts: ['created_at', 'updated_at', 'id'],
  companies: ['created_at', 'updated_at', 'id'],
}

/** Newest first unless told; filters only where the account has bought them, otherwise they are passed over without a word. */
export function listEntities(request: ApiRequest, kind: EntityKind): Reply {
  const page = pageOf(request)
  const { key, direction } = orderOf(request, orders[kind], { key: 'id', direction: 'desc' })
  const wishes = wished(request)
  const store: EntityStore<Entity> = storeOf(request, kind)

  if (kind === 'leads' && wishes.has('only_deleted')) {
    const deleted = store.slice(key, direction, page.offset, page.limit + 1, 'bin')
    return pageReply(
      request,
      page,
      kind,
      deleted.map((entity) => viewDeleted(request, entity)),
    )
  }
  const found = searchOf(request, store)
  const filter = request.account.filtersOn ? filterOf(request, kind) : undefined
  const rows =
    found === undefined && filter === undefined
      ? store.slice(key, direction, page.offset, page.limit + 1)
      : cutFound(
          (found === undefined ? store.walk(key, direction) : store.pick(found, key, direction)).filter(filter ?? (() => true)),
          page,
        )
  return pageReply(
    request,
    page,
    kind,
    rows.map((entity) => viewEntity(request, entity, wishes)),
  )
}

/** Only what is listed of it is used: a store of one kind serves as a store of entities. */
function storeOf({ account }: ApiRequest, kind: EntityKind): EntityStore<Entity> {
  return account[kind] as EntityStore<Entity>
}

/** Ids that `query` finds; undefined where nothing is searched for. */
function searchOf({ account, query }: ApiRequest, store: EntityStore<Entity>): number[] | undefined {
  const needle = query.scalar('query')?.toLowerCase()
  return needle === undefined || needle === '' ? undefined : store.search.find(needle, account.clock.nowMs())
}

/** In the bin only these are told. */
function viewDeleted(request: ApiRequest, entity: Entity) {
  const { id, updatedAt, updatedBy } = entity
  return { id, updated_at: updatedAt, updated_by: updatedBy, is_deleted: true, _links: entityLinks(request, entity) }
}

/** 204 for what is missing, deleted or merged. */
export function getEntity(request: ApiRequest, kind: EntityKind): Reply {
  const entity = request.account[kind].find(Number(request.params.id))
  return entity === undefined ? noContent : hal(viewEntity(request, entity, wished(request)))
}
