import type { ApiRequest } from './api-request.ts'
import { type Query, rangeOf, within } from './query.ts'
import { type CustomField, type FieldType, hasEnums } from './world/fields.ts'
import type { Entity, EntityKind, Lead } from './world/model.ts'

type Test = (entity: Entity) => boolean

/** The paid filters: several combine with AND, values of one with OR. Source: "Фильтрация (Alpha)". */
export function filterOf(request: ApiRequest, kind: EntityKind): Test | undefined {
  const { query } = request
  const tests = query.keys('filter').flatMap((key) => {
    if (key === 'custom_fields_values') return fieldTests(request, kind)
    if (key === 'statuses' && kind === 'leads') return [statusTest(query)]
    return columnTest(query, kind, key) ?? []
  })
  return tests.length === 0 ? undefined : (entity) => tests.every((test) => test(entity))
}

type Column = (entity: Entity) => string | number | null
const ofLead =
  (read: (lead: Lead) => number | null): Column =>
  (entity) =>
    entity.kind === 'leads' ? read(entity) : null

const listColumns: Record<string, Column> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  created_by: ({ createdBy }) => createdBy,
  updated_by: ({ updatedBy }) => updatedBy,
  responsible_user_id: ({ responsibleUserId }) => responsibleUserId,
}
const rangeColumns: Record<string, Column> = {
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
}
const leadListColumns: Record<string, Column> = { pipeline_id: ofLead(({ pipelineId }) => pipelineId) }
const leadRangeColumns: Record<string, Column> = { price: ofLead(({ price }) => price), closed_at: ofLead(({ closedAt }) => closedAt) }

function columnTest(query: Query, kind: EntityKind, key: string): Test | undefined {
  const isLead = kind === 'leads'
  const inList = listColumns[key] ?? (isLead ? leadListColumns[key] : undefined)
  if (inList !== undefined) return isOneOf(query.list('filter', key), inList)
  const inRange = rangeColumns[key] ?? (isLead ? leadRangeColumns[key] : undefined)
  if (inRange === undefined) return undefined
  const range = rangeOf(query, 'filter', key)
  // A scalar on a time means equality, not "since".
  if (range === undefined) return isOneOf(query.list('filter', key), inRange)
  return (entity) => {
    const value = inRange(entity)
    return typeof value === 'number' && within(value, range)
  }
}

function isOneOf(values: string[], column: Column): Test {
  const wanted = new Set(values.map((value) => value.toLowerCase()))
  return (entity) => wanted.has(String(column(entity)).toLowerCase())
}

function statusTest(query: Query): Test {
  const pairs = query.keys('filter', 'statuses').map((n) => ({
    pipelineId: Number(query.scalar('filter', 'statuses', n, 'pipeline_id')),
    statusId: Number(query.scalar('filter', 'statuses', n, 'status_id')),
  }))
  return (entity) =>
    entity.kind === 'leads' && pairs.some(({ pipelineId, statusId }) => entity.pipelineId === pipelineId && entity.statusId === statusId)
}

function fieldTests({ account, query }: ApiRequest, kind: EntityKind): Test[] {
  return query.keys('filter', 'custom_fields_values').flatMap((key) => {
    const field = account.fields[kind].get(Number(key))
    return field === undefined ? [] : [fieldTest(query, field)]
  })
}

const ranged: ReadonlySet<FieldType> = new Set(['numeric', 'monetary', 'date', 'date_time', 'birthday'])

/** Text is compared exactly but for case: the docs do not say. */
function fieldTest(query: Query, field: CustomField): Test {
  const path = ['filter', 'custom_fields_values', String(field.id)]
  const range = ranged.has(field.type) ? rangeOf(query, ...path) : undefined
  const wanted = new Set(query.list(...path).map((value) => value.toLowerCase()))
  return (entity) => {
    const values = entity.fields.get(field.id) ?? []
    if (range !== undefined) return values.some(({ value }) => within(Number(value), range))
    if (field.type === 'checkbox') return wanted.has(values.length > 0 ? '1' : '0')
    if (hasEnums(field.type)) return values.some(({ enumId }) => wanted.has(String(enumId)))
    return values.some(({ value }) => wanted.has(String(value).toLowerCase()))
  }
}
