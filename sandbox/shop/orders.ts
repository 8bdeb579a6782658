import { findOrRegister } from './customers.ts'
import {
  deliveryServices,
  hasProperty,
  keyByRole,
  company as legalEntity,
  paySystems,
  person,
  statuses,
  valueByRole,
} from './dictionary.ts'
import type { OrderChange, OrderInput } from './inputs.ts'
import { isPaid, isShipped, type Order, type OrderLine, type PropertyValue, type Touch, totalKopecks } from './model.ts'
import type { Outbox } from './outbox.ts'
import { listSold } from './products.ts'
import type { Store } from './store.ts'

/** The shop said no, in its own words. `code` is one of the bridge's closed list, so that a command can pass it on. */
export class ShopRefusal extends Error {
  override name = 'ShopRefusal'
  readonly code: 'order_missing' | 'status_unknown' | 'cancel_refused' | 'refused' | 'property_missing' | 'user_missing'
  constructor(code: ShopRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Who is behind a change: nobody of ours, or our command; and whether the shop's letters go out. */
interface Author {
  origin: string | null
  notify: boolean
}
const somebody: Author = { origin: null, notify: true }

export interface Orders {
  place(input: OrderInput): Order
  get(id: string): Order
  edit(id: string, change: OrderChange, author?: Author): Order
  setProperties(id: string, values: Record<string, PropertyValue>, author: Author): Order
  setStatus(id: string, status: string, author?: Author): Order
  /** Throws when the shop has no such status. */
  requireStatus(status: string): void
  /** Throws when the order's person type has no such properties. */
  requireProperties(id: string, keys: readonly string[]): void
  cancel(id: string, reason: string | null, author?: Author): Order
  uncancel(id: string, author?: Author): Order
  pay(id: string): Order
  unpay(id: string): Order
  ship(id: string, trackingNumber?: string): Order
  setDeal(id: string, deal: { id: string; url: string | null }, author: Author): Order
  remove(id: string): void
  archive(id: string): void
}

/**
 * Orders as the shop's kernel keeps them: any status may be set, cancelling is a flag that a payment or shipment forbids,
 * every effective save writes one dirty row after it and stamps the order with whole seconds.
 */
export function createOrders(store: Store, outbox: Outbox, nowMs: () => number): Orders {
  const nowSec = () => Math.floor(nowMs() / 1000) * 1000
  const childId = () => String(store.nextChildId++)

  function get(id: string): Order {
    const order = store.orders.get(id)
    if (order === undefined) throw new ShopRefusal('order_missing', `Заказ ${id} не найден`)
    return order
  }

  function save(order: Order, author: Author, touch: Touch | null = null): Order {
    const saved = { ...order, updatedAtMs: nowSec() }
    store.orders.set(order.id, saved)
    outbox.put({ kind: 'order.saved', entityId: order.id, atMs: nowMs(), origin: author.origin, touch })
    return saved
  }

  function mail(order: Order, event: string, author: Author): void {
    const to = valueByRole(order.properties, order.personType, 'email') ?? store.customers.get(order.userId)?.email ?? null
    if (author.notify && to !== null) store.mails.push({ atMs: nowMs(), orderId: order.id, event, to })
  }

  function toLine(input: { productId: string; quantity?: number | undefined; priceKopecks?: number | undefined }): OrderLine {
    const product = store.products.get(input.productId)
    if (product === undefined) throw new ShopRefusal('refused', `Товара ${input.productId} нет`)
    const priceKopecks = input.priceKopecks ?? product.priceKopecks
    return {
      id: childId(),
      parentId: product.parentId,
      productId: product.id,
      xmlId: product.xmlId,
      sku: product.sku,
      name: product.name,
      priceKopecks,
      discountKopecks: Math.max(0, product.priceKopecks - priceKopecks),
      vatRate: '0.20',
      quantity: input.quantity ?? 1,
      unit: product.unit,
      properties: product.variants,
    }
  }

  function place(input: OrderInput): Order {
    const id = String(store.nextOrderId++)
    const atMs = input.createdAtMs === undefined ? nowSec() : Math.floor(input.createdAtMs / 1000) * 1000
    const personType = input.company === undefined ? person : legalEntity
    const service = deliveryServices.find(({ name }) => name === input.delivery) ?? deliveryServices[0]
    const lines = (input.lines ?? [{ productId: firstSold(store) }]).map(toLine)
    const deliveryPriceKopecks = input.deliveryPriceKopecks ?? service.priceKopecks
    const bare: Order = {
      id,
      number: id,
      site: input.site ?? 's1',
      personType,
      userId: findOrRegister(store, input, atMs),
      status: input.status ?? 'N',
      cancelled: false,
      cancelReason: null,
      createdAtMs: atMs,
      updatedAtMs: atMs,
      statusAtMs: atMs,
      currency: input.currency ?? 'RUB',
      deliveryPriceKopecks,
      comment: input.comment ?? null,
      managerComment: input.managerComment ?? null,
      properties: placedProperties(input, personType),
      lines,
      payments: [],
      shipments: [
        { id: childId(), service: service.name, priceKopecks: deliveryPriceKopecks, status: 'DN', shipped: false, trackingNumber: null },
      ],
      deal: null,
    }
    const system = input.paySystem ?? (personType === legalEntity ? paySystems[2].name : paySystems[0].name)
    const order: Order = { ...bare, payments: [{ id: childId(), system, sumKopecks: totalKopecks(bare), paidAtMs: null }] }
    store.orderIds.push(Number(id))
    if (input.createdAtMs !== undefined) {
      store.orders.set(id, order)
      return order
    }
    const saved = save(order, somebody, input.touch ?? null)
    mail(saved, 'SALE_NEW_ORDER', somebody)
    return saved
  }

  function edit(id: string, change: OrderChange, author: Author = somebody): Order {
    const order = get(id)
    const changed = new Map((change.lines ?? []).map((line) => [line.id, line]))
    const kept = order.lines.map((line) => {
      const wanted = changed.get(line.id)
      return wanted === undefined
        ? line
        : { ...line, quantity: wanted.quantity ?? line.quantity, priceKopecks: wanted.priceKopecks ?? line.priceKopecks }
    })
    const lines = [...kept.filter((line) => line.quantity > 0), ...(change.addLines ?? []).map(toLine)]
    const next: Order = {
      ...order,
      lines,
      deliveryPriceKopecks: change.deliveryPriceKopecks ?? order.deliveryPriceKopecks,
      comment: change.comment ?? order.comment,
      managerComment: change.managerComment ?? order.managerComment,
      properties: { ...order.properties, ...change.properties, ...roleValues(order.personType, change) },
    }
    return save(withPaymentSum(next), author)
  }

  function requireProperties(id: string, keys: readonly string[]): void {
    const { personType } = get(id)
    const missing = keys.find((key) => !hasProperty(personType, key))
    if (missing !== undefined) throw new ShopRefusal('property_missing', `У заказа ${id} нет свойства ${missing}`)
  }

  function setProperties(id: string, values: Record<string, PropertyValue>, author: Author): Order {
    const order = get(id)
    requireProperties(id, Object.keys(values))
    return save({ ...order, properties: { ...order.properties, ...values } }, author)
  }

  function setStatus(id: string, status: string, author: Author = somebody): Order {
    const order = get(id)
    const definition = findStatus(status)
    if (order.status === status) return order
    const saved = save({ ...order, status, statusAtMs: nowSec() }, author)
    if (definition.notify) mail(saved, `SALE_STATUS_CHANGED_${status}`, author)
    return saved
  }

  function cancel(id: string, reason: string | null, author: Author = somebody): Order {
    const order = get(id)
    if (order.cancelled) return order
    if (order.payments.some((payment) => payment.paidAtMs !== null))
      throw new ShopRefusal('cancel_refused', 'Заказ оплачен: сначала верните оплату')
    if (isShipped(order)) throw new ShopRefusal('cancel_refused', 'Заказ отгружен: сначала верните отгрузку')
    const saved = save({ ...order, cancelled: true, cancelReason: reason, statusAtMs: nowSec() }, author)
    mail(saved, 'SALE_ORDER_CANCEL', author)
    return saved
  }

  function uncancel(id: string, author: Author = somebody): Order {
    const order = get(id)
    if (!order.cancelled) return order
    return save({ ...order, cancelled: false, cancelReason: null, statusAtMs: nowSec() }, author)
  }

  function setPaid(id: string, paidAtMs: number | null): Order {
    const order = get(id)
    return save({ ...order, payments: order.payments.map((payment) => ({ ...payment, paidAtMs })) }, somebody)
  }

  function pay(id: string): Order {
    const saved = setPaid(id, nowSec())
    mail(saved, 'SALE_ORDER_PAID', somebody)
    return saved
  }

  function ship(id: string, trackingNumber?: string): Order {
    const order = get(id)
    const shipments = order.shipments.map((shipment) => ({
      ...shipment,
      shipped: true,
      status: 'DF',
      trackingNumber: trackingNumber ?? shipment.trackingNumber,
    }))
    return save({ ...order, shipments }, somebody)
  }

  function setDeal(id: string, deal: { id: string; url: string | null }, author: Author): Order {
    const order = get(id)
    if (order.deal?.id === deal.id && order.deal.url === deal.url) return order
    store.orders.set(id, { ...order, deal })
    return hasProperty(order.personType, 'AMO_LEAD_ID') ? setProperties(id, { AMO_LEAD_ID: deal.id }, author) : get(id)
  }

  function vanish(id: string, kind: 'order.deleted' | 'order.archived'): void {
    get(id)
    store.orders.delete(id)
    outbox.put({ kind, entityId: id, atMs: nowMs() })
  }

  return {
    place,
    get,
    edit,
    setProperties,
    setStatus,
    requireStatus: findStatus,
    requireProperties,
    cancel,
    uncancel,
    pay,
    unpay: (id) => setPaid(id, null),
    ship,
    setDeal,
    remove: (id) => vanish(id, 'order.deleted'),
    archive: (id) => vanish(id, 'order.archived'),
  }
}

function findStatus(id: string): (typeof statuses)[number] {
  const found = statuses.find((known) => known.id === id)
  if (found === undefined) throw new ShopRefusal('status_unknown', `Статуса ${id} нет`)
  return found
}

/** Only the last payment that is still open follows the total; what was paid stays paid. */
function withPaymentSum(order: Order): Order {
  const paid = order.payments.reduce((sum, payment) => sum + (payment.paidAtMs === null ? 0 : payment.sumKopecks), 0)
  const open = order.payments.findLast((payment) => payment.paidAtMs === null)
  if (open === undefined || isPaid(order)) return order
  const sumKopecks = totalKopecks(order) - paid
  return { ...order, payments: order.payments.map((payment) => (payment === open ? { ...payment, sumKopecks } : payment)) }
}

function placedProperties(input: OrderInput, personType: string): Record<string, PropertyValue> {
  const utm = Object.entries(input.utm ?? {}).map(([key, value]) => [key.toUpperCase(), value] as const)
  return { ...roleValues(personType, input), ...Object.fromEntries(utm), ...input.properties }
}

interface Roles {
  name?: string | undefined
  phone?: string | undefined
  email?: string | undefined
  company?: { name: string; inn: string; kpp?: string | undefined } | undefined
}

function roleValues(personType: string, given: Roles): Record<string, string> {
  const wanted = [
    ['payer', given.name],
    ['phone', given.phone],
    ['email', given.email],
    ['company', given.company?.name],
    ['inn', given.company?.inn],
    ['kpp', given.company?.kpp],
  ] as const
  const values: Record<string, string> = {}
  for (const [role, value] of wanted) {
    const key = keyByRole(personType, role)
    if (key !== undefined && value !== undefined && value !== '') values[key] = value
  }
  return values
}

function firstSold(store: Store): string {
  const [first] = listSold(store.products.values())
  if (first === undefined) throw new ShopRefusal('refused', 'В магазине нет товаров')
  return first.id
}
