import { z } from 'zod'
import { orderId } from '../core/ids.ts'
import type { Order, Touch } from '../core/order.ts'

/** Absent and null both mean "the shop has none". */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null)
/** Ids stand in keys and columns of their own: short, without control characters. */
export const TextId = z.string().regex(/^\P{Cc}{1,100}$/u, 'must be 1 to 100 characters without control characters')
export const ShopId = z.union([TextId, z.int().transform(String)])
/** PHP writes an empty map as `[]`. */
export const phpMap = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (Array.isArray(value) && value.length === 0 ? undefined : value), schema)
const money = z.string().regex(/^-?\d+(\.\d+)?$/, 'money is a decimal string')
const moneyOrZero = money.nullish().transform((value) => value ?? '0')
const instant = z.iso.datetime({ offset: true })
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? [])

/** The tracker's names and at most 255 characters a value. An empty one says nothing. */
const Marks = phpMap(z.record(z.string(), z.string().nullable()).nullish()).transform((marks): Touch | null => {
  const entries = Object.entries(marks ?? {}).map(([name, value]) => [name, value?.slice(0, 255) ?? null] as const)
  return entries.length === 0 ? null : Object.fromEntries(entries)
})
const Touches = phpMap(z.object({ first: Marks, last: Marks }).nullish()).transform((touch) => touch ?? { first: null, last: null })

const Company = z.object({ name: text, inn: text, kpp: text })
const Buyer = z.object({
  userId: text,
  firstName: text,
  lastName: text,
  middleName: text,
  phone: text,
  email: text,
  company: phpMap(Company.nullish()).transform((company) => company ?? null),
})

const Line = z.object({
  id: ShopId,
  parentId: text,
  productId: text,
  xmlId: text,
  sku: text,
  name: text.transform((name) => name ?? ''),
  price: moneyOrZero,
  discount: moneyOrZero,
  vatRate: text,
  quantity: z.string(),
  unit: text,
  properties: list(z.object({ code: text, name: z.string(), value: z.string() })),
  url: text,
})
const Payment = z.object({ id: ShopId, system: text, sum: moneyOrZero, paid: z.boolean(), paidAt: text })
const Shipment = z.object({ id: ShopId, service: text, price: moneyOrZero, status: text, shipped: z.boolean(), trackingNumber: text })

/** An order as the module sends it; keys we do not read pass. Sample: test/fixtures/bridge-order-saved.json. */
export const Snapshot = z
  .object({
    id: ShopId.transform(orderId),
    number: ShopId,
    site: z.string(),
    personType: text,
    status: z.string().min(1),
    cancelled: z.boolean(),
    cancelReason: text,
    paid: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
    statusAt: instant.nullish().transform((value) => value ?? null),
    currency: z.string().min(1).max(10),
    total: money,
    paidSum: moneyOrZero,
    deliveryPrice: moneyOrZero,
    discount: moneyOrZero,
    comment: text,
    managerComment: text,
    adminUrl: text,
    buyer: phpMap(Buyer.nullish()).transform((buyer) => buyer ?? nobody),
    properties: phpMap(z.record(z.string(), z.union([z.string(), z.array(z.string())]).nullable()).nullish()).transform((properties) =>
      Object.fromEntries(Object.entries(properties ?? {}).flatMap(([code, value]) => (value === null ? [] : [[code, value]]))),
    ),
    linesTotal: z.int().nonnegative().nullish(),
    lines: list(Line),
    payments: list(Payment),
    shipments: list(Shipment),
    touch: Touches,
  })
  .transform(({ linesTotal, ...order }): Order => ({ ...order, linesTotal: linesTotal ?? order.lines.length }))

const nobody = { userId: null, firstName: null, lastName: null, middleName: null, phone: null, email: null, company: null }
