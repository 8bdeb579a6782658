import type { ConnectionId } from '../core/ids.ts'
import type { Order } from '../core/order.ts'
import type { Connection } from './connections.ts'
import type { CommandResult, ShopCommand } from './shop.ts'

/** What the shop told. Versions: the higher rev of the newest epoch wins. */
export interface ShopEvent {
  /** The same on each sending until it was accepted. */
  id: string
  at: string
  epoch: string
  rev: number
  /** The command of ours behind the change; null: somebody in the shop. */
  origin: string | null
  body:
    | { kind: 'order.saved'; order: Order }
    | { kind: 'order.deleted' | 'order.archived'; orderId: string }
    | { kind: 'order.unreadable'; orderId: string; message: string }
    /** `key`: `form:webform:3:77`, `buyer:77`. */
    | { kind: 'form.submitted' | 'customer.saved'; key: string; data: Record<string, unknown> }
    | { kind: 'profile.changed' }
    | { kind: 'unknown'; type: string }
}

/** Never to be sent again: the module keeps the row, marked, for its admin. */
export interface RejectedEvent {
  id: string
  code: string
  message: string
}

/** One exchange as the shop sent it: its own call, or its answer to ours. */
export interface ExchangeRequest {
  installation: string
  host: string
  events: ShopEvent[]
  results: CommandResult[]
  /** Events that cannot be read. */
  rejected: RejectedEvent[]
}

export type Acceptance =
  | {
      kind: 'accepted'
      /** Ids to acknowledge. */
      ids: string[]
      /** Of the events that cannot be read those that have an id: nobody can be told about the others. */
      rejected: RejectedEvent[]
      /** Due commands that ride back on the shop's own call; none while nothing may be sent to the shop. */
      commands: ShopCommand[]
      /** Queue items were put: the account's worker has something to do. */
      news: boolean
    }
  /** This attempt was seen within ten minutes. Nothing changed. */
  | { kind: 'replayed' }
  /** Another installation or host than the connection is bound to. An incident says so, nothing else changed. */
  | { kind: 'foreign' }
  /** Switched off, or removed meanwhile. Nothing changed. */
  | { kind: 'off' }

export interface ExchangeStore {
  /** By connection id, or by the settings' name where there was no pairing. */
  findConnection(idOrName: string): Promise<Connection | undefined>
  /**
   * One transaction: attempt, events, results, queue items, timeline, commands handed out; durable when this resolves. Nothing of it is
   * there when it throws or refuses. `attemptId` null: the shop answered a call of ours, there is nothing to be repeated by a stranger.
   */
  accept(connection: ConnectionId, attemptId: string | null, request: ExchangeRequest): Promise<Acceptance>
  /** Connections whose shop should be called: commands are due, or it has been silent for that long. */
  listShopsToCall(silentMs: number): Promise<Connection[]>
  /** What to add to our clock to get the shop's. */
  saveClockOffset(connection: ConnectionId, offsetMs: number): Promise<void>
}

export interface ShopCall {
  commands: ShopCommand[]
  /** Events of the answer before, committed by now. */
  accepted: string[]
  rejected: RejectedEvent[]
}

export type ShopAnswer =
  | { kind: 'answer'; message: ExchangeRequest; clockOffsetMs: number }
  /** A signed status other than 200: nothing changed on either side. */
  | { kind: 'refused'; status: number; code: string; message: string; retryAfterMs: number | null }
  /** Nothing that counts as an answer: unreachable, unsigned, not JSON, for another request. */
  | { kind: 'no-answer'; why: string }

/** The way to the module's exchange.php. */
export interface ShopCaller {
  /** Throws only when aborted. */
  call(connection: Connection, call: ShopCall, signal: AbortSignal): Promise<ShopAnswer>
}
