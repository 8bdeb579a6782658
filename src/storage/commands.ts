import { z } from 'zod'
import { planAfterResult } from '../core/command-retry.ts'
import type { ConnectionId } from '../core/ids.ts'
import { orderEntity } from '../core/marker.ts'
import { ulid } from '../core/ulid.ts'
import type { NewCommand } from '../ports/commands.ts'
import type { CommandResult, ShopCommand } from '../ports/shop.ts'
import type { Database, Transaction } from './database.ts'
import { closeIncidents, openIncident } from './incidents.ts'
import { addTimelineStep } from './timeline.ts'

/** One exchange carries at most this. */
const maxCommands = 50
const maxBytes = 900 * 1024
/** A command that rode back on the shop's call and brought no result is handed out again after this. */
const unansweredMs = 30_000

const Data = z.record(z.string(), z.unknown())
const Seq = z.object({ seq: z.int() })

/** Puts a command for the shop. Of an order's `order.set_deal` only the newest counts; one that says the same already waits alone. */
export async function putCommand(tx: Transaction, command: NewCommand, nowMs: number): Promise<void> {
  const data = JSON.stringify(command.data)
  if (command.type === 'order.set_deal' && !(await supersede(tx, command, data, nowMs))) return
  await tx
    .insertInto('commands')
    .values({
      id: ulid(nowMs, Math.random),
      connection: command.connection,
      order_id: command.orderId,
      type: command.type,
      data,
      seq: Seq.safeParse(command.data).data?.seq ?? null,
      status: 'pending',
      attempts: 0,
      due_at: command.dueAtMs,
      result: null,
      created_at: nowMs,
      updated_at: nowMs,
    })
    .execute()
}

/** Puts a command unless one of its type waits already: for questions whose answer is the same. */
export async function putCommandOnce(tx: Transaction, command: NewCommand, nowMs: number): Promise<void> {
  const waiting = await tx
    .selectFrom('commands')
    .select('id')
    .where('connection', '=', command.connection)
    .where('type', '=', command.type)
    .where('status', '=', 'pending')
    .executeTakeFirst()
  if (waiting === undefined) await putCommand(tx, command, nowMs)
}

/**
 * Takes what waits for the same order out of the way; false when it says the same. It is replaced, never changed: the shop answers a
 * known id with its first result.
 */
async function supersede(tx: Transaction, { connection, orderId, type }: NewCommand, data: string, nowMs: number): Promise<boolean> {
  const waiting = await tx
    .selectFrom('commands')
    .select(['id', 'data'])
    .where('connection', '=', connection)
    .where('type', '=', type)
    .where('order_id', '=', orderId)
    .where('status', '=', 'pending')
    .execute()
  if (waiting.some((row) => row.data === data)) return false
  for (const { id } of waiting) {
    await tx.updateTable('commands').set({ status: 'superseded', updated_at: nowMs }).where('id', '=', id).execute()
  }
  return true
}

/** Due commands, oldest first, as many as fit one exchange. Nothing is sent while paused or off; in setup only the proof order flows. */
export async function listDueCommands(tx: Transaction, connection: ConnectionId, nowMs: number): Promise<ShopCommand[]> {
  const rows = await tx
    .selectFrom('commands')
    .innerJoin('connections', 'connections.id', 'commands.connection')
    .select(['commands.id', 'commands.type', 'commands.data'])
    .where('commands.connection', '=', connection)
    .where('commands.status', '=', 'pending')
    .where('commands.due_at', '<=', nowMs)
    .where((eb) =>
      eb.or([
        eb('connections.mode', '=', 'on'),
        eb.and([
          eb('connections.mode', '=', 'setup'),
          eb.or([eb('commands.order_id', 'is', null), eb('commands.order_id', '=', eb.ref('connections.proof_order'))]),
        ]),
      ]),
    )
    .orderBy('commands.due_at')
    .orderBy('commands.id')
    .limit(maxCommands)
    .execute()
  return packed(rows.map(({ id, type, data }) => ({ id, type, data: Data.parse(JSON.parse(data)) })))
}

function packed(commands: ShopCommand[]): ShopCommand[] {
  let bytes = 0
  const over = commands.findIndex((command, index) => {
    bytes += Buffer.byteLength(JSON.stringify(command)) + 1
    return bytes > maxBytes && index > 0
  })
  return over === -1 ? commands : commands.slice(0, over)
}

/** Due commands that now ride back on the shop's call; those without a result are handed out again later. */
export async function handOutCommands(tx: Transaction, connection: ConnectionId, nowMs: number): Promise<ShopCommand[]> {
  const commands = await listDueCommands(tx, connection, nowMs)
  if (commands.length > 0) {
    await tx
      .updateTable('commands')
      .set({ due_at: nowMs + unansweredMs, updated_at: nowMs })
      .where(
        'id',
        'in',
        commands.map(({ id }) => id),
      )
      .execute()
  }
  return commands
}

export const createCommands = (database: Database) => ({
  listDue: async (connection: ConnectionId) => listDueCommands(database.read, connection, await database.now(database.read)),
})

/** Ends commands by their results. A result for a command that no longer waits changes nothing. */
export async function settleCommands(
  tx: Transaction,
  connection: ConnectionId,
  results: CommandResult[],
  nowMs: number,
  random: () => number,
): Promise<void> {
  for (const result of results) {
    const command = await tx
      .selectFrom('commands')
      .select(['id', 'type', 'order_id', 'attempts'])
      .where('id', '=', result.id)
      .where('connection', '=', connection)
      .where('status', '=', 'pending')
      .executeTakeFirst()
    if (command !== undefined) await settle(tx, connection, command, result, nowMs, random())
  }
}

interface WaitingCommand {
  id: string
  type: string
  order_id: string | null
  attempts: number
}

async function settle(
  tx: Transaction,
  connection: ConnectionId,
  command: WaitingCommand,
  result: CommandResult,
  nowMs: number,
  chance: number,
): Promise<void> {
  const after = planAfterResult(result, command.attempts, chance)
  await tx
    .updateTable('commands')
    .set({
      status: after.kind === 'later' ? 'pending' : after.kind,
      updated_at: nowMs,
      ...(after.kind === 'done' ? {} : { attempts: after.attempts }),
      ...(after.kind === 'later' ? { due_at: nowMs + after.delayMs } : { result: JSON.stringify(result) }),
    })
    .where('id', '=', command.id)
    .execute()
  if (after.kind === 'done') {
    await onDone(tx, connection, command, result, nowMs)
  } else if (after.kind === 'failed') {
    await onFailed(tx, connection, command, result, after.quiet, nowMs)
  } else if (after.cause === 'shop-copied') {
    const bound = await tx.selectFrom('connections').select(['installation', 'host']).where('id', '=', connection).executeTakeFirst()
    const params = { installation: bound?.installation ?? null, host: bound?.host ?? null }
    await openIncident(tx, { connection, code: 'installation', entity: 'command', params }, nowMs)
  }
}

async function onDone(tx: Transaction, connection: ConnectionId, command: WaitingCommand, result: CommandResult, nowMs: number) {
  // The shop acts again: its admin has answered.
  await closeIncidents(tx, { connection, code: 'installation', entity: 'command' }, nowMs)
  if (command.type === 'profile.get' && result.ok) {
    await tx
      .updateTable('connections')
      .set({ profile: JSON.stringify(result.data), updated_at: nowMs })
      .where('id', '=', connection)
      .execute()
  }
  if (command.order_id === null) return
  const entityKey = orderEntity(command.order_id)
  await addTimelineStep(tx, { connection, entityKey, atMs: nowMs, step: 'command-done', params: { type: command.type } })
}

async function onFailed(
  tx: Transaction,
  connection: ConnectionId,
  { type, order_id: orderId }: WaitingCommand,
  result: CommandResult,
  quiet: boolean,
  nowMs: number,
): Promise<void> {
  const message = result.ok ? '' : `${result.error.code}: ${result.error.message}`.slice(0, 300)
  const entity = orderId === null ? `command:${type}` : orderEntity(orderId)
  if (orderId !== null) {
    await addTimelineStep(tx, { connection, entityKey: entity, atMs: nowMs, step: 'command-failed', params: { type, message } })
  }
  if (!quiet) await openIncident(tx, { connection, code: 'command-failed', entity, params: { type, order: orderId, message } }, nowMs)
}
