/** The shop's own records. Money is in kopecks, instants in milliseconds with whole seconds; messages are made of them in snapshot.ts. */

export interface Variant {
  code: string
  name: string
  value: string
}

export interface Product {
  id: string
  xmlId: string
  /** The product an offer (a variant) belongs to. */
  parentId: string | null
  name: string
  sku: string | null
  active: boolean
  description: string | null
  sections: string[]
  priceKopecks: number
  stock: number
  unit: string
  variants: Variant[]
  updatedAtMs: number
}

export interface OrderLine {
  id: string
  parentId: string | null
  productId: string
  xmlId: string
  sku: string | null
  name: string
  /** For one piece, after the discount. */
  priceKopecks: number
  discountKopecks: number
  vatRate: string | null
  quantity: number
  unit: string
  properties: Variant[]
}

interface Payment {
  id: string
  system: string
  sumKopecks: number
  paidAtMs: number | null
}

interface Shipment {
  id: string
  service: string
  priceKopecks: number
  status: string
  shipped: boolean
  trackingNumber: string | null
}

export interface Touch {
  first?: Record<string, string | null> | null | undefined
  last?: Record<string, string | null> | null | undefined
}

export type PropertyValue = string | string[]

/** One version of an order; a change makes a new object, so what a caller holds never moves under its hands. */
export interface Order {
  readonly id: string
  readonly number: string
  readonly site: string
  readonly personType: string
  readonly userId: string
  readonly status: string
  readonly cancelled: boolean
  readonly cancelReason: string | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly statusAtMs: number
  readonly currency: string
  readonly deliveryPriceKopecks: number
  readonly comment: string | null
  readonly managerComment: string | null
  readonly properties: Readonly<Record<string, PropertyValue>>
  readonly lines: readonly OrderLine[]
  readonly payments: readonly Payment[]
  readonly shipments: readonly Shipment[]
  /** Kept in the module's own table by `order.set_deal`. */
  readonly deal: { readonly id: string; readonly url: string | null } | null
}

export interface Customer {
  readonly userId: string
  readonly site: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly middleName: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly workPhone: string | null
  readonly personalPhone: string | null
  readonly company: string | null
  /** Member of an administrative group: commands must leave such a user alone. */
  readonly administrator: boolean
  readonly updatedAtMs: number
}

export interface FormResult {
  readonly source: 'webform' | 'iblock' | 'mail' | 'api'
  readonly formId: string
  readonly resultId: string
  readonly formCode: string | null
  readonly formName: string
  readonly site: string
  readonly page: string | null
  readonly referrer: string | null
  readonly ip: string | null
  readonly userId: string | null
  readonly answers: readonly { code: string; title: string; value: string }[]
  readonly touch: Touch
  readonly createdAtMs: number
}

/** A letter the shop would have sent; tests read it to see that nobody is mailed twice. */
export interface Mail {
  readonly atMs: number
  readonly orderId: string
  /** SALE_NEW_ORDER, SALE_ORDER_PAID, SALE_ORDER_CANCEL or SALE_STATUS_CHANGED_<status> */
  readonly event: string
  readonly to: string
}

const linesKopecks = (order: Order): number => order.lines.reduce((sum, line) => sum + Math.round(line.priceKopecks * line.quantity), 0)

/** What the buyer pays: lines and delivery, discounts already taken off. */
export const totalKopecks = (order: Order): number => linesKopecks(order) + order.deliveryPriceKopecks

export const paidKopecks = (order: Order): number =>
  order.payments.reduce((sum, payment) => sum + (payment.paidAtMs === null ? 0 : payment.sumKopecks), 0)

export const isPaid = (order: Order): boolean =>
  order.payments.some((p) => p.paidAtMs !== null) && paidKopecks(order) >= totalKopecks(order)

export const isShipped = (order: Order): boolean => order.shipments.some((shipment) => shipment.shipped)

/** The status as commands speak of it: an order is cancelled by a flag beside its status. */
export const statusOf = (order: Order): string => (order.cancelled ? 'cancelled' : order.status)
