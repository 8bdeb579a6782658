import type { ConnectionId } from '../core/ids.ts'
import type { ShopCommand } from './shop.ts'

export interface NewCommand {
  connection: ConnectionId
  /** null: not about one order. */
  orderId: string | null
  /** One of the bridge protocol: `order.set_status`, `order.set_deal`, `ping`, … */
  type: string
  data: Record<string, unknown>
  dueAtMs: number
}

/** What waits to be carried out by a shop. */
export interface Commands {
  /** Due commands that may be sent now, oldest first, as many as fit one exchange. None while the connection is paused or off. */
  listDue(connection: ConnectionId): Promise<ShopCommand[]>
  /** The shop answered without a word on these: they come again after a while, unless they have ended. */
  postpone(connection: ConnectionId, ids: string[]): Promise<void>
}
