import {
  type Directory,
  type DirectoryField,
  type DirectoryPipeline,
  type FieldEntity,
  lostStatus,
  type Stage,
  wonStatus,
} from '../directory.ts'
import type { PipelineId, UserId } from '../ids.ts'
import { toKopecks } from '../money.ts'
import type { Order } from '../order.ts'
import { nearest, plainName } from './nearest.ts'
import type { Problem, ProblemCode } from './problems.ts'
import type { ContactSettings, FieldRule, FieldTarget, OrderSettings } from './resolved.ts'
import type { WrittenConnection, WrittenField, WrittenOverlay, WrittenWhen } from './written.ts'

/** A connection's settings with every name turned into the account's ids. */
export interface ResolvedConnection {
  base: OrderSettings
  rules: { when: WrittenWhen; settings: OrderSettings }[]
  /** `pipelineId:statusId` -> the shop's status, or `cancelled`. */
  statuses: Map<string, string>
  conflict: 'newest' | 'shop' | 'crm'
  contacts: ContactSettings
}

type Report = (path: string, code: ProblemCode, params?: Record<string, string>, suggestion?: string) => void

/** Resolves names against the account. `problems` empty: all of it may be used. `since`: when live work begins where the settings do not say. */
export function resolveConnection(
  written: WrittenConnection,
  directory: Directory,
  since: Date,
): { resolved: ResolvedConnection; problems: Problem[] } {
  const problems: Problem[] = []
  const report: Report = (place, code, params, suggestion) => {
    problems.push({ place, code, ...(params === undefined ? {} : { params }), ...(suggestion === undefined ? {} : { suggestion }) })
  }
  const at = `${written.name}.orders`
  const orders = written.orders ?? {}
  const base = resolveOverlay(defaultsOf(written, directory, since), orders, directory, at, report)
  const rules = (orders.rules ?? []).map(({ when, skip, ...rule }, index) => ({
    when,
    settings: { ...resolveOverlay(base, rule, directory, `${at}.rules[${index}]`, report), skip: skip ?? false },
  }))
  return {
    resolved: {
      base,
      rules,
      statuses: resolveStatuses(orders.statuses ?? {}, base.pipelineId, directory, `${at}.statuses`, report),
      conflict: orders.conflict ?? 'newest',
      contacts: resolveContacts(written),
    },
    problems,
  }
}

function defaultsOf({ orders = {} }: WrittenConnection, directory: Directory, since: Date): OrderSettings {
  const main = directory.pipelines.find((pipeline) => pipeline.main) ?? directory.pipelines[0]
  return {
    enabled: orders.enabled ?? false,
    since: orders.since === undefined ? since : new Date(orders.since),
    name: 'Order #{{order.number}}',
    pipelineId: main?.id ?? (0 as PipelineId),
    stages: {},
    lossReasons: {},
    responsible: { rule: 'fixed', users: [] },
    tags: [],
    lines: 'note',
    currencies: orders.currencies ?? {},
    fields: [],
    skip: false,
  }
}

/** Lays written values over `below`; lists are replaced, fields of a rule come after those below. */
function resolveOverlay(below: OrderSettings, over: WrittenOverlay, directory: Directory, at: string, report: Report): OrderSettings {
  const pipeline = over.pipeline === undefined ? undefined : findPipeline(over.pipeline, directory, `${at}.pipeline`, report)
  const pipelineId = pipeline?.id ?? below.pipelineId
  const stages = Object.entries(over.stages ?? {}).flatMap(([key, name]) => {
    const stage = findStage(name, pipelineId, directory, `${at}.stages.${key}`, report)
    return stage ? [[key, stage] as const] : []
  })
  return {
    ...below,
    pipelineId,
    name: over.name ?? below.name,
    stages: over.stages === undefined ? below.stages : Object.fromEntries(stages),
    lossReasons:
      over.lossReason === undefined ? below.lossReasons : resolveLossReasons(over.lossReason, directory, `${at}.lossReason`, report),
    responsible:
      over.responsible === undefined ? below.responsible : resolveResponsible(over.responsible, directory, `${at}.responsible`, report),
    tags: over.tags ?? below.tags,
    lines: over.lines ?? below.lines,
    fields: [
      ...below.fields,
      ...(over.fields ?? []).flatMap((field, index) => resolveField(field, directory, `${at}.fields[${index}]`, report)),
    ],
  }
}

function findPipeline(name: number | string, { pipelines }: Directory, at: string, report: Report): DirectoryPipeline | undefined {
  const found = pipelines.find(
    (pipeline) => pipeline.id === name || plainName(pipeline.name) === plainName(String(name)) || String(pipeline.id) === name,
  )
  if (found === undefined) {
    const names = pipelines.map((pipeline) => pipeline.name)
    report(at, 'no-pipeline', { name: String(name) }, nearest(String(name), names) ?? names[0])
  }
  return found
}

/** A stage by id or name in the pipeline, or `Pipeline / Stage` anywhere. */
function findStage(written: number | string, pipelineId: PipelineId, directory: Directory, at: string, report: Report): Stage | undefined {
  const [first = '', ...rest] = String(written).split(' / ')
  const pipeline =
    rest.length === 0 ? directory.pipelines.find(({ id }) => id === pipelineId) : findPipeline(first.trim(), directory, at, report)
  if (pipeline === undefined) return undefined
  const name = rest.length === 0 ? written : rest.join(' / ')
  const status = pipeline.statuses.find(({ id, name: known }) => id === Number(name) || plainName(known) === plainName(String(name)))
  if (status?.unsorted) {
    report(at, 'unsorted-stage', { name: status.name })
    return undefined
  }
  if (status) return { pipelineId: pipeline.id, statusId: status.id }
  if (Number(name) === wonStatus || Number(name) === lostStatus)
    return { pipelineId: pipeline.id, statusId: Number(name) === wonStatus ? wonStatus : lostStatus }
  const names = pipeline.statuses.filter(({ unsorted }) => !unsorted).map((known) => known.name)
  report(at, 'no-stage', { pipeline: pipeline.name, name: String(name) }, nearest(String(name), names) ?? names[0])
  return undefined
}

function resolveLossReasons(
  written: Record<string, number | string>,
  { lossReasons }: Directory,
  at: string,
  report: Report,
): Record<string, number> {
  const resolved: Record<string, number> = {}
  for (const [key, name] of Object.entries(written)) {
    const found = lossReasons.find((reason) => reason.id === name || plainName(reason.name) === plainName(String(name)))
    if (found) resolved[key] = found.id
    else
      report(
        `${at}.${key}`,
        'no-loss-reason',
        { name: String(name) },
        nearest(
          String(name),
          lossReasons.map((reason) => reason.name),
        ),
      )
  }
  return resolved
}

function resolveResponsible(
  { rule = 'fixed', users = [] }: NonNullable<WrittenOverlay['responsible']>,
  directory: Directory,
  at: string,
  report: Report,
): OrderSettings['responsible'] {
  return { rule, users: users.flatMap((name, index) => findUser(name, directory, `${at}.users[${index}]`, report) ?? []) }
}

function findUser(name: number | string, { users }: Directory, at: string, report: Report): UserId | undefined {
  if (users === null) {
    if (typeof name === 'number') return name as UserId
    report(at, 'users-hidden', { name })
    return undefined
  }
  const found = users.find(
    (user) => user.id === name || [user.name, user.email ?? ''].some((known) => plainName(known) === plainName(String(name))),
  )
  if (found === undefined)
    report(
      at,
      'no-user',
      { name: String(name) },
      nearest(
        String(name),
        users.filter(({ assignable }) => assignable).map((user) => user.name),
      ),
    )
  else if (!found.assignable) report(at, 'inactive-user', { name: found.name })
  return found?.assignable ? found.id : undefined
}

const contactTargets = ['name', 'firstName', 'lastName', 'phone', 'email'] as const
const companyTargets = ['name', 'phone', 'email', 'inn'] as const
const dealTargets = ['price', 'name', 'tags'] as const

function resolveField(
  { from, to, transform = [], owner = 'shop' }: WrittenField,
  directory: Directory,
  place: string,
  report: Report,
): FieldRule[] {
  const target = findTarget(String(to), directory, `${place}.to`, report)
  return target === undefined ? [] : [{ place, from, to: target, transforms: transform, owner }]
}

/** `price`, `contact.phone`, or a custom field by id, code or name; `contact.` and `company.` name the other entities' fields. */
function findTarget(to: string, directory: Directory, at: string, report: Report): FieldTarget | undefined {
  const [prefix = '', ...rest] = to.split('.')
  const entity: FieldEntity = rest.length > 0 && (prefix === 'contact' || prefix === 'company') ? prefix : 'deal'
  const name = entity === 'deal' ? to : rest.join('.')
  const contactKind = contactTargets.find((kind) => kind === name)
  const companyKind = companyTargets.find((kind) => kind === name)
  const dealKind = dealTargets.find((kind) => kind === name)
  if (entity === 'contact' && contactKind) return { kind: contactKind, entity }
  if (entity === 'company' && companyKind) return { kind: companyKind, entity }
  if (entity === 'deal' && dealKind) return { kind: dealKind, entity }
  const own = directory.fields.filter((field) => field.entity === entity)
  const found = findField(name, own)
  if (found) return { kind: 'custom', entity, fieldId: found.id, code: found.code, type: found.type }
  const known = own.flatMap((field) => (field.code === null ? [field.name] : [field.code, field.name]))
  report(at, 'no-field', { name: to }, nearest(name, known))
  return undefined
}

export function findField(name: string, fields: readonly DirectoryField[]): DirectoryField | undefined {
  return (
    fields.find(({ id, code }) => String(id) === name || code === name) ?? fields.find((field) => plainName(field.name) === plainName(name))
  )
}

function resolveStatuses(
  written: Record<string, string>,
  pipelineId: PipelineId,
  directory: Directory,
  at: string,
  report: Report,
): Map<string, string> {
  const resolved = new Map<string, string>()
  for (const [key, status] of Object.entries(written)) {
    const colon = key.lastIndexOf(':')
    const place = `${at}.${key}`
    const pipeline = colon < 0 ? undefined : findPipeline(key.slice(0, colon).trim(), directory, place, report)
    if (colon >= 0 && pipeline === undefined) continue
    const stage = findStage(key.slice(colon + 1).trim(), pipeline?.id ?? pipelineId, directory, place, report)
    if (stage) resolved.set(`${stage.pipelineId}:${stage.statusId}`, status)
  }
  return resolved
}

function resolveContacts({ contacts = {} }: WrittenConnection): ContactSettings {
  const { direction = 'both', name = 'fill-if-empty', phone = 'add', email = 'add', updateShopUser = false, stopList = [] } = contacts
  return {
    toCrm: direction === 'both' || direction === 'to-crm',
    toShop: direction === 'both' || direction === 'to-shop',
    name,
    phone,
    email,
    updateShopUser,
    stopList,
  }
}

/** The first rule that fits is laid over the base; it is chosen at creation and kept with the pair. */
export function settingsFor(order: Order, { base, rules }: ResolvedConnection): { settings: OrderSettings; rule: number | null } {
  const rule = rules.findIndex(({ when }) => fits(order, when))
  return rule < 0 ? { settings: base, rule: null } : { settings: rules[rule]?.settings ?? base, rule }
}

/** The kept rule; one that was taken out of the settings since leaves the base. */
export function settingsForRule({ base, rules }: ResolvedConnection, rule: number | null): OrderSettings {
  return (rule === null ? undefined : rules[rule]?.settings) ?? base
}

function fits(order: Order, { site, personType, minTotal, maxTotal, property }: WrittenWhen): boolean {
  const total = Number(toKopecks(order.total) ?? 0n) / 100
  return (
    (site?.includes(order.site) ?? true) &&
    (personType?.includes(order.personType ?? '') ?? true) &&
    total >= (minTotal ?? Number.NEGATIVE_INFINITY) &&
    total <= (maxTotal ?? Number.POSITIVE_INFINITY) &&
    Object.entries(property ?? {}).every(
      ([code, value]) => Object.hasOwn(order.properties, code) && [order.properties[code]].flat().includes(value),
    )
  )
}
