import type { FieldEntity, Stage } from '../directory.ts'
import type { FieldId, PipelineId, UserId } from '../ids.ts'

/** `order` settings as the flows use them: every name resolved against the account. Made by resolve.ts, never stored. */
export interface OrderSettings {
  enabled: boolean
  /** Live work never creates a deal for an order created before this instant. */
  since: Date
  name: Template
  pipelineId: PipelineId
  /** Shop status code -> stage; the words `cancelled`, `paid`, `deleted` name conditions, not statuses. */
  stages: Record<string, Stage>
  /** Shop status code, or `cancelled` -> loss reason id. */
  lossReasons: Record<string, number>
  responsible: Responsible
  tags: string[]
  lines: 'note' | 'catalog' | 'both' | 'none'
  /** Rate to the account's currency by ISO code; "skip" leaves the price empty in silence. */
  currencies: Record<string, number | 'skip'>
  fields: FieldRule[]
  skip: boolean
}

export interface Responsible {
  rule: 'fixed' | 'round-robin' | 'previous'
  users: UserId[]
}

/** Text with `{{path | transform}}` places. */
export type Template = string

export type FieldOwner = 'shop' | 'crm' | 'newest' | 'fill-if-empty' | 'add'

export type FieldTarget =
  | { kind: 'custom'; entity: FieldEntity; fieldId: FieldId; code: string | null; type: string }
  | { kind: 'price' | 'name' | 'tags'; entity: 'deal' }
  | { kind: 'name' | 'firstName' | 'lastName' | 'phone' | 'email'; entity: 'contact' }
  | { kind: 'name' | 'phone' | 'email' | 'inn'; entity: 'company' }

export interface FieldRule {
  /** As written in the settings, for messages: `shop-1.orders.fields[3]`. */
  place: string
  from: string
  to: FieldTarget
  transforms: string[]
  owner: FieldOwner
}

export interface ContactSettings {
  toCrm: boolean
  toShop: boolean
  name: FieldOwner
  phone: FieldOwner
  email: FieldOwner
  updateShopUser: boolean
  /** Phones in E.164, e-mails in lower case, `*@domain` for a whole domain: written, never matched. */
  stopList: string[]
}

/** Whether a rule fits an order: each condition that is given must hold. */
export interface OrderCondition {
  site?: string[] | undefined
  personType?: string[] | undefined
  /** In the order's currency, both ends included. */
  minTotal?: number | undefined
  maxTotal?: number | undefined
  currency?: string[] | undefined
  property?: Record<string, string> | undefined
}

export interface NotifyBuyer {
  enabled: boolean
  /** A status change of an older order reaches the shop in silence. */
  maxOrderAgeDays: number
  /** Stages passed within this time count as the last of them. */
  settleSeconds: number
}

export interface ReuseOpenDeal {
  enabled: boolean
  withinDays: number
  /** Empty: the pipeline the order's own deal would go to. */
  pipelines: PipelineId[]
}

export interface FormRule {
  /** `shop-1.forms.rules[0]` */
  place: string
  /** A form's code or id; `*` is any. */
  form: string
  source: 'webform' | 'iblock' | 'mail' | 'api' | '*'
  target: 'deal' | 'unsorted' | 'none'
  pipelineId: PipelineId
  /** null: the pipeline's first ordinary stage, or the unsorted list. */
  stage: Stage | null
  name: Template
  responsible: Responsible
  tags: string[]
  fields: FieldRule[]
}

export interface FormSettings {
  /** Live work takes up no result that was sent before this instant. */
  since: Date
  rules: FormRule[]
}

export interface CatalogSettings {
  enabled: boolean
  /** Id or name of the list in the account: lists are read where the catalogue is synchronised. */
  catalog: number | string
  schedule: string
  timeZone: string
  priceType: string
}

/** Where incidents go. Secrets stand elsewhere. */
export interface NotifySettings {
  email: string[]
  telegram: { chatId: string } | null
  webhook: { url: string } | null
}

/** A connection's settings with every name turned into the account's ids. */
export interface ResolvedConnection {
  base: OrderSettings
  rules: { when: OrderCondition; settings: OrderSettings }[]
  /** `pipelineId:statusId` -> the shop's status, or `cancelled`. */
  statuses: Map<string, string>
  conflict: 'newest' | 'shop' | 'crm'
  notifyBuyer: NotifyBuyer
  reuseOpenDeal: ReuseOpenDeal
  contacts: ContactSettings
  forms: FormSettings
  catalog: CatalogSettings
  notify: NotifySettings
  retentionDays: number
}
