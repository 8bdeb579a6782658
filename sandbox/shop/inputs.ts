import { z } from 'zod'

const text = z.string().max(5000)
const marks = z.record(z.string().max(40), z.string().max(2000).nullable())

const TouchInput = z.object({ first: marks.nullable().optional(), last: marks.nullable().optional() })

const LineInput = z.object({
  productId: z.string(),
  quantity: z.number().positive().optional(),
  /** Another price than the catalogue's, for one piece. */
  priceKopecks: z.int().nonnegative().optional(),
})

/** Everything may be left out: then somebody buys the first product. */
export const OrderInput = z.object({
  /** As typed into the one name field of the checkout. */
  name: text.optional(),
  phone: text.optional(),
  email: text.optional(),
  userId: z.string().optional(),
  /** Put under the shared anonymous user, as one-click scripts do. */
  oneClick: z.boolean().optional(),
  company: z.object({ name: text, inn: text, kpp: text.optional() }).optional(),
  lines: z.array(LineInput).optional(),
  comment: text.optional(),
  managerComment: text.optional(),
  delivery: z.string().optional(),
  deliveryPriceKopecks: z.int().nonnegative().optional(),
  paySystem: z.string().optional(),
  currency: z.string().optional(),
  site: z.string().optional(),
  status: z.string().optional(),
  /** Written into the order's UTM_* properties. */
  utm: z.record(z.string(), text).optional(),
  properties: z.record(z.string(), z.union([text, z.array(text)])).optional(),
  touch: TouchInput.optional(),
  /** An older order; the module was not there then, so it makes no event. */
  createdAtMs: z.number().optional(),
})
export type OrderInput = z.input<typeof OrderInput>

export const OrderChange = z.object({
  lines: z
    .array(z.object({ id: z.string(), quantity: z.number().nonnegative().optional(), priceKopecks: z.int().nonnegative().optional() }))
    .optional(),
  addLines: z.array(LineInput).optional(),
  deliveryPriceKopecks: z.int().nonnegative().optional(),
  comment: text.optional(),
  managerComment: text.optional(),
  name: text.optional(),
  phone: text.optional(),
  email: text.optional(),
  properties: z.record(z.string(), z.union([text, z.array(text)])).optional(),
})
export type OrderChange = z.input<typeof OrderChange>

export const FormInput = z.object({
  form: z.string().default('CALLBACK'),
  answers: z.record(z.string(), text).default({}),
  page: text.optional(),
  referrer: text.optional(),
  ip: text.optional(),
  userId: z.string().optional(),
  touch: TouchInput.optional(),
})
export type FormInput = z.input<typeof FormInput>

export const CustomerChange = z.object({
  firstName: text.nullable().optional(),
  lastName: text.nullable().optional(),
  middleName: text.nullable().optional(),
  email: text.nullable().optional(),
  phone: text.nullable().optional(),
  workPhone: text.nullable().optional(),
  personalPhone: text.nullable().optional(),
  company: text.nullable().optional(),
})
export type CustomerChange = z.input<typeof CustomerChange>
