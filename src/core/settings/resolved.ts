import type { FieldEntity, Stage } from '../directory.ts'
import type { FieldId, PipelineId, UserId } from '../ids.ts'

/** `order` settings as the flows use them: every name resolved against the account. Made by resolve-settings.ts, never stored. */
export interface OrderSettings {
  enabled: boolean
  /** Live work never creates a deal for an order created before this instant. */
  since: Date
  name: Template
  pipelineId: PipelineId
  /** Shop status code -> stage; the words `cancelled`, `paid`, `deleted` name conditions, not statuses. */
  stages: Record<string, Stage>
  lossReasons: Record<string, number>
  responsible: { rule: 'fixed' | 'round-robin' | 'previous'; users: UserId[] }
  tags: string[]
  lines: 'note' | 'catalog' | 'both' | 'none'
  /** Rate to the account's currency by ISO code; "skip" leaves the price empty in silence. */
  currencies: Record<string, number | 'skip'>
  fields: FieldRule[]
  skip: boolean
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
  /** As written in the settings, for messages: `orders.fields[3]`. */
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
