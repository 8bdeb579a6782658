import { customFields } from './field-input.ts'
import { choiceOfInt, fail, failType, int, isObject, list, nullable, type Parsed, type Parser, requestId, text } from './validation.ts'
import type { Account } from './world/account.ts'
import type { EntityChanges, TagEdit } from './world/edit.ts'
import type { EntityKind } from './world/model.ts'

/** Users that may be named in a write: known and active. 0 is the robot, where it may stand. */
export function activeUser(account: Account): Parser<number> {
  return choiceOfInt((id) => account.users.get(id)?.isActive === true)
}

export function activeUserOrRobot(account: Account): Parser<number> {
  return choiceOfInt((id) => id === 0 || account.users.get(id)?.isActive === true)
}

/** A tag by name or by id; read as its name. An unknown name makes a tag, an unknown id is refused. */
function tag(account: Account, kind: EntityKind): Parser<string> {
  return (value, path, errors) => {
    if (!isObject(value)) return failType(errors, path, 'object')
    for (const key of Object.keys(value)) if (key !== 'id' && key !== 'name') fail(errors, 'FieldNotExpected', `${path}.${key}`)
    const { id, name } = value
    if (typeof name === 'string') return name
    if (name !== undefined && name !== null) return failType(errors, `${path}.name`, 'string')
    if (id === undefined) return fail(errors, 'FieldMissing', `${path}.name`)
    if (typeof id !== 'number') return failType(errors, `${path}.id`, 'int')
    return account.tags[kind].get(id)?.name ?? fail(errors, 'NotSupportedChoice', `${path}.id`)
  }
}

export const tagList = (account: Account, kind: EntityKind) => list(tag(account, kind))

/** Keys that leads, contacts and companies have in common. */
export function commonShape(account: Account, kind: EntityKind) {
  return {
    /** Ignored on create, the entity's id in a PATCH of many. */
    id: int,
    request_id: requestId,
    name: text,
    responsible_user_id: activeUser(account),
    created_by: activeUserOrRobot(account),
    updated_by: activeUserOrRobot(account),
    created_at: int,
    updated_at: int,
    custom_fields_values: customFields(account, kind),
    tags_to_add: tagList(account, kind),
  }
}

export const replacedTags = (account: Account, kind: EntityKind) => nullable(tagList(account, kind))

export type CommonDraft = Parsed<ReturnType<typeof commonShape>> & {
  tags_to_delete?: string[]
  _embedded?: { tags?: string[] | null }
}

export function toChanges(draft: CommonDraft): EntityChanges {
  return {
    name: draft.name,
    responsibleUserId: draft.responsible_user_id,
    createdBy: draft.created_by,
    updatedBy: draft.updated_by,
    createdAt: draft.created_at,
    updatedAt: draft.updated_at,
    fields: draft.custom_fields_values,
    tags: toTagEdit(draft),
  }
}

function toTagEdit({ _embedded, tags_to_add, tags_to_delete }: CommonDraft): TagEdit | undefined {
  if (_embedded?.tags === undefined && tags_to_add === undefined && tags_to_delete === undefined) return undefined
  const replace = _embedded?.tags === null ? [] : _embedded?.tags
  return { replace, add: tags_to_add, remove: tags_to_delete }
}

/** Plain keys that the account refuses to take, as `price` after a change of settings. Named fields are refused where they are read. */
export function refusingKeys<T>(account: Account, kind: EntityKind, parser: Parser<T>): Parser<T> {
  return (value, path, errors) => {
    const parsed = parser(value, path, errors)
    for (const { entity, field, code = 'NotSupportedChoice' } of account.refusedFields) {
      if (entity !== kind || !isObject(value) || typeof field !== 'string' || !(field in value)) continue
      errors.push({ code, path: path === '' ? field : `${path}.${field}`, detail: 'The value you selected is not a valid choice.' })
    }
    return parsed
  }
}
