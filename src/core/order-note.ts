import type { Language } from './messages/language.ts'
import { noteWords } from './messages/note.ts'
import { formatMoney, toKopecks } from './money.ts'
import type { Order, OrderLine, Payment, Shipment } from './order.ts'

/** A value that no field of the deal would take: kept here, so that nothing is lost. */
export interface Leftover {
  title: string
  value: string
}

const longestNote = 19_000

/**
 * The one note of a deal: goods as a readable table, delivery, payments, comments, and what did not fit the fields.
 * Its last line is the marker, by which the note is found again when an answer was lost.
 */
export function orderNote(order: Order, { lines, leftovers, marker, language, deleted }: NoteOptions): string {
  const words = noteWords[language]
  const money = (sum: string) => `${formatMoney(sum)} ${order.currency === 'RUB' ? '₽' : order.currency}`
  const head = [
    `${words.order} ${order.number}: ${money(order.total)}`,
    ...(deleted ? [words.deleted] : []),
    ...(order.cancelled ? [[words.cancelled, order.cancelReason].filter(Boolean).join(': ')] : []),
  ]
  const goods = lines ? goodsTable(order, words.moreLines, money) : []
  const rest = [
    ...order.shipments.map((shipment) => shipmentLine(shipment, words.delivery, words.track, money)),
    ...(isPositive(order.discount) ? [`${words.discount}: ${money(order.discount)}`] : []),
    ...order.payments.map((payment) => paymentLine(payment, words, money)),
    ...(order.comment ? [`${words.comment}: ${order.comment}`] : []),
    ...(order.managerComment ? [`${words.managerComment}: ${order.managerComment}`] : []),
  ]
  const kept = leftovers.length === 0 ? [] : ['', `${words.notAccepted}:`, ...leftovers.map(({ title, value }) => `${title}: ${value}`)]
  const body = [...head, ...(goods.length > 0 ? ['', ...goods, ''] : []), ...rest, ...kept].join('\n')
  return `${body.slice(0, longestNote)}\n${marker}`
}

export interface NoteOptions {
  /** False where the goods stand elsewhere (`lines: catalog`, `none`). */
  lines: boolean
  leftovers: Leftover[]
  marker: string
  language: Language
  deleted: boolean
}

function goodsTable(order: Order, moreLines: string, money: (sum: string) => string): string[] {
  const rows = order.lines.map((line, index) => `${index + 1}. ${goodsLine(line, money)}`)
  const hidden = order.linesTotal - order.lines.length
  return hidden > 0 ? [...rows, `… ${moreLines} ${hidden}`] : rows
}

function goodsLine(line: OrderLine, money: (sum: string) => string): string {
  const name = line.sku ? `${line.name} (${line.sku})` : line.name
  const options = line.properties.map(({ name: title, value }) => `${title}: ${value}`)
  const discount = isPositive(line.discount) ? [`−${money(line.discount)}`] : []
  return [
    `${`${name} — ${trimZeros(line.quantity)} ${line.unit ?? ''}`.trim()} × ${money(line.price)} = ${money(lineSum(line))}`,
    ...discount,
    ...options,
  ].join(' · ')
}

/** Price times quantity in kopecks, exact to a ten-thousandth of a piece. */
function lineSum(line: OrderLine): string {
  const price = toKopecks(line.price) ?? 0n
  const tenThousandths = BigInt(Math.round(Number(line.quantity) * 10_000) || 0)
  const kopecks = (price * tenThousandths + 5_000n) / 10_000n
  return `${kopecks / 100n}.${(kopecks % 100n).toString().padStart(2, '0')}`
}

function shipmentLine({ service, price, trackingNumber }: Shipment, title: string, track: string, money: (sum: string) => string): string {
  return `${title}: ${[service, money(price), trackingNumber && `${track} ${trackingNumber}`].filter(Boolean).join(', ')}`
}

function paymentLine(
  { system, sum, paid }: Payment,
  words: { payment: string; paid: string; unpaid: string },
  money: (sum: string) => string,
): string {
  return `${words.payment}: ${[system, money(sum), paid ? words.paid : words.unpaid].filter(Boolean).join(', ')}`
}

const isPositive = (sum: string) => (toKopecks(sum) ?? 0n) > 0n
const trimZeros = (quantity: string) => (quantity.includes('.') ? quantity.replace(/\.?0+$/, '') : quantity)
