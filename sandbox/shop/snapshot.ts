import { valueByRole } from './dictionary.ts'
import { splitName, toInstant, toMoney, toQuantity } from './format.ts'
import {
  type Customer,
  type FormResult,
  isPaid,
  type Order,
  type OrderLine,
  type Product,
  paidKopecks,
  type Touch,
  totalKopecks,
} from './model.ts'

/** The shop's public address, for links inside messages. */
export type Links = { readonly baseUrl: string }

const maxLines = 500

export type Json = Record<string, unknown>

/** The order as the protocol shows it. `cut` keeps the first 500 lines of a very large one; the sums stay whole. */
export function toOrderData(order: Order, touch: Touch | null, links: Links, cut = false): Json {
  return {
    id: order.id,
    number: order.number,
    site: order.site,
    personType: order.personType,
    status: order.status,
    cancelled: order.cancelled,
    cancelReason: order.cancelReason,
    paid: isPaid(order),
    createdAt: toInstant(order.createdAtMs),
    updatedAt: toInstant(order.updatedAtMs),
    statusAt: toInstant(order.statusAtMs),
    currency: order.currency,
    total: toMoney(totalKopecks(order)),
    paidSum: toMoney(paidKopecks(order)),
    deliveryPrice: toMoney(order.deliveryPriceKopecks),
    discount: toMoney(order.lines.reduce((sum, line) => sum + Math.round(line.discountKopecks * line.quantity), 0)),
    comment: order.comment,
    managerComment: order.managerComment,
    adminUrl: `${links.baseUrl}/bitrix/admin/sale_order_view.php?ID=${order.id}`,
    buyer: toBuyer(order),
    properties: order.properties,
    linesTotal: order.lines.length,
    lines: (cut ? order.lines.slice(0, maxLines) : order.lines).map((line) => toLineData(line, links)),
    payments: order.payments.map((payment) => ({
      id: payment.id,
      system: payment.system,
      sum: toMoney(payment.sumKopecks),
      paid: payment.paidAtMs !== null,
      paidAt: payment.paidAtMs === null ? null : toInstant(payment.paidAtMs),
    })),
    shipments: order.shipments.map(({ id, service, priceKopecks, status, shipped, trackingNumber }) => ({
      id,
      service,
      price: toMoney(priceKopecks),
      status,
      shipped,
      trackingNumber,
    })),
    touch: { first: touch?.first ?? null, last: touch?.last ?? null },
  }
}

/** Who bought, by the order's own properties: the account may be shared by strangers. */
function toBuyer({ properties, personType, userId }: Order): Json {
  const role = (name: 'payer' | 'phone' | 'email' | 'company' | 'inn' | 'kpp') => valueByRole(properties, personType, name)
  const name = role('company')
  const inn = role('inn')
  return {
    userId,
    ...splitName(role('payer') ?? ''),
    phone: role('phone'),
    email: role('email'),
    company: name === null && inn === null ? null : { name, inn, kpp: role('kpp') },
  }
}

function toLineData(line: OrderLine, links: Links): Json {
  return {
    id: line.id,
    parentId: line.parentId,
    productId: line.productId,
    xmlId: line.xmlId,
    sku: line.sku,
    name: line.name,
    price: toMoney(line.priceKopecks),
    discount: toMoney(line.discountKopecks),
    vatRate: line.vatRate,
    quantity: toQuantity(line.quantity),
    unit: line.unit,
    properties: line.properties,
    url: `${links.baseUrl}/p/${line.parentId ?? line.productId}/`,
  }
}

export function toProductData(product: Product, links: Links): Json {
  return {
    id: product.id,
    xmlId: product.xmlId,
    parentId: product.parentId,
    name: product.name,
    sku: product.sku,
    active: product.active,
    description: product.description,
    url: `${links.baseUrl}/p/${product.parentId ?? product.id}/`,
    sections: product.sections,
    prices: { BASE: { price: toMoney(product.priceKopecks), currency: 'RUB' } },
    stock: toQuantity(product.stock),
    unit: product.unit,
    updatedAt: toInstant(product.updatedAtMs),
  }
}

export function toCustomerData(customer: Customer): Json {
  const { administrator: _private, updatedAtMs, ...shown } = customer
  return { ...shown, updatedAt: toInstant(updatedAtMs) }
}

export function toFormData(result: FormResult): Json {
  const { createdAtMs, ...shown } = result
  return { ...shown, createdAt: toInstant(createdAtMs) }
}
