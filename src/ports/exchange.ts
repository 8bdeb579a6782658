import type { ConnectionId } from '../core/ids.ts'
import type { Order } from '../core/order.ts'
import type { Connection } from './connections.ts'
import type { CommandResult, ShopCommand } from './shop.ts'

interface EventHead {
  /** The same on each sending until it was accepted. */
  id: string
  /** RFC 3339, UTC. */
  at: string
  epoch: string
  rev: number
  /** Our command behind the change, if nothing else changed it too. */
  origin: string | null
}

/** What the shop says happened, as the bridge's adapter parsed it. */
export type ShopEvent = EventHead &
  (
    | { type: 'order.saved'; order: Order }
    | { type: 'order.deleted' | 'order.archived'; orderId: string }
    | { type: 'order.unreadable'; orderId: string; message: string }
    | { type: 'form.submitted'; source: string; formId: string; resultId: string; data: Record<string, unknown> }
    | { type: 'customer.saved'; userId: string; data: Record<string, unknown> }
    | { type: 'profile.changed' }
  )

/** Never to be sent again: the module keeps the row, marked, for its admin. */
export interface Rejection {
  id: string
  code: string
  message: string
}

/** One exchange as the shop sent it: its own call, or its answer to ours. */
export interface ShopMessage {
  installation: string
  host: string
  events: ShopEvent[]
  /** Events that cannot be read. */
  rejected: (Rejection & { type: string })[]
  results: CommandResult[]
}

export type ExchangeOutcome =
  | {
      kind: 'accepted'
      accepted: string[]
      rejected: Rejection[]
      /** Due commands that ride back; empty while nothing may be sent to the shop. */
      commands: ShopCommand[]
      /** Queue items were put: the account's worker has something to do. */
      queued: boolean
    }
  /** This attempt was received before. Nothing changed. */
  | { kind: 'replay' }
  /** Another installation or host than the connection is bound to. An incident says so, nothing else changed. */
  | { kind: 'installation' }
  /** Switched off, or removed meanwhile. Nothing changed. */
  | { kind: 'off' }

export interface ExchangeStore {
  /** By connection id, or by the settings' name where there was no pairing. */
  findConnection(idOrName: string): Promise<Connection | undefined>
  /**
   * Takes in everything of one exchange in one transaction, durable when this resolves. `attemptId` is the webhook-id of the shop's own
   * call, taken once in ten minutes; commands then ride back. null: the shop's answer to our call.
   */
  accept(connection: ConnectionId, message: ShopMessage, attemptId: string | null): Promise<ExchangeOutcome>
  /** Shops with commands that are due, and those silent for longer than `silentMs`. */
  listShopsToCall(silentMs: number): Promise<Connection[]>
  /** What to add to our clock to get the shop's. */
  saveClockOffset(connection: ConnectionId, offsetMs: number): Promise<void>
}

export interface ShopCall {
  commands: ShopCommand[]
  /** Events of the answer before, committed by now. */
  accepted: string[]
  rejected: Rejection[]
}

export type ShopAnswer =
  | { kind: 'answer'; message: ShopMessage; clockOffsetMs: number }
  /** A signed status other than 200: nothing changed on either side. */
  | { kind: 'refused'; status: number; code: string; message: string; retryAfterMs: number | null }
  /** Nothing that counts as an answer: unreachable, unsigned, not JSON, for another request. */
  | { kind: 'no-answer'; why: string }

/** The way to the module's exchange.php. */
export interface ShopCaller {
  /** Throws only when aborted. */
  call(connection: Connection, call: ShopCall, signal: AbortSignal): Promise<ShopAnswer>
}
