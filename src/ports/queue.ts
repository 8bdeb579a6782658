import type { AccountId, ConnectionId } from '../core/ids.ts'
import type { RequestClass } from './crm.ts'
import type { Lane } from './lane.ts'

export type ItemType = 'order' | 'lead' | 'status' | 'contact' | 'product'

/** One row of `amocrm_queue`: "make the other side show the newest state of this entity". */
export interface QueueItem {
  id: string
  connection: ConnectionId
  accountId: AccountId
  type: ItemType
  /** `order:10025`, `form:webform:3:77`. */
  entityKey: string
  payload: Record<string, unknown>
  /** Failures so far; waiting for an account that is down is none. */
  attempts: number
  class: RequestClass
}

export type Outcome =
  | { kind: 'done' }
  /** Comes again at `dueAtMs`; `attempts` as it stands after this run. */
  | { kind: 'later'; dueAtMs: number; attempts: number; reason: string }
  /** Stays with its reason. `recoverable`: tried again when the account recovers and hourly up to 72 h. */
  | { kind: 'failed'; reason: string; attempts: number; recoverable: boolean }

export interface ClaimRules {
  types: ItemType[]
  limit: number
  /** Entities whose persons are in flight in another batch. */
  except: ReadonlySet<string>
}

export interface Queue {
  /** Due items of the lane's account whose connections flow, oldest first, at most one per entity; they are running from now on. */
  claim(lane: Lane, rules: ClaimRules): Promise<QueueItem[]>
  /** The account answers again: whatever failed for a reason that may pass is tried once more. Answers how many. Throws LaneLostError. */
  reviveAfterRecovery(lane: Lane): Promise<number>
  /** The same for those whose last try is an hour old, until 72 h after they first failed. To be called every few minutes. */
  reviveHourly(lane: Lane): Promise<number>
  /** When the next pending item of this account falls due; undefined: none waits. */
  nextDueAtMs(accountId: AccountId): Promise<number | undefined>
}
