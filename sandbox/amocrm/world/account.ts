import type { MovableClock } from '../clock.ts'
import type { DuplicateRules } from './duplicate-control.ts'
import { createEventLog, type EventEntity, type EventLog } from './events.ts'
import { createFieldBook, type FieldBook } from './fields.ts'
import type { NextId } from './ids.ts'
import type { Company, Contact, Entity, EntityKind, Lead, LossReason, Pipeline, Status, User } from './model.ts'
import { createNoteBook, type NoteBook } from './notes.ts'
import { createEntityStore, type EntityStore } from './store.ts'
import { createTagBook, type TagBook } from './tags.ts'

/** A field that the account refuses to take, as after a change of its settings. `field`: id, code or key (`price`). */
export interface FieldRefusal {
  entity: EntityKind
  field: number | string
  code?: string | undefined
}

export interface FieldGroup {
  id: string
  name: string
  sort: number
  isPredefined: boolean
}

/** Until when the subscription is paid: 402 for writes first, then for everything. */
export type Subscription = 'paid' | 'writes-refused' | 'all-refused'

export interface Account {
  readonly id: number
  readonly subdomain: string
  readonly name: string
  readonly clock: MovableClock
  readonly nextId: NextId
  filtersOn: boolean
  subscription: Subscription
  readonly users: Map<number, User>
  readonly pipelines: Map<number, Pipeline>
  readonly lossReasons: Map<number, LossReason>
  readonly leads: EntityStore<Lead>
  readonly contacts: EntityStore<Contact>
  readonly companies: EntityStore<Company>
  readonly fields: Record<EntityKind, FieldBook>
  readonly fieldGroups: Record<EntityKind, FieldGroup[]>
  readonly tags: Record<EntityKind, TagBook>
  readonly notes: NoteBook
  readonly events: EventLog
  readonly refusedFields: FieldRefusal[]
  /** By pipeline id; a pipeline that is not here has none. */
  readonly duplicateControl: Map<number, DuplicateRules>
  /** Grows with every change; tells a watching page whether to read again. */
  version: number
}

export interface AccountSeed {
  id: number
  subdomain: string
  name: string
  clock: MovableClock
  nextId: NextId
  searchLagMs: () => number
  filtersOn: boolean
}

export function createAccount({ id, subdomain, name, clock, nextId, searchLagMs, filtersOn }: AccountSeed): Account {
  const tagBook = () => createTagBook(() => nextId('tag'))
  const groups = (): FieldGroup[] => [
    { id: 'default', name: 'Основное', sort: 0, isPredefined: true },
    { id: 'statistic', name: 'Статистика', sort: 1, isPredefined: true },
  ]
  return {
    id,
    subdomain,
    name,
    clock,
    nextId,
    filtersOn,
    subscription: 'paid',
    users: new Map(),
    pipelines: new Map(),
    lossReasons: new Map(),
    leads: createEntityStore<Lead>(searchLagMs),
    contacts: createEntityStore<Contact>(searchLagMs),
    companies: createEntityStore<Company>(searchLagMs),
    fields: { leads: createFieldBook(), contacts: createFieldBook(), companies: createFieldBook() },
    fieldGroups: { leads: groups(), contacts: groups(), companies: groups() },
    tags: { leads: tagBook(), contacts: tagBook(), companies: tagBook() },
    notes: createNoteBook(),
    events: createEventLog(clock.nowMs),
    refusedFields: [],
    duplicateControl: new Map(),
    version: 0,
  }
}

export const eventEntity: Record<EntityKind, EventEntity> = { leads: 'lead', contacts: 'contact', companies: 'company' }

export function findEntity(account: Account, kind: EntityKind, id: number): Entity | undefined {
  return account[kind].find(id)
}

/** Host of the account in the links it shows: never the address of the emulator. */
export const accountHost = (account: Account) => `${account.subdomain}.amocrm.ru`

export function mainPipeline(account: Account): Pipeline {
  const main = account.pipelines.values().find(({ isMain }) => isMain)
  if (main === undefined) throw new Error(`account ${account.id} has no main pipeline`)
  return main
}

/** From left to right, as people see them. */
export function stagesOf({ statuses }: Pipeline): Status[] {
  return [...statuses.values()].sort((a, b) => a.sort - b.sort)
}

/** Where a lead lands when no status is named. */
export function firstStage(pipeline: Pipeline): number {
  const first = stagesOf(pipeline).find(({ type }) => type === 0)
  if (first === undefined) throw new Error(`pipeline ${pipeline.id} has no stages`)
  return first.id
}

export function isUnsorted(account: Account, pipelineId: number, statusId: number): boolean {
  return account.pipelines.get(pipelineId)?.statuses.get(statusId)?.type === 1
}
