import { type ApiRequest, idOf, requireItems, requirePatchItems, requirePatchObject } from './api-request.ts'
import { entityLinks } from './entity-view.ts'
import { selfLink } from './paging.ts'
import { hal, noContent, type Reply, refuse } from './reply.ts'
import { fail, type ParsedItem, type Parser, parseItems } from './validation.ts'
import { findEntity } from './world/account.ts'
import type { Entity, EntityKind } from './world/model.ts'

/** POST of many: everything is read before anything is made. */
export function createMany<D>(
  request: ApiRequest,
  kind: EntityKind,
  parser: Parser<D>,
  create: (draft: D) => Entity,
  check?: (items: ParsedItem<D>[]) => void,
): Reply {
  const items = parseItems(requireItems(request), parser)
  check?.(items)
  const rows = items.map(({ requestId, value }) => {
    const entity = create(value)
    return { id: entity.id, request_id: requestId, _links: entityLinks(request, entity) }
  })
  return envelope(request, kind, rows)
}

export interface Patch<D> {
  kind: EntityKind
  /** Reads changes for the entity of this id (undefined: missing). */
  parser: (id: number | undefined) => Parser<D>
  /** Refuses the whole request; runs before anything is changed. */
  check?: (patches: { id: number; draft: D }[]) => void
  apply: (id: number, draft: D) => void
}

/** PATCH of many: those that are missing are left out of the answer; when all are, 204. */
export function patchMany<D>(request: ApiRequest, { kind, parser, check, apply }: Patch<D>): Reply {
  const withId: Parser<{ id: number; draft: D }> = (value, path, errors) => {
    const id = sentId(value)
    if (id === undefined) return fail(errors, 'FieldMissing', 'id')
    const draft = parser(id)(value, path, errors)
    return draft === undefined ? undefined : { id, draft }
  }
  const found = parseItems(requirePatchItems(request), withId)
    .map(({ value }) => value)
    .filter(({ id }) => findEntity(request.account, kind, id) !== undefined)
  if (found.length === 0) return missingReply(request)
  check?.(found)
  for (const { id, draft } of found) apply(id, draft)
  return envelope(
    request,
    kind,
    found.map(({ id }) => updated(request, kind, id)),
  )
}

export function patchOne<D>(request: ApiRequest, { kind, parser, check, apply }: Patch<D>): Reply {
  const body = requirePatchObject(request)
  const id = idOf(request)
  const [item] = parseItems([body], parser(id))
  if (item === undefined || findEntity(request.account, kind, id) === undefined) return missingReply(request)
  check?.([{ id, draft: item.value }])
  apply(id, item.value)
  return hal(updated(request, kind, id))
}

function sentId(value: unknown): number | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'number' ? id : undefined
}

function updated(request: ApiRequest, kind: EntityKind, id: number) {
  return { id, updated_at: findEntity(request.account, kind, id)?.updatedAt, _links: entityLinks(request, { kind, id }) }
}

function missingReply({ habits }: ApiRequest): Reply {
  return habits.missingPatch === 204 ? noContent : refuse(habits.missingPatch, 'Entity not found')
}

export function envelope(request: ApiRequest, key: string, rows: readonly unknown[]): Reply {
  return hal({ _links: selfLink(request, request.path), _embedded: { [key]: rows } })
}
