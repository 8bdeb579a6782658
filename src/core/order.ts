import type { OrderId } from './ids.ts'

/** A decimal string such as "15990.00". Shops send money so; see money.ts for arithmetic. */
export type Money = string

/** Where a visitor came from: utm_*, click ids, landing, referrer. Names are the tracker's, values at most 255 characters. */
export type Touch = Record<string, string | null>
export interface Touches {
  first: Touch | null
  last: Touch | null
}

export interface Company {
  name: string | null
  inn: string | null
  kpp: string | null
}

export interface Buyer {
  userId: string | null
  firstName: string | null
  lastName: string | null
  middleName: string | null
  /** As the buyer typed it; phone.ts makes E.164 of it where it can. */
  phone: string | null
  email: string | null
  company: Company | null
}

export interface OrderLine {
  id: string
  parentId: string | null
  productId: string | null
  xmlId: string | null
  sku: string | null
  name: string
  price: Money
  discount: Money
  vatRate: string | null
  /** Decimal string: goods are sold by weight too. */
  quantity: string
  unit: string | null
  properties: { code: string | null; name: string; value: string }[]
  url: string | null
}

export interface Payment {
  id: string
  system: string | null
  sum: Money
  paid: boolean
  paidAt: string | null
}

export interface Shipment {
  id: string
  service: string | null
  price: Money
  status: string | null
  shipped: boolean
  trackingNumber: string | null
}

/** An order as the shop showed it at `version`. Instants are RFC 3339 in UTC, null means "the shop has none". */
export interface Order {
  id: OrderId
  number: string
  site: string
  personType: string | null
  status: string
  cancelled: boolean
  cancelReason: string | null
  paid: boolean
  createdAt: string
  updatedAt: string
  statusAt: string | null
  currency: string
  total: Money
  paidSum: Money
  deliveryPrice: Money
  discount: Money
  comment: string | null
  managerComment: string | null
  adminUrl: string | null
  buyer: Buyer
  properties: Record<string, string | string[]>
  /** All lines of the order; `lines` may hold only the first 500 of a very large one. */
  linesTotal: number
  lines: OrderLine[]
  payments: Payment[]
  shipments: Shipment[]
  touch: Touches
}
