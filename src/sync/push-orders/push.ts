import type { OrderView } from '../../core/deal-view.ts'
import type { Directory } from '../../core/directory.ts'
import type { FieldId } from '../../core/ids.ts'
import type { Language, Params } from '../../core/messages/language.ts'
import type { Leftover } from '../../core/order-note.ts'
import type { SkipReason } from '../../core/plan-order.ts'
import type { KnownContact, WantedPerson } from '../../core/plan-person.ts'
import type { OrderSettings } from '../../core/settings/resolved.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Connection } from '../../ports/connections.ts'
import type { Call, Crm } from '../../ports/crm.ts'
import type { Lane } from '../../ports/lane.ts'
import type { DealPair, Intent, PushStore, StoredOrder, Writes } from '../../ports/push-store.ts'
import type { Outcome, QueueItem } from '../../ports/queue.ts'
import type { ContactReading } from '../contact-index.ts'
import type { BatchSize } from './batch-size.ts'
import type { PersonLocks } from './person-locks.ts'

/** A connection's settings resolved against the account, as one run sees them. */
export interface PushContext {
  connection: Connection
  directory: Directory
  ownFields: { dealKey: FieldId; dealUrl: FieldId | null; companyInn: FieldId | null; companyKpp: FieldId | null }
  since: Date
  stopList: string[]
  contactRules: { name: string; phone: string; email: string }
  language: Language
  /** Of the shop's sites, by site id: dates are shown as its people read them. */
  timeZones: ReadonlyMap<string, string>
  /** Shown as the author of notes. */
  shopName: string
  dealUrl(dealId: number): string
  settingsFor(order: StoredOrder['order']): { settings: OrderSettings; rule: number | null }
  settingsForRule(rule: number | null): OrderSettings
}

/** What pushing needs from outside. */
export interface PushDeps {
  crm: Crm
  store: PushStore
  clock: Clock
  random: () => number
  /** Of one account: persons that are being found or made right now. */
  locks: PersonLocks
  /** Fields amoCRM refused lately, by id, until when: spares a whole backlog the same refusal. */
  refusedFields: Map<number, number>
  contactReading: ContactReading | null
  /** How many orders go into one request just now. */
  batchSize: BatchSize
  /** The request's own time limit for writes once it is sent, ms. */
  writeLimitMs: number
}

/** The buyer of an order that needs a contact, and what was decided about him. */
export interface PersonWork {
  wanted: WantedPerson
  /** null: not found or not looked for yet; made with the deal. */
  contact: KnownContact | null
  companyId: number | null
}

/** One queue item on its way through a run. `outcome` set means: this run is over for it. */
export interface Push {
  item: QueueItem
  orderId: string
  context: PushContext
  stored: StoredOrder
  settings: OrderSettings
  rule: number | null
  marker: string
  view: OrderView
  pair: DealPair | undefined
  /** Open intents whose answers were lost in an earlier run. */
  lost: Intent[]
  /** A create of this order was sent, and whether it came out is not known. */
  unanswered: boolean
  /** No deal is wanted any more, but a create was sent whose answer was lost: looked for before the order is let go. */
  unwanted: SkipReason | null
  person: PersonWork | null
  refused: RefusedParts
  outcome: Outcome | null
}

/** What amoCRM refused of this order during the run: dropped, kept in the note, told to a person. */
export interface RefusedParts {
  fields: Set<number>
  leftovers: Leftover[]
  /** Of the buyer: they stay in the note for ever, because they are not sent again. */
  buyerLeftovers: Leftover[]
  /** How many of the settings' users were refused as responsible. */
  responsibles: number
  /** How many stages were refused. */
  stages: number
  name: boolean
  contactName: boolean
  price: boolean
  tags: boolean
  company: boolean
}

/** One batch of one lane: collects what is to be remembered and when each item ends. */
export interface Run {
  lane: Lane
  deps: PushDeps
  signal: AbortSignal
  pushes: Push[]
}

/** A create leaves within this time of its intent, or not at all: a process that was frozen in between sends nothing when it wakes. */
const sendWithinMs = 10_000

/** For creates: made before their intents are committed. */
export const createCall = ({ deps, signal }: Run, requestClass: Call['class'] = 'live-create'): Call => ({
  class: requestClass,
  signal,
  sendBy: deps.clock.now() + sendWithinMs,
})

/** How long after the commit of its intent a create may still be on its way. */
export const createLimitMs = ({ deps }: Run) => deps.writeLimitMs + sendWithinMs

export const alive = (pushes: Push[]) => pushes.filter(({ outcome }) => outcome === null)

export function step(push: Push, name: string, params: Params = {}): NonNullable<Writes['timeline']>[number] {
  return { connection: push.item.connection, entityKey: push.item.entityKey, step: name, params }
}

export function incident(push: Push, code: string, params: Params, entity = push.item.entityKey): NonNullable<Writes['incidents']>[number] {
  return { connection: push.item.connection, code, entity, params: { order: push.stored.order.number, ...params } }
}
