import { type ApiRequest, requireItems } from '../api-request.ts'
import { cut, pageOf, pageReply, selfLink } from '../paging.ts'
import { hal, type Reply } from '../reply.ts'
import type { Route } from '../router.ts'
import { fail, nullable, object, oneOf, type Parser, parseItems, requestId, text } from '../validation.ts'
import { type EntityKind, entityKinds } from '../world/model.ts'
import type { Tag } from '../world/tags.ts'

/** Source: "Теги". Each kind of entity has its own. */
export const tagRoutes: Route[] = entityKinds.flatMap((kind) => [
  { method: 'GET', pattern: `/${kind}/tags`, handle: (request: ApiRequest) => listTags(request, kind) },
  { method: 'POST', pattern: `/${kind}/tags`, handle: (request: ApiRequest) => addTags(request, kind) },
])

const colors =
  'EBEBEB D0D0D0 F2DDF7 D1A4DC FF8F92 FFC8C8 C7DB8C DDEBB5 8699DA AABDFF FFCE5A FFE193 90CDB0 C6F4DE A9A5D7 D8D5FF 86C0FC 832161 6A0F49 0C7C59 10599D 9D2B32 247BA0'.split(
    ' ',
  )

function listTags(request: ApiRequest, kind: EntityKind): Reply {
  const { account, query } = request
  const name = query.scalar('filter', 'name')
  const ids = new Set(query.list('filter', 'id').map(Number))
  const part = query.scalar('query')?.toLowerCase()
  const rows = account.tags[kind]
    .all()
    .filter((tag) => name === undefined || tag.name === name)
    .filter((tag) => ids.size === 0 || ids.has(tag.id))
    .filter((tag) => part === undefined || tag.name.toLowerCase().includes(part))
  const page = pageOf(request)
  return pageReply(request, page, 'tags', cut(rows, page).map(viewTag))
}

const shape = object({ name: text, color: nullable(oneOf(colors)), request_id: requestId }, ['name'])

/** Only tags of leads have colours. */
function newTag(kind: EntityKind): Parser<NonNullable<ReturnType<typeof shape>>> {
  return (value, path, errors) => {
    const draft = shape(value, path, errors)
    if (kind !== 'leads' && draft?.color !== undefined && draft.color !== null) fail(errors, 'FieldNotExpected', 'color')
    return draft
  }
}

/** A name that exists answers with the id it has. */
function addTags(request: ApiRequest, kind: EntityKind): Reply {
  const items = parseItems(requireItems(request), newTag(kind))
  const rows = items.map(({ requestId: sent, value }) => ({
    ...viewTag(request.account.tags[kind].put(value.name ?? '', value.color ?? null)),
    request_id: String(sent),
  }))
  return hal({ _total_items: rows.length, _links: selfLink(request, request.path), _embedded: { tags: rows } })
}

const viewTag = ({ id, name, color }: Tag) => ({ id, name, color })
