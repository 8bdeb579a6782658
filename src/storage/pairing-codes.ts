import { type ConnectionId, connectionId } from '../core/ids.ts'
import { ulid } from '../core/ulid.ts'
import type { PairingStore } from '../ports/pairing.ts'
import { putCommandOnce } from './commands.ts'
import { shopSecretOwner } from './connections.ts'
import type { Database, Transaction } from './database.ts'
import { closeIncidents } from './incidents.ts'
import type { Seal } from './seal.ts'

const triesOfOneAddress = 5
const triesInAll = 50

export function createPairingStore(database: Database, seal: Seal): PairingStore {
  return {
    putCode: ({ hash, connection, expiresAtMs }) =>
      database.write(async (tx) => {
        // A new code begins anew: what was tried before it does not count against it.
        await tx.deleteFrom('pairing_codes').where('connection', '=', connection).execute()
        await tx.deleteFrom('pairing_tries').execute()
        await tx.insertInto('pairing_codes').values({ code_hash: hash, connection, expires_at: expiresAtMs, used_at: null }).execute()
      }),

    redeem: ({ hash, address }, shop) =>
      database.write(async (tx) => {
        const nowMs = await database.now(tx)
        const connection = (await mayTry(tx, address)) ? await spendCode(tx, hash, nowMs) : undefined
        if (connection === undefined) {
          await countTry(tx, address, nowMs)
          return undefined
        }
        return { connection, shopKey: await bindShop(tx, seal, connection, shop, nowMs) }
      }),

    bind: (connection, shop) =>
      database.write(async (tx) => {
        const unknownYet = { installation: null, host: null, profile: null }
        await bindShop(tx, seal, connection, { ...shop, ...unknownYet }, await database.now(tx))
      }),
  }
}

async function mayTry(tx: Transaction, address: string): Promise<boolean> {
  const tries = await tx.selectFrom('pairing_tries').select('address').limit(triesInAll).execute()
  return tries.length < triesInAll && tries.filter((row) => row.address === address).length < triesOfOneAddress
}

/** Tries matter only while a code is open, and never past the limit that ends it: nobody can fill the table. */
async function countTry(tx: Transaction, address: string, nowMs: number): Promise<void> {
  const open = await tx
    .selectFrom('pairing_codes')
    .select('code_hash')
    .where('used_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst()
  if (open === undefined || !(await mayTry(tx, address))) return
  await tx
    .insertInto('pairing_tries')
    .values({ id: ulid(nowMs, Math.random), address, at: nowMs })
    .execute()
}

async function spendCode(tx: Transaction, hash: string, nowMs: number): Promise<ConnectionId | undefined> {
  const spent = await tx
    .updateTable('pairing_codes')
    .set({ used_at: nowMs })
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .returning('connection')
    .executeTakeFirst()
  return spent && connectionId(spent.connection)
}

interface PairedShop {
  endpoint: string
  secret: string
  /** null: taken from its first exchange. */
  installation: string | null
  host: string | null
  profile: unknown
}

/** The shop that pairs is the one from now on: whoever was bound before is refused. Answers the connection's shopKey, which stays. */
async function bindShop(tx: Transaction, seal: Seal, connection: ConnectionId, shop: PairedShop, nowMs: number): Promise<string> {
  const bound = await tx
    .updateTable('connections')
    .set({
      shop_endpoint: shop.endpoint,
      shop_secret_sealed: seal.close(JSON.stringify([shop.secret]), shopSecretOwner(connection)),
      installation: shop.installation,
      host: shop.host,
      profile: JSON.stringify(shop.profile ?? null),
      updated_at: nowMs,
    })
    .where('id', '=', connection)
    .returning('shop_key')
    .executeTakeFirstOrThrow()
  await closeIncidents(tx, { connection, code: 'installation' }, nowMs)
  await putCommandOnce(tx, { connection, orderId: null, type: 'ping', data: {}, dueAtMs: nowMs }, nowMs)
  return bound.shop_key
}
