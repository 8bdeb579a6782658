import { z } from 'zod'
import { accountId, type ConnectionId, connectionId } from '../core/ids.ts'
import { ulid } from '../core/ulid.ts'
import type { Connection, ConnectionMode } from '../ports/connections.ts'
import type { Database, Transaction } from './database.ts'
import type { Seal } from './seal.ts'

/** The owner's name under which a shop's secrets are sealed. */
export const shopSecretOwner = (id: string) => `connection:${id}:shop`
const Mode = z.enum(['setup', 'on', 'paused', 'off'])
const Secrets = z.array(z.string())

interface ConnectionRow {
  id: string
  name: string
  shop_key: string
  account_id: string | null
  shop_endpoint: string | null
  shop_secret_sealed: string | null
  installation: string | null
  host: string | null
  mode: string
  proof_order: string | null
  switched_on_at: number | null
  settings: string
  profile: string | null
  clock_offset_ms: number
  last_exchange_at: number | null
}

function toConnection(row: ConnectionRow, seal: Seal): Connection {
  return {
    id: connectionId(row.id),
    name: row.name,
    shopKey: row.shop_key,
    accountId: row.account_id === null ? null : accountId(row.account_id),
    mode: Mode.parse(row.mode),
    proofOrder: row.proof_order,
    switchedOnAt: row.switched_on_at === null ? null : new Date(row.switched_on_at),
    shop: {
      endpoint: row.shop_endpoint,
      secrets: row.shop_secret_sealed === null ? [] : Secrets.parse(JSON.parse(seal.open(row.shop_secret_sealed, shopSecretOwner(row.id)))),
      installation: row.installation,
      host: row.host,
      clockOffsetMs: row.clock_offset_ms,
      profile: row.profile === null ? null : JSON.parse(row.profile),
      lastExchangeAt: row.last_exchange_at === null ? null : new Date(row.last_exchange_at),
    },
    settings: JSON.parse(row.settings),
  }
}

export async function listConnections(database: Database, seal: Seal): Promise<Connection[]> {
  const rows = await database.read.selectFrom('connections').selectAll().orderBy('position').orderBy('name').execute()
  return rows.map((row) => toConnection(row, seal))
}

export async function findConnection(database: Database, seal: Seal, id: string): Promise<Connection | undefined> {
  const row = await database.read.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toConnection(row, seal)
}

export async function createConnection(
  tx: Transaction,
  name: string,
  shopKey: string,
  position: number,
  nowMs: number,
): Promise<ConnectionId> {
  const id = ulid(nowMs, Math.random)
  await tx
    .insertInto('connections')
    .values({
      id,
      name,
      position,
      shop_key: shopKey,
      account_id: null,
      shop_endpoint: null,
      shop_secret_sealed: null,
      installation: null,
      host: null,
      mode: 'setup',
      proof_order: null,
      switched_on_at: null,
      settings: '{}',
      profile: null,
      clock_offset_ms: 0,
      last_exchange_at: null,
      created_at: nowMs,
      updated_at: nowMs,
    })
    .execute()
  return connectionId(id)
}

export interface ConnectionChange {
  position?: number
  accountId?: string | null
  endpoint?: string | null
  /** Newest first. */
  secrets?: string[]
  shopKey?: string
  mode?: ConnectionMode
  proofOrder?: string | null
  switchedOnAt?: Date
  settings?: unknown
  profile?: unknown
}

export async function changeConnection(
  tx: Transaction,
  seal: Seal,
  id: ConnectionId,
  change: ConnectionChange,
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({
      updated_at: nowMs,
      ...(change.position === undefined ? {} : { position: change.position }),
      ...(change.accountId === undefined ? {} : { account_id: change.accountId }),
      ...(change.endpoint === undefined ? {} : { shop_endpoint: change.endpoint }),
      ...(change.secrets === undefined ? {} : { shop_secret_sealed: seal.close(JSON.stringify(change.secrets), shopSecretOwner(id)) }),
      ...(change.shopKey === undefined ? {} : { shop_key: change.shopKey }),
      ...(change.mode === undefined ? {} : { mode: change.mode }),
      ...(change.proofOrder === undefined ? {} : { proof_order: change.proofOrder }),
      ...(change.switchedOnAt === undefined ? {} : { switched_on_at: change.switchedOnAt.getTime() }),
      ...(change.settings === undefined ? {} : { settings: JSON.stringify(change.settings) }),
      ...(change.profile === undefined ? {} : { profile: JSON.stringify(change.profile) }),
    })
    .where('id', '=', id)
    .execute()
  // Items accepted before the connection had an account go to the one it has now.
  if (change.accountId != null) {
    await tx
      .updateTable('amocrm_queue')
      .set({ account_id: change.accountId })
      .where('connection', '=', id)
      .where('status', 'in', ['pending', 'failed'])
      .execute()
  }
}
