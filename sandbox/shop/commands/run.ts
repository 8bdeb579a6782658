import { z } from 'zod'
import type { ShopModule } from '../module.ts'
import { ShopRefusal } from '../orders.ts'
import type { Json } from '../snapshot.ts'
import { updateCustomer } from './change-customer.ts'
import { setDeal, setStatus, updateOrder } from './change-order.ts'
import { CommandError, type CommandHandler, type CommandResult, toFailure } from './outcome.ts'
import { digestOrders, getOrders, getProfile, listCustomers, listFormResults, listOrders, listProducts, ping } from './read.ts'

const handlers: Readonly<Record<string, CommandHandler>> = {
  'order.set_status': setStatus,
  'order.update': updateOrder,
  'order.set_deal': setDeal,
  'customer.update': updateCustomer,
  'profile.get': getProfile,
  'orders.get': getOrders,
  'orders.list': listOrders,
  'orders.digest': digestOrders,
  'products.list': listProducts,
  'customers.list': listCustomers,
  'form_results.list': listFormResults,
  ping,
}

export const commandTypes = Object.keys(handlers)

export const Command = z.object({ id: z.string().min(1).max(100), type: z.string(), data: z.record(z.string(), z.unknown()).default({}) })
export type Command = z.infer<typeof Command>

export interface SeenCommand {
  readonly id: string
  readonly type: string
  readonly data: Json
  readonly atMs: number
  /** 'exchange': came back on the module's own call; 'endpoint': the service called. */
  readonly via: 'exchange' | 'endpoint'
  /** How often the id came again and was answered from memory. */
  readonly repeats: number
  readonly result: CommandResult | null
}

export interface Commands {
  run(command: Command, via: SeenCommand['via']): CommandResult
  seen(): readonly SeenCommand[]
}

const keptMs = 30 * 24 * 3_600_000

/** Carries out each command id once. A result that may be tried again is not kept: the same id may act later. */
export function createCommands(shop: ShopModule): Commands {
  const journal = new Map<string, SeenCommand>()
  const lastSeq = new Map<string, number>()

  function run(command: Command, via: SeenCommand['via']): CommandResult {
    if (shop.faults.now.copy === true)
      return toFailure(command.id, 'installation_changed', 'Магазин перенесён или скопирован: ждём ответа администратора')
    forgetOld()
    const known = journal.get(command.id)
    if (known?.result != null && !isPassing(known.result)) {
      journal.set(command.id, { ...known, repeats: known.repeats + 1 })
      return known.result
    }
    const entry: SeenCommand = { ...command, atMs: shop.nowMs(), via, repeats: known === undefined ? 0 : known.repeats + 1, result: null }
    // The id is in the journal before anything is done: a crash in between must not do it twice.
    journal.set(command.id, entry)
    const result = carryOut(command)
    journal.set(command.id, { ...entry, result })
    return result
  }

  function carryOut(command: Command): CommandResult {
    const handler = Object.hasOwn(handlers, command.type) ? handlers[command.type] : undefined
    if (handler === undefined) return toFailure(command.id, 'unknown_command', `Команды ${command.type} нет`)
    if (shop.faults.now.failCommands === true) return toFailure(command.id, 'failed', 'Неожиданная ошибка')
    try {
      return { id: command.id, ok: true, ...handler(command.data, { shop, commandId: command.id, lastSeq }) }
    } catch (error) {
      if (error instanceof CommandError) return toFailure(command.id, error.code, error.message, error.data)
      if (error instanceof ShopRefusal) return toFailure(command.id, error.code, error.message)
      if (error instanceof z.ZodError) return toFailure(command.id, 'refused', `Данные команды: ${z.prettifyError(error)}`)
      throw error
    }
  }

  function forgetOld(): void {
    for (const [id, entry] of journal) {
      if (entry.atMs > shop.nowMs() - keptMs) return
      journal.delete(id)
    }
  }

  return { run, seen: () => [...journal.values()] }
}

const isPassing = (result: CommandResult): boolean => !result.ok && result.error.retry
