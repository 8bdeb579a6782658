import type { Directory } from '../directory.ts'
import { toEmail } from '../fields/email.ts'
import { toE164 } from '../fields/phone.ts'
import type { PipelineId } from '../ids.ts'
import { toKopecks } from '../money.ts'
import type { Order } from '../order.ts'
import { withDefaults } from './defaults.ts'
import { findPipeline, findStage, type Report } from './names.ts'
import { wrongOwnFields } from './own-fields.ts'
import { type Path, type Problem, toPlace } from './problems.ts'
import { resolveForms } from './resolve-forms.ts'
import { layOver, type Resolving, resolveBase } from './resolve-orders.ts'
import type { ContactSettings, OrderCondition, OrderSettings, ResolvedConnection } from './resolved.ts'
import type { WrittenConnection } from './written.ts'

/** Resolves names against the account. `problems` empty: all of it may be used. `since`: when live work begins where the settings do not say. */
export function resolveConnection(
  written: WrittenConnection,
  directory: Directory,
  since: Date,
): { resolved: ResolvedConnection; problems: Problem[] } {
  const problems: Problem[] = []
  const placeOf = (path: Path) => `${written.name}.${toPlace(path)}`
  const report: Report = (path, code, params, suggestion) => {
    problems.push({ place: placeOf(path), path, code, ...(params && { params }), ...(suggestion === undefined ? {} : { suggestion }) })
  }
  for (const wrong of wrongOwnFields(directory)) report(['amocrm'], 'own-field-type', wrong)
  const resolving: Resolving = { directory, report, placeOf }
  const filled = withDefaults(written)
  const base = resolveBase(written, since, resolving)
  const rules = filled.orders.rules.map(({ when, skip = false, ...rule }, index) => ({
    when,
    settings: { ...layOver(base, rule, ['orders', 'rules', index], resolving), skip },
  }))
  const reusable = filled.orders.reuseOpenDeal
  const resolved: ResolvedConnection = {
    base,
    rules,
    statuses: resolveStatuses(filled.orders.statuses, base.pipelineId, resolving),
    conflict: filled.orders.conflict,
    notifyBuyer: filled.orders.notifyBuyer,
    reuseOpenDeal: {
      ...reusable,
      pipelines: reusable.pipelines.flatMap(
        (name, index) => findPipeline(name, directory, ['orders', 'reuseOpenDeal', 'pipelines', index], report)?.id ?? [],
      ),
    },
    contacts: resolveContacts(written),
    forms: resolveForms(written, since, base.pipelineId, resolving),
    catalog: filled.catalog,
    notify: filled.notify,
    retentionDays: filled.privacy.retentionDays,
  }
  return { resolved, problems }
}

/** How `statuses` names a stage once it is resolved. */
const stageKey = ({ pipelineId, statusId }: { pipelineId: number; statusId: number }) => `${pipelineId}:${statusId}`

function resolveStatuses(written: Record<string, string>, own: PipelineId, { directory, report }: Resolving): Map<string, string> {
  const resolved = new Map<string, string>()
  const writtenAs = new Map<string, string>()
  for (const [key, status] of Object.entries(written)) {
    const path = ['orders', 'statuses', key]
    const stage = findStage(key, own, directory, path, report)
    if (stage === undefined) continue
    const known = writtenAs.get(stageKey(stage))
    if (known !== undefined) report(path, 'same-stage-twice', { key: known })
    writtenAs.set(stageKey(stage), key)
    resolved.set(stageKey(stage), status)
  }
  return resolved
}

function resolveContacts(written: WrittenConnection): ContactSettings {
  const { direction, stopList, ...rules } = withDefaults(written).contacts
  return {
    ...rules,
    toCrm: direction === 'both' || direction === 'to-crm',
    toShop: direction === 'both' || direction === 'to-shop',
    stopList: stopList.map(normalStop),
  }
}

const normalStop = (text: string) => toEmail(text) ?? (text.includes('@') ? text.trim().toLowerCase() : (toE164(text) ?? text.trim()))

/** The first rule that fits is laid over the base; it is chosen at creation and kept with the pair. */
export function settingsFor(
  order: Order,
  { base, rules }: Pick<ResolvedConnection, 'base' | 'rules'>,
): { settings: OrderSettings; rule: number | null } {
  const rule = rules.findIndex(({ when }) => fits(order, when))
  return rule < 0 ? { settings: base, rule: null } : { settings: rules[rule]?.settings ?? base, rule }
}

/** The kept rule; one that was taken out of the settings since leaves the base. */
export function settingsForRule({ base, rules }: Pick<ResolvedConnection, 'base' | 'rules'>, rule: number | null): OrderSettings {
  return (rule === null ? undefined : rules[rule]?.settings) ?? base
}

function fits(order: Order, { site, personType, minTotal, maxTotal, currency, property }: OrderCondition): boolean {
  const kopecks = toKopecks(order.total)
  const amount = (limit: number) => toKopecks(limit.toFixed(2)) ?? 0n
  return (
    (site?.includes(order.site) ?? true) &&
    (personType?.includes(order.personType ?? '') ?? true) &&
    (currency?.includes(order.currency) ?? true) &&
    (minTotal === undefined || (kopecks !== undefined && kopecks >= amount(minTotal))) &&
    (maxTotal === undefined || (kopecks !== undefined && kopecks <= amount(maxTotal))) &&
    Object.entries(property ?? {}).every(([code, value]) => hasProperty(order, code, value))
  )
}

function hasProperty({ properties }: Order, code: string, value: string): boolean {
  return Object.hasOwn(properties, code) && [properties[code]].flat().includes(value)
}
