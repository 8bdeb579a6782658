import type { Directory, DirectoryField } from './directory.ts'
import { type FitValue, fitValues } from './fields/fit.ts'
import { parsePath, readPath } from './fields/path.ts'
import { parseTemplate, renderTemplate } from './fields/template.ts'
import { parseTransform, type TransformContext } from './fields/transform.ts'
import type { FieldId } from './ids.ts'
import type { Language } from './messages/language.ts'
import type { Order } from './order.ts'
import { type Leftover, orderNote } from './order-note.ts'
import { type Price, priceOf } from './price.ts'
import type { FieldRule, OrderSettings } from './settings/resolved.ts'

/** What the CRM should show of an order, stage apart. JSON: it is kept with the pair as "last sent". */
export interface DealView {
  name: string
  /** null: left empty. */
  price: number | null
  tags: string[]
  /** By field id. Only filled ones: an empty value of the shop never wipes one of the CRM. */
  fields: Record<string, FitValue[]>
  /** null: the settings want none and nothing has to be kept in it. */
  note: string | null
}

/** What could not be shown as asked: an incident for a person, the value kept in the note. */
export type ViewProblem =
  | { kind: 'value-unfit'; place: string; title: string; value: string; reason: string }
  | { kind: 'price'; reason: Exclude<Price['kind'], 'price' | 'skipped'>; currency: string; total: string }

/** What the shop knows of the buyer beside the order's own buyer fields, from rules that point at `contact.` and `company.`. */
export interface PartyValues {
  /** `firstName`, `phone`, … or a field id -> texts. */
  named: Record<string, string[]>
  fields: Record<string, FitValue[]>
}

export interface ViewContext {
  directory: Directory
  /** Of the deal's fields AMOBRIDGE_KEY and AMOBRIDGE_URL. */
  keyField: FieldId
  urlField: FieldId | null
  marker: string
  language: Language
  /** Of the order's site; without it dates are shown in UTC. */
  timeZone?: string
  deleted: boolean
  /** Fields that amoCRM refuses at present: their values go into the note. */
  refusedFields: ReadonlySet<number>
  /** What else has to be kept in the note: values refused beside the custom fields. */
  leftovers: Leftover[]
}

export interface OrderView {
  deal: DealView
  contact: PartyValues
  company: PartyValues
  problems: ViewProblem[]
}

/** Reads settings and order into what the CRM should show. Pure: the same order gives the same view. */
export function viewOrder(order: Order, settings: OrderSettings, context: ViewContext): OrderView {
  const { directory, timeZone } = context
  const place = timeZone === undefined ? {} : { timeZone }
  const problems: ViewProblem[] = []
  const leftovers: Leftover[] = [...context.leftovers]
  const contact: PartyValues = { named: {}, fields: {} }
  const company: PartyValues = { named: {}, fields: {} }
  const data = toData(order)
  const fields: Record<string, FitValue[]> = {}
  for (const { field, value } of trackingValues(order, directory)) {
    const fit = fitValues([value], field)
    if (context.refusedFields.has(field.id)) leftovers.push({ title: field.name, value })
    else if (fit.ok) fields[String(field.id)] = fit.values
  }
  let tags = [...settings.tags]
  let name = renderName(settings.name, data, order)
  let price: Price = priceOf(order, directory.currency, settings.currencies)

  for (const rule of settings.fields) {
    const texts = valuesOf(rule, data, place)
    if (texts.length === 0) continue
    const { to } = rule
    if (to.kind === 'custom') {
      const field = directory.fields.find(({ entity, id }) => entity === to.entity && id === to.fieldId)
      const home = to.entity === 'deal' ? fields : to.entity === 'contact' ? contact.fields : company.fields
      keepFitting(rule, texts, field, home)
    } else if (to.entity !== 'deal') (to.entity === 'contact' ? contact : company).named[to.kind] = texts
    else if (to.kind === 'tags') tags = [...tags, ...texts]
    else if (to.kind === 'name') name = texts.join(', ').slice(0, 255)
    else price = priceOf({ total: texts[0] ?? '', currency: order.currency }, directory.currency, settings.currencies)
  }

  function keepFitting(rule: FieldRule, texts: string[], field: DirectoryField | undefined, home: Record<string, FitValue[]>): void {
    const title = field?.name ?? rule.from
    if (field === undefined || context.refusedFields.has(field.id)) {
      leftovers.push({ title, value: texts.join(', ') })
      return
    }
    const fit = fitValues(texts, field, place)
    if (fit.ok) {
      home[String(field.id)] = fit.values
      // Cut to the field's length: the whole of it stays readable.
      if (fit.leftover !== undefined) leftovers.push({ title, value: fit.leftover })
      return
    }
    leftovers.push({ title, value: texts.join(', ') })
    problems.push({ kind: 'value-unfit', place: rule.place, title, value: texts.join(', '), reason: fit.reason })
  }

  if (context.urlField !== null && order.adminUrl && !context.refusedFields.has(context.urlField))
    fields[String(context.urlField)] = [{ value: order.adminUrl }]
  fields[String(context.keyField)] = [{ value: context.marker }]
  if (price.kind !== 'price' && price.kind !== 'skipped')
    problems.push({ kind: 'price', reason: price.kind, currency: order.currency, total: order.total })

  const wantsLines = settings.lines === 'note' || settings.lines === 'both'
  const note =
    wantsLines || leftovers.length > 0
      ? orderNote(order, { lines: wantsLines, leftovers, marker: context.marker, language: context.language, deleted: context.deleted })
      : null
  return {
    deal: { name, price: price.kind === 'price' ? price.roubles : null, tags: [...new Set(tags)], fields, note },
    contact,
    company,
    problems,
  }
}

/** What paths and templates may see. */
function toData(order: Order): Record<string, unknown> {
  return { order, buyer: order.buyer, touch: order.touch }
}

function renderName(template: string, data: Record<string, unknown>, order: Order): string {
  const parsed = parseTemplate(template)
  const name = parsed.ok ? renderTemplate(parsed.value, data).trim() : ''
  return (name || `Order #${order.number}`).slice(0, 255)
}

function valuesOf(rule: FieldRule, data: Record<string, unknown>, place: TransformContext): string[] {
  const path = parsePath(rule.from)
  let values = path.ok ? readPath(path.value, data) : []
  for (const text of rule.transforms) {
    const transform = parseTransform(text)
    if (transform.ok) values = transform.value(values, place)
  }
  return values
}

/** Tracking fields that exist in the account are filled without a rule: last touch, else the order property of the same name. */
function trackingValues(order: Order, directory: Directory): { field: DirectoryField; value: string }[] {
  return directory.fields.flatMap((field) => {
    const value = field.entity === 'deal' && field.type === 'tracking_data' && field.code !== null ? touchValue(order, field.code) : null
    return value ? [{ field, value }] : []
  })
}

/** amoCRM's code -> the tracker's name: `_YM_UID` is `ym_uid`, `UTM_REFERRER` the referrer. */
const touchNames: Record<string, string[]> = {
  UTM_REFERRER: ['utm_referrer', 'referrer'],
  _YM_UID: ['_ym_uid', 'ym_uid'],
  GCLIENTID: ['ga', 'gclientid', 'ga_client_id'],
}
function touchValue(order: Order, code: string): string | null {
  const { first, last } = order.touch
  for (const touch of [last, first]) {
    for (const name of touchNames[code] ?? [code.toLowerCase()]) {
      const value = touch && Object.hasOwn(touch, name) ? touch[name] : null
      if (value) return value
    }
  }
  const property = Object.hasOwn(order.properties, code) ? order.properties[code] : undefined
  return (Array.isArray(property) ? property[0] : property) ?? null
}
