import { type Account, eventEntity } from './account.ts'
import { type FieldValue, fieldTypeCodes, searchText } from './fields.ts'
import type { Entity, FieldWrite } from './model.ts'

/** Who changes: a user's id, or 0 for robots and integrations. */
export type Author = number

/** Changes that every kind of entity takes. A missing key leaves the value as it is. */
export interface EntityChanges {
  name?: string | undefined
  responsibleUserId?: number | undefined
  createdBy?: number | undefined
  updatedBy?: number | undefined
  createdAt?: number | undefined
  updatedAt?: number | undefined
  fields?: FieldWrite[] | undefined
  tags?: TagEdit | undefined
}

/** Names of tags. `replace` comes first; unknown names become tags. */
export interface TagEdit {
  replace?: string[] | undefined
  add?: string[] | undefined
  remove?: string[] | undefined
}

export function applyCommon(account: Account, entity: Entity, changes: EntityChanges): void {
  entity.name = changes.name ?? entity.name
  entity.responsibleUserId = changes.responsibleUserId ?? entity.responsibleUserId
  entity.createdBy = changes.createdBy ?? entity.createdBy
  entity.createdAt = changes.createdAt ?? entity.createdAt
  for (const { field, values } of changes.fields ?? []) {
    if (values.length === 0) entity.fields.delete(field.id)
    else entity.fields.set(field.id, values)
  }
  if (changes.tags !== undefined) entity.tagIds = editedTags(account, entity, changes.tags)
}

function editedTags(account: Account, entity: Entity, { replace, add = [], remove = [] }: TagEdit): number[] {
  const book = account.tags[entity.kind]
  const idOf = (name: string) => book.put(name).id
  const start = replace === undefined ? entity.tagIds : replace.map(idOf)
  const removed = new Set(remove.map((name) => book.byName(name)?.id))
  return [...new Set([...start, ...add.map(idOf)])].filter((id) => !removed.has(id))
}

/** Changes an entity, sets who and when, and writes an event for every value that became another. */
export function edit(account: Account, entity: Entity, author: Author, mutate: () => void): void {
  const before = stateOf(entity)
  changeStored(account, entity, () => {
    mutate()
    entity.updatedAt = account.clock.nowSec()
    entity.updatedBy = author
  })
  writeDifference(account, entity, before, author)
  indexText(account, entity)
}

export function changeStored(account: Account, entity: Entity, mutate: () => void): void {
  if (entity.kind === 'leads') account.leads.change(entity, mutate)
  else if (entity.kind === 'contacts') account.contacts.change(entity, mutate)
  else account.companies.change(entity, mutate)
  account.version += 1
}

export function indexText(account: Account, entity: Entity): void {
  const index = account[entity.kind].search
  if (entity.place !== 'live') {
    index.remove(entity.id)
    return
  }
  const texts = [entity.name]
  for (const [fieldId, values] of entity.fields) {
    const field = account.fields[entity.kind].get(fieldId)
    if (field !== undefined) texts.push(searchText(field, values))
  }
  index.put(entity.id, texts.join('\n'), account.clock.nowMs())
}

export function writeEvent(
  account: Account,
  entity: Entity,
  type: string,
  author: Author,
  after: unknown[] = [],
  before: unknown[] = [],
): void {
  account.events.add({
    type,
    entityId: entity.id,
    entityType: eventEntity[entity.kind],
    createdBy: author,
    valueAfter: after,
    valueBefore: before,
  })
}

interface State {
  name: string
  responsibleUserId: number
  tagIds: number[]
  fields: Map<number, FieldValue[]>
  price: number
  statusId: number
  pipelineId: number
}

function stateOf(entity: Entity): State {
  const { name, responsibleUserId, tagIds } = entity
  const lead = entity.kind === 'leads' ? entity : { price: 0, statusId: 0, pipelineId: 0 }
  const { price, statusId, pipelineId } = lead
  return { name, responsibleUserId, tagIds, fields: new Map(entity.fields), price, statusId, pipelineId }
}

/** Shapes: "События и Примечания", values of events; price and name as several clients read them. */
function writeDifference(account: Account, entity: Entity, before: State, author: Author): void {
  const after = stateOf(entity)
  const write = (type: string, shape: (state: State) => unknown) =>
    writeEvent(account, entity, type, author, [shape(after)], [shape(before)])

  if (after.statusId !== before.statusId || after.pipelineId !== before.pipelineId)
    write('lead_status_changed', ({ statusId, pipelineId }) => ({ lead_status: { id: statusId, pipeline_id: pipelineId } }))
  if (after.responsibleUserId !== before.responsibleUserId)
    write('entity_responsible_changed', ({ responsibleUserId }) => ({ responsible_user: { id: responsibleUserId } }))
  if (after.price !== before.price) write('sale_field_changed', ({ price }) => ({ sale_field_value: { sale: price } }))
  if (after.name !== before.name) write('name_field_changed', ({ name }) => ({ name_field_value: { name } }))
  writeTagDifference(account, entity, before.tagIds, after.tagIds, author)
  writeFieldDifference(account, entity, before.fields, after.fields, author)
}

export function writeTagDifference(account: Account, entity: Entity, before: number[], after: number[], author: Author): void {
  const shapes = (ids: number[]) => ids.map((id) => ({ tag: { name: account.tags[entity.kind].get(id)?.name ?? '' } }))
  const added = after.filter((id) => !before.includes(id))
  const deleted = before.filter((id) => !after.includes(id))
  if (added.length > 0) writeEvent(account, entity, 'entity_tag_added', author, shapes(added), [])
  if (deleted.length > 0) writeEvent(account, entity, 'entity_tag_deleted', author, [], shapes(deleted))
}

type Fields = Map<number, FieldValue[]>

function writeFieldDifference(account: Account, entity: Entity, before: Fields, after: Fields, author: Author): void {
  const shapes = (fieldId: number, values: FieldValue[] = []) => {
    const type = account.fields[entity.kind].get(fieldId)?.type ?? 'text'
    return values.map(({ value, enumId }) => ({
      custom_field_value: { field_id: fieldId, field_type: fieldTypeCodes[type], enum_id: enumId ?? null, text: String(value) },
    }))
  }
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(id)
    const fresh = after.get(id)
    if (JSON.stringify(old) === JSON.stringify(fresh)) continue
    writeEvent(account, entity, `custom_field_${id}_value_changed`, author, shapes(id, fresh), shapes(id, old))
  }
}
