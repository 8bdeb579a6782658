import type { ShopModule } from '../module.ts'
import type { Json } from '../snapshot.ts'

export const errorCodes = [
  'order_missing',
  'status_unknown',
  'conflict',
  'superseded',
  'order_locked',
  'busy',
  'cancel_refused',
  'refused',
  'field_forbidden',
  'user_protected',
  'user_missing',
  'property_missing',
  'unknown_command',
  'installation_changed',
  'failed',
] as const
export type ErrorCode = (typeof errorCodes)[number]

const passing: ReadonlySet<ErrorCode> = new Set(['order_locked', 'busy', 'failed'])

export type CommandResult =
  | { id: string; ok: true; changed: boolean; data: Json }
  | { id: string; ok: false; error: { code: ErrorCode; message: string; retry: boolean; data?: Json } }

/** A command's planned failure; becomes the `error` of its result. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly code: ErrorCode
  readonly data: Json | undefined
  constructor(code: ErrorCode, message: string, data?: Json) {
    super(message)
    this.code = code
    this.data = data
  }
}

export function toFailure(id: string, code: ErrorCode, message: string, data?: Json): CommandResult {
  return { id, ok: false, error: { code, message, retry: passing.has(code), ...(data === undefined ? {} : { data }) } }
}

export interface Effect {
  changed: boolean
  data: Json
}

export interface CommandContext {
  shop: ShopModule
  commandId: string
  /** Highest `seq` seen for each order. */
  lastSeq: Map<string, number>
}

export type CommandHandler = (data: unknown, context: CommandContext) => Effect

/** The order is neither held by a manager nor being saved by another process. */
export function requireFreeOrder({ shop }: CommandContext, orderId: string): void {
  if (shop.faults.now.lockedOrders?.includes(orderId) === true)
    throw new CommandError('order_locked', `Заказ ${orderId} открыт у менеджера`)
  if (shop.faults.now.busyOrders?.includes(orderId) === true) throw new CommandError('busy', `Заказ ${orderId} сохраняется`)
  if (shop.faults.now.veto !== undefined) throw new CommandError('refused', shop.faults.now.veto)
}

export function requireTick({ shop }: CommandContext, family: 'statuses' | 'properties' | 'buyers' | 'products'): void {
  if (!shop.ticks.has(family)) throw new CommandError('refused', `В настройках модуля не разрешены команды: ${family}`)
}
