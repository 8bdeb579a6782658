import type { Stage } from '../core/directory.ts'
import type { Doubt } from '../core/doubt.ts'
import type { AccountId, CompanyId, ConnectionId, ContactId, DealId, NoteId } from '../core/ids.ts'
import type { Params } from '../core/messages/language.ts'
import type { Order } from '../core/order.ts'
import type { SentView } from '../core/plan-deal.ts'
import type { KnownContact } from '../core/plan-person.ts'
import type { StageBasis } from '../core/plan-stage.ts'
import type { Lane } from './lane.ts'
import type { Outcome, QueueItem } from './queue.ts'

/** What a deal was made from: kept with the pair, and with the intent until there is one. */
export interface SentCreate {
  sent: SentView
  basis: StageBasis
  /** The settings rule chosen at creation; null: none fitted. */
  rule: number | null
}

/** A remembered equality: this order is that deal, with what we last sent. */
export interface DealPair extends SentCreate {
  connection: ConnectionId
  entityKey: string
  dealId: DealId
  contactId: ContactId | null
  companyId: CompanyId | null
  noteId: NoteId | null
  /** Committed before a write is sent, and gone with its answer. */
  doubt: Doubt | null
  /** detached: a person deleted the deal. merged: a person merged it into another of ours. */
  state: 'live' | 'detached' | 'merged'
}

export interface StoredOrder {
  order: Order
  deleted: boolean
  archived: boolean
  pair: DealPair | undefined
}

/** Committed before a create is sent, closed with its result: what is open after a crash may exist in amoCRM. */
export interface Intent {
  id: string
  connection: ConnectionId
  /** `repair`: an order's deal that was hit by another order's create and is to be written anew. */
  kind: 'deal' | 'contact' | 'company' | 'note' | 'repair'
  /** Unique among the open intents of one account and kind: the marker. */
  key: string
  entityKey: string
  /** The highest id of this kind known before sending: what was created by it lies above. */
  floor: number
  sentAtMs: number
  /** The request's own time limit. */
  limitMs: number
  firstAbsentAtMs: number | null
  /** Of a deal: what was sent, to be remembered with the pair if it turns out to be there. The order may have changed since. */
  sent: SentCreate | null
  /** Of a repair: where the other order's create may have moved the deal. */
  stage?: Stage
}
export type NewIntent = Pick<Intent, 'connection' | 'kind' | 'key' | 'entityKey' | 'floor' | 'limitMs' | 'sent' | 'stage'>

export interface KnownCompany {
  id: CompanyId
  name: string
  inn: string | null
  kpp: string | null
}

/** Everything one step of a run wants to remember; it commits together or not at all. */
export interface Writes {
  pairs?: DealPair[]
  closeIntents?: { id: string; state: 'done' | 'absent' | 'unsent' | 'merged'; crmId: number | null }[]
  absentOnce?: { id: string; atMs: number }[]
  contacts?: { contact: KnownContact; updatedAtMs: number }[]
  forgetContacts?: ContactId[]
  companies?: KnownCompany[]
  /** Raised, never lowered. */
  marks?: Partial<Record<AccountMark, number>>
  commands?: { connection: ConnectionId; orderId: string; type: 'order.set_deal'; data: Record<string, unknown> }[]
  timeline?: { connection: ConnectionId; entityKey: string; step: string; params: Params }[]
  incidents?: { connection: ConnectionId | null; code: string; entity: string; params: Params }[]
  closeIncidents?: { connection: ConnectionId | null; code: string; entity: string }[]
  /** Orders to be pushed once more, in their turn. */
  enqueue?: { connection: ConnectionId; entityKey: string }[]
  settle?: { item: QueueItem; outcome: Outcome }[]
}

/** Small facts about an account that only grow: highest ids seen, and how far its contacts have been read. */
export type AccountMark =
  | 'companies-read-until'
  | 'companies-too-many'
  | 'contacts-complete'
  | 'contacts-filled-pages'
  | 'contacts-read-until'
  | 'duplicate-control'
  | 'highest-deal'

/** A phone or an e-mail as orders compare it, and the surname it came with. */
export interface Sighting {
  identifier: string
  surname: string
}

export interface PushStore {
  now(): Promise<number>
  loadOrders(connection: ConnectionId, orderIds: string[]): Promise<Map<string, StoredOrder>>
  listOpenIntents(accountId: AccountId, entityKeys: string[]): Promise<Intent[]>
  /** Commits the intents with the database's time of sending. An intent that is open for the same key is taken over: its floor stays. */
  beginIntents(lane: Lane, intents: NewIntent[]): Promise<Intent[]>
  /** Remembers with which surnames phones and e-mails came. Answers those of so many people that they identify nobody. */
  noteSurnames(lane: Lane, sightings: Sighting[]): Promise<Set<string>>
  findContacts(
    accountId: AccountId,
    keys: { phones: string[]; emails: string[] },
  ): Promise<{ phones: Map<string, KnownContact[]>; emails: Map<string, KnownContact[]> }>
  findContact(accountId: AccountId, id: ContactId): Promise<KnownContact | undefined>
  findCompanies(accountId: AccountId, inns: string[]): Promise<KnownCompany[]>
  /** Of any order and connection of the account. */
  listPairsOfDeals(accountId: AccountId, dealIds: DealId[]): Promise<DealPair[]>
  getMarks(accountId: AccountId): Promise<Partial<Record<AccountMark, number>>>
  save(lane: Lane, writes: Writes): Promise<void>
}
