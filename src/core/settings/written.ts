import { z } from 'zod'

/** A secret as written: `env:NAME`, `file:PATH`, or the secret itself. Never exported, never logged. */
const Secret = z.string().min(1)
/** An id, or the name a person knows it by. */
const Name = z.union([z.int().positive(), z.string().min(1)])
const Instant = z.iso.datetime({ offset: true })
const Owner = z.enum(['shop', 'crm', 'newest', 'fill-if-empty', 'add'])
const Texts = z.array(z.string().min(1))

const Field = z.strictObject({ from: z.string().min(1), to: Name, transform: Texts.optional(), owner: Owner.optional() })
const Responsible = z.strictObject({ rule: z.enum(['fixed', 'round-robin', 'previous']).optional(), users: z.array(Name).optional() })
const Lines = z.enum(['note', 'catalog', 'both', 'none'])

/** What a rule may lay over the values of `orders`. */
const overlay = {
  pipeline: Name.optional(),
  name: z.string().min(1).optional(),
  stages: z.record(z.string(), Name).optional(),
  lossReason: z.record(z.string(), Name).optional(),
  responsible: Responsible.optional(),
  tags: Texts.optional(),
  lines: Lines.optional(),
  fields: z.array(Field).optional(),
}

const When = z.strictObject({
  site: Texts.optional(),
  personType: Texts.optional(),
  minTotal: z.number().optional(),
  maxTotal: z.number().optional(),
  property: z.record(z.string(), z.string()).optional(),
})

const Orders = z.strictObject({
  ...overlay,
  enabled: z.boolean().optional(),
  since: Instant.optional(),
  statuses: z.record(z.string(), z.string()).optional(),
  conflict: z.enum(['newest', 'shop', 'crm']).optional(),
  notifyBuyer: z
    .strictObject({
      enabled: z.boolean().optional(),
      maxOrderAgeDays: z.int().nonnegative().optional(),
      settleSeconds: z.int().nonnegative().optional(),
    })
    .optional(),
  reuseOpenDeal: z
    .strictObject({ enabled: z.boolean().optional(), withinDays: z.int().positive().optional(), pipelines: z.array(Name).optional() })
    .optional(),
  currencies: z.record(z.string().regex(/^[A-Z]{3}$/), z.union([z.number().positive(), z.literal('skip')])).optional(),
  rules: z.array(z.strictObject({ when: When, skip: z.boolean().optional(), ...overlay })).optional(),
})

const FormRule = z.strictObject({
  form: z.string().min(1),
  source: z.enum(['webform', 'iblock', 'mail', 'api', '*']).optional(),
  target: z.enum(['deal', 'unsorted', 'none']),
  pipeline: Name.optional(),
  stage: Name.optional(),
  name: z.string().min(1).optional(),
  responsible: Responsible.optional(),
  tags: Texts.optional(),
  fields: z.array(Field).optional(),
})

const Connection = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  shopKey: z
    .string()
    .regex(/^[a-z]{6}$/)
    .optional(),
  shop: z.strictObject({ endpoint: z.url({ protocol: /^https?$/ }).optional(), secret: Secret.optional() }).optional(),
  amocrm: z
    .strictObject({
      domain: z
        .string()
        .regex(/^(?!www\.)[a-z0-9-]+\.(amocrm\.ru|amocrm\.com|kommo\.com)$/)
        .optional(),
      baseUrl: z.string().optional(),
      token: Secret.optional(),
      oauth: z.strictObject({ clientId: z.string().min(1), clientSecret: Secret, redirectUri: z.url() }).optional(),
      requestsPerSecond: z.int().min(1).max(50).optional(),
      webhooks: z.boolean().optional(),
      pollSeconds: z.int().min(5).optional(),
    })
    .optional(),
  orders: Orders.optional(),
  forms: z.strictObject({ since: Instant.optional(), rules: z.array(FormRule).optional() }).optional(),
  contacts: z
    .strictObject({
      direction: z.enum(['both', 'to-crm', 'to-shop', 'off']).optional(),
      name: Owner.optional(),
      phone: Owner.optional(),
      email: Owner.optional(),
      updateShopUser: z.boolean().optional(),
      stopList: Texts.optional(),
    })
    .optional(),
  catalog: z
    .strictObject({
      enabled: z.boolean().optional(),
      catalog: Name.optional(),
      schedule: z.string().optional(),
      timeZone: z.string().optional(),
      priceType: z.string().optional(),
    })
    .optional(),
  notify: z
    .strictObject({
      email: z.array(z.email()).optional(),
      telegram: z.strictObject({ botToken: Secret, chatId: z.union([z.string(), z.int()]) }).optional(),
      webhook: z.strictObject({ url: z.url(), secret: Secret.optional() }).optional(),
    })
    .optional(),
  privacy: z.strictObject({ retentionDays: z.int().min(1).optional() }).optional(),
})

export const WrittenSettings = z.strictObject({
  version: z.literal(1),
  base: z.int().nonnegative().optional(),
  connections: z.array(Connection),
})

/** The settings file as a person wrote it: names unresolved, nothing defaulted. */
export type WrittenSettings = z.infer<typeof WrittenSettings>
export type WrittenConnection = z.infer<typeof Connection>
export type WrittenOrders = z.infer<typeof Orders>
export type WrittenField = z.infer<typeof Field>
export type WrittenOverlay = Pick<WrittenOrders, keyof typeof overlay>
export type WrittenWhen = z.infer<typeof When>

/** One connection as it is kept in the database. */
export const WrittenConnection = Connection

/** Where secrets may stand, from the connection down. */
export const secretPlaces: readonly (readonly string[])[] = [
  ['shop', 'secret'],
  ['amocrm', 'token'],
  ['amocrm', 'oauth', 'clientSecret'],
  ['notify', 'telegram', 'botToken'],
  ['notify', 'webhook', 'secret'],
]
