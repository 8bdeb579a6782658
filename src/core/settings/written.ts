import { z } from 'zod'
import {
  BaseUrl,
  Code,
  ConnectionName,
  Currencies,
  Domain,
  Email,
  Endpoint,
  Instant,
  Name,
  PathText,
  Schedule,
  Secret,
  ShopKey,
  ShopSecret,
  StopValue,
  TemplateText,
  Text,
  TimeZone,
  TransformText,
  Url,
} from './checks.ts'

const owners = ['shop', 'crm', 'newest', 'fill-if-empty', 'add'] as const

const fieldOf = (subject: 'order' | 'form') =>
  z.strictObject({ from: PathText(subject), to: Name, transform: z.array(TransformText).optional(), owner: z.enum(owners).optional() })
const OrderField = fieldOf('order')

const Responsible = z.strictObject({ rule: z.enum(['fixed', 'round-robin', 'previous']).optional(), users: z.array(Name).optional() })

/** What a rule may lay over the values of `orders`. */
const overlay = {
  pipeline: Name.optional(),
  name: TemplateText('order').optional(),
  stages: z.record(z.string(), Name).optional(),
  lossReason: z.record(z.string(), Name).optional(),
  responsible: Responsible.optional(),
  tags: z.array(Text).optional(),
  lines: z.enum(['note', 'catalog', 'both', 'none']).optional(),
  fields: z.array(OrderField).optional(),
}

const When = z.strictObject({
  site: z.array(Code).optional(),
  personType: z.array(Code).optional(),
  minTotal: z.number().optional(),
  maxTotal: z.number().optional(),
  currency: z.array(Text).optional(),
  property: z.record(z.string(), Code).optional(),
})

const Orders = z.strictObject({
  enabled: z.boolean().optional(),
  since: Instant.optional(),
  ...overlay,
  statuses: z.record(z.string(), Code).optional(),
  conflict: z.enum(['newest', 'shop', 'crm']).optional(),
  notifyBuyer: z
    .strictObject({
      enabled: z.boolean().optional(),
      maxOrderAgeDays: z.int().min(0).optional(),
      settleSeconds: z.int().min(0).max(86_400).optional(),
    })
    .optional(),
  reuseOpenDeal: z
    .strictObject({
      enabled: z.boolean().optional(),
      withinDays: z.int().min(1).max(3650).optional(),
      pipelines: z.array(Name).optional(),
    })
    .optional(),
  currencies: Currencies.optional(),
  rules: z.array(z.strictObject({ when: When, skip: z.boolean().optional(), ...overlay })).optional(),
})

const FormRule = z.strictObject({
  form: Code,
  source: z.enum(['webform', 'iblock', 'mail', 'api', '*']).optional(),
  target: z.enum(['deal', 'unsorted', 'none']),
  pipeline: Name.optional(),
  stage: Name.optional(),
  name: TemplateText('form').optional(),
  responsible: Responsible.optional(),
  tags: z.array(Text).optional(),
  fields: z.array(fieldOf('form')).optional(),
})

const Connection = z.strictObject({
  name: ConnectionName,
  shopKey: ShopKey.optional(),
  shop: z.strictObject({ endpoint: Endpoint.optional(), secret: ShopSecret.optional() }).optional(),
  amocrm: z
    .strictObject({
      domain: Domain.optional(),
      baseUrl: BaseUrl.optional(),
      token: Secret.optional(),
      oauth: z.strictObject({ clientId: Text, clientSecret: Secret.optional(), redirectUri: Url }).optional(),
      requestsPerSecond: z.int().min(1).max(50).optional(),
      webhooks: z.boolean().optional(),
      pollSeconds: z.int().min(5).max(86_400).optional(),
    })
    .optional(),
  orders: Orders.optional(),
  forms: z.strictObject({ since: Instant.optional(), rules: z.array(FormRule).optional() }).optional(),
  contacts: z
    .strictObject({
      direction: z.enum(['both', 'to-crm', 'to-shop', 'off']).optional(),
      name: z.enum(owners).exclude(['add']).optional(),
      phone: z.enum(owners).optional(),
      email: z.enum(owners).optional(),
      updateShopUser: z.boolean().optional(),
      stopList: z.array(StopValue).optional(),
    })
    .optional(),
  catalog: z
    .strictObject({
      enabled: z.boolean().optional(),
      catalog: Name.optional(),
      schedule: Schedule.optional(),
      timeZone: TimeZone.optional(),
      priceType: Code.optional(),
    })
    .optional(),
  notify: z
    .strictObject({
      email: z.array(Email).optional(),
      telegram: z.strictObject({ botToken: Secret.optional(), chatId: Code }).optional(),
      webhook: z.strictObject({ url: Url, secret: Secret.optional() }).optional(),
    })
    .optional(),
  privacy: z.strictObject({ retentionDays: z.int().min(1).max(36_500).optional() }).optional(),
})

export const WrittenSettings = z.strictObject({
  version: z.literal(1, { error: 'version' }),
  base: z.int().min(0).optional(),
  connections: z.array(Connection),
})

/** The settings file as a person wrote it: names unresolved, nothing defaulted. */
export type WrittenSettings = z.infer<typeof WrittenSettings>
export type WrittenConnection = z.infer<typeof Connection>
export type WrittenOrders = z.infer<typeof Orders>
/** Paths and transforms of it are checked, so they can be read. */
export type WrittenField = z.infer<typeof OrderField>
export type WrittenOverlay = Pick<WrittenOrders, keyof typeof overlay>

export type WrittenFormRule = z.infer<typeof FormRule>

/** One connection as it is kept in the database. Parsing puts its keys in the order of this file. */
export const WrittenConnection = Connection

/** Where secrets may stand, from the connection down. */
export const secretPlaces: readonly (readonly string[])[] = [
  ['shop', 'secret'],
  ['amocrm', 'token'],
  ['amocrm', 'oauth', 'clientSecret'],
  ['notify', 'telegram', 'botToken'],
  ['notify', 'webhook', 'secret'],
]
