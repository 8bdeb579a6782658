import type { Buyer, Company, Order, OrderLine, Payment, Shipment } from '../order.ts'
import { nearest } from './nearest.ts'
import { type FieldProblem, unreadable } from './parsed.ts'
import type { Path, PathStep } from './path.ts'

/** What may follow at a place of a path. `open`: names are the shop's own (property codes, marks of a visit, fields of a form). */
type Words = 'value' | 'open' | { section: Record<string, Words> } | { list: Words }
/** What the settings speak of: an order's rules cannot see a form's answers, nor the other way round. */
export type Subject = 'order' | 'form'

const values = <Key extends string>(...names: Key[]): Record<Key, Words> =>
  Object.fromEntries(names.map((name) => [name, 'value'])) as Record<Key, Words>

const company: Record<keyof Company, Words> = values('name', 'inn', 'kpp')
const buyer: Record<keyof Buyer, Words> = {
  ...values('userId', 'firstName', 'lastName', 'middleName', 'phone', 'email'),
  company: { section: company },
}
const line: Record<keyof OrderLine, Words> = {
  ...values('id', 'parentId', 'productId', 'xmlId', 'sku', 'name', 'price', 'discount', 'vatRate', 'quantity', 'unit', 'url'),
  properties: { list: { section: values('code', 'name', 'value') } },
}
const payment: Record<keyof Payment, Words> = values('id', 'system', 'sum', 'paid', 'paidAt')
const shipment: Record<keyof Shipment, Words> = values('id', 'service', 'price', 'status', 'shipped', 'trackingNumber')
const touch: Words = { section: { first: 'open', last: 'open' } }

const order: Record<keyof Order, Words> = {
  ...values('id', 'number', 'site', 'personType', 'status', 'cancelled', 'cancelReason', 'paid', 'createdAt', 'updatedAt', 'statusAt'),
  ...values('currency', 'total', 'paidSum', 'deliveryPrice', 'discount', 'comment', 'managerComment', 'adminUrl', 'linesTotal'),
  buyer: { section: buyer },
  properties: 'open',
  lines: { list: { section: line } },
  payments: { list: { section: payment } },
  shipments: { list: { section: shipment } },
  touch,
}
const form = values('source', 'id', 'code', 'name', 'resultId', 'site', 'page', 'referrer', 'ip', 'userId')

/** Every name a path may use, by what it speaks of. */
const vocabulary: Record<Subject, Record<string, Words>> = {
  order: { order: { section: order }, buyer: { section: buyer }, touch },
  form: { form: { section: form }, answers: 'open', touch, buyer: { section: buyer } },
}

/** A path that could never find a value is a mistake worth telling; undefined: all its names are known. */
export function checkPath(path: Path, subject: Subject): FieldProblem | undefined {
  let words: Words = { section: vocabulary[subject] }
  let text = ''
  for (const step of path.steps) {
    const next = follow(words, step)
    if (next === undefined) return explain(words, step, text, path)
    words = next
    text += stepText(step, text === '')
  }
  return typeof words === 'string' ? undefined : explain(words, undefined, text, path)
}

function follow(words: Words, step: PathStep): Words | undefined {
  if (words === 'value') return undefined
  if (words === 'open') return words
  if ('list' in words) return 'name' in step ? undefined : words.list
  return 'name' in step && Object.hasOwn(words.section, step.name) ? words.section[step.name] : undefined
}

function explain(words: Words, step: PathStep | undefined, before: string, { text }: Path): FieldProblem {
  if (typeof words === 'object' && 'list' in words) {
    const suggestion = step === undefined ? undefined : `${before}[*]${text.slice(before.length)}`
    return unreadable(0, 'path-list', { path: before }, suggestion).problem
  }
  const names = typeof words === 'object' ? Object.keys(words.section) : []
  if (step === undefined) return unreadable(0, 'path-section', { path: before, known: names.join(', ') }).problem
  const wrong = stepText(step, before === '')
  const right = 'name' in step ? nearest(step.name, names) : undefined
  const suggestion = right && `${before}${before === '' ? '' : '.'}${right}${text.slice(before.length + wrong.length)}`
  return unreadable(0, 'path-unknown', { path: `${before}${wrong}`, known: names.join(', ') }, suggestion).problem
}

function stepText(step: PathStep, first: boolean): string {
  if ('name' in step) return first ? step.name : `.${step.name}`
  return 'index' in step ? `[${step.index}]` : '[*]'
}
