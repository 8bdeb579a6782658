import { z } from 'zod'
import { planAfterResult, unansweredMs } from '../core/command-retry.ts'
import type { ConnectionId } from '../core/ids.ts'
import { orderEntity } from '../core/marker.ts'
import { ulid } from '../core/ulid.ts'
import type { Commands, NewCommand } from '../ports/commands.ts'
import type { CommandResult, ShopCommand } from '../ports/shop.ts'
import type { Database, Transaction } from './database.ts'
import { closeIncidents, openIncident } from './incidents.ts'
import { addTimelineStep } from './timeline.ts'

/** One message carries at most this much, so that it stays below the protocol's 1 MiB. */
const packBytes = 900_000
const packCommands = 50

const Data = z.record(z.string(), z.unknown())
const Seq = z.object({ seq: z.int() })

/** Puts a command for the shop. A newer `order.set_deal` takes the place of one that still waits; one that says the same adds nothing. */
export async function putCommand(tx: Transaction, command: NewCommand, nowMs: number): Promise<void> {
  const data = JSON.stringify(command.data)
  if (command.type === 'order.set_deal' && (await replaceWaiting(tx, command, data, nowMs)) === 'same') return
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

/** Replaced, never changed: the module answers a known id with its first result. */
async function replaceWaiting(
  tx: Transaction,
  { connection, orderId, type }: NewCommand,
  data: string,
  nowMs: number,
): Promise<'same' | 'replaced'> {
  const waiting = await tx
    .selectFrom('commands')
    .select(['id', 'data'])
    .where('connection', '=', connection)
    .where('order_id', '=', orderId)
    .where('type', '=', type)
    .where('status', '=', 'pending')
    .execute()
  if (waiting.some((row) => row.data === data)) return 'same'
  for (const { id } of waiting) {
    await tx.updateTable('commands').set({ status: 'replaced', updated_at: nowMs }).where('id', '=', id).execute()
  }
  return 'replaced'
}

/** Puts a question unless it waits already: the answer would be the same. */
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

/** Commands that are due and may be sent: nothing goes while paused or off; in setup only what is about the proof order or about none. */
function selectDue(tx: Transaction, nowMs: number) {
  return tx
    .selectFrom('commands')
    .innerJoin('connections', 'connections.id', 'commands.connection')
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
}

/** Oldest first, as many as fit one message. */
async function listDueCommands(tx: Transaction, connection: ConnectionId, nowMs: number): Promise<ShopCommand[]> {
  const due = await selectDue(tx, nowMs)
    .select(['commands.id', 'commands.type', 'commands.data'])
    .where('commands.connection', '=', connection)
    .orderBy('commands.due_at')
    .orderBy('commands.id')
    .limit(packCommands)
    .execute()
  const commands: ShopCommand[] = []
  let bytes = 0
  for (const { id, type, data } of due) {
    bytes += Buffer.byteLength(data) + 200
    if (bytes > packBytes && commands.length > 0) break
    commands.push({ id, type, data: Data.parse(JSON.parse(data)) })
  }
  return commands
}

/** Hands out what is due. It is due again after a while: only a result ends a command, and the module carries a repeat out once. */
export async function takeDueCommands(tx: Transaction, connection: ConnectionId, nowMs: number): Promise<ShopCommand[]> {
  const commands = await listDueCommands(tx, connection, nowMs)
  await postpone(
    tx,
    connection,
    commands.map(({ id }) => id),
    nowMs,
  )
  return commands
}

/** Commands that were handed out wait for their results; those that have one are not touched. */
async function postpone(tx: Transaction, connection: ConnectionId, ids: string[], nowMs: number): Promise<void> {
  if (ids.length === 0) return
  await tx
    .updateTable('commands')
    .set({ due_at: nowMs + unansweredMs, updated_at: nowMs })
    .where('connection', '=', connection)
    .where('id', 'in', ids)
    .where('status', '=', 'pending')
    .execute()
}

/** Connections whose shop has something to do. */
export async function listConnectionsWithDueCommands(tx: Transaction, nowMs: number): Promise<string[]> {
  const rows = await selectDue(tx, nowMs).select('commands.connection').distinct().execute()
  return rows.map(({ connection }) => connection)
}

export const createCommands = (database: Database): Commands => ({
  listDue: async (connection) => listDueCommands(database.read, connection, await database.now(database.read)),
  postpone: (connection, ids) => database.write(async (tx) => postpone(tx, connection, ids, await database.now(tx))),
})

/** Ends commands by their results. A result that comes twice, or for a command nobody knows, changes nothing. */
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
  // A shop that acts has had its admin's answer.
  if (results.some(({ ok }) => ok)) await closeIncidents(tx, { connection, code: 'shop-copied' }, nowMs)
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
  if (after.kind === 'done') return tellDone(tx, connection, command, result, nowMs)
  if (after.kind === 'failed') return tellFailed(tx, connection, command, result, after.quiet, nowMs)
  if (after.cause === 'shop-copied') await openIncident(tx, { connection, code: 'shop-copied', entity: '', params: {} }, nowMs)
}

async function tellDone(
  tx: Transaction,
  connection: ConnectionId,
  { type, order_id: orderId }: WaitingCommand,
  result: CommandResult,
  nowMs: number,
): Promise<void> {
  if (type === 'profile.get' && result.ok) {
    const profile = JSON.stringify(result.data)
    await tx.updateTable('connections').set({ profile, updated_at: nowMs }).where('id', '=', connection).execute()
  }
  if (orderId === null) return
  await addTimelineStep(tx, { connection, entityKey: orderEntity(orderId), atMs: nowMs, step: 'command-done', params: { type } })
}

async function tellFailed(
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
