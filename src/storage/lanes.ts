import { z } from 'zod'
import type { AccountId } from '../core/ids.ts'
import { type Lane, LaneLostError, type Lanes } from '../ports/lane.ts'
import type { RequestLog } from '../ports/request-log.ts'
import type { Database, Transaction } from './database.ts'
import { returnRunningItems } from './queue.ts'

/** A request granted at T may reach amoCRM up to this much later than the next one: counted into the rolling second. */
const arrivalJitterMs = 20
const windowMs = 1_000 + arrivalJitterMs
/** Instants of granted requests, oldest first. */
const Grants = z.array(z.number())

export function createLanes(database: Database): Lanes {
  return {
    take: (account, owner, leaseMs) =>
      database.write(async (tx) => {
        await ensureLane(tx, account)
        const lane = await readLane(database, tx, account)
        const now = await database.now(tx)
        const ours = lane.lease_owner === owner && lane.lease_until > now
        if (!ours && lane.lease_until > now) return undefined
        const fence = ours ? lane.fence : lane.fence + 1
        await tx
          .updateTable('lanes')
          .set({ lease_owner: owner, lease_until: now + leaseMs, fence })
          .where('account_id', '=', account)
          .execute()
        // A crash of the earlier holder left these running; each step may run twice, so they simply start again.
        if (!ours) await returnRunningItems(tx, account, fence, now)
        return { accountId: account, owner, fence }
      }),

    renew: (lane, leaseMs) =>
      database.write(async (tx) => {
        const now = await database.now(tx)
        const { numUpdatedRows } = await tx
          .updateTable('lanes')
          .set({ lease_until: now + leaseMs })
          .where('account_id', '=', lane.accountId)
          .where('fence', '=', lane.fence)
          .where('lease_owner', '=', lane.owner)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) throw new LaneLostError(`lane of account ${lane.accountId} went to another replica`)
      }),

    release: (lane) =>
      database.write(async (tx) => {
        await tx
          .updateTable('lanes')
          .set({ lease_owner: null, lease_until: 0 })
          .where('account_id', '=', lane.accountId)
          .where('fence', '=', lane.fence)
          .execute()
      }),
  }
}

/** Refuses writes of a holder whose lane was taken over. First statement of each transaction that writes results of a lane's work. */
export async function assertLane(database: Database, tx: Transaction, lane: Lane): Promise<void> {
  let query = tx.selectFrom('lanes').select('fence').where('account_id', '=', lane.accountId)
  if (database.dialect === 'postgres') query = query.forShare()
  const row = await query.executeTakeFirst()
  if (row?.fence !== lane.fence) throw new LaneLostError(`lane of account ${lane.accountId} went to another replica`)
}

/** The account's sliding log, one row update per request: shared by replicas and the command line, remembered over restarts. */
export function createRequestLog(database: Database, account: AccountId): RequestLog {
  return {
    take: (perSecond) =>
      database.write(async (tx) => {
        const lane = await readLane(database, tx, account)
        // Read under the row's lock: a request counted at a moment before the wait for the lock would leave its second too early.
        const now = await database.now(tx)
        const logged = Grants.parse(JSON.parse(lane.grants))
        // A clock that was set back leaves requests in the future: they count as sent now, instead of closing the account until then.
        const turnedBack = logged.some((at) => at > now)
        const grants = logged.map((at) => Math.min(at, now)).filter((at) => at > now - windowMs)
        if (turnedBack) await saveGrants(tx, account, grants)
        if (lane.hold_until > now) return lane.hold_until - now
        const oldest = grants.length >= perSecond ? grants[grants.length - perSecond] : undefined
        if (oldest !== undefined) return Math.max(1, oldest + windowMs - now)
        await saveGrants(tx, account, [...grants, now])
        return 0
      }),

    holdFor: (ms) =>
      database.write(async (tx) => {
        const until = (await database.now(tx)) + ms
        await ensureLane(tx, account)
        await tx.updateTable('lanes').set({ hold_until: until }).where('account_id', '=', account).where('hold_until', '<', until).execute()
      }),
  }
}

async function saveGrants(tx: Transaction, account: AccountId, grants: number[]): Promise<void> {
  await tx
    .updateTable('lanes')
    .set({ grants: JSON.stringify(grants) })
    .where('account_id', '=', account)
    .execute()
}

/** The breaker's state is plain data of the client; the lane only remembers it. */
export async function saveBreaker(tx: Transaction, account: AccountId, breaker: unknown): Promise<void> {
  await ensureLane(tx, account)
  await tx
    .updateTable('lanes')
    .set({ breaker: JSON.stringify(breaker) })
    .where('account_id', '=', account)
    .execute()
}
export async function loadBreaker(database: Database, account: AccountId): Promise<unknown> {
  const row = await database.read.selectFrom('lanes').select('breaker').where('account_id', '=', account).executeTakeFirst()
  return row?.breaker == null ? undefined : JSON.parse(row.breaker)
}

async function ensureLane(tx: Transaction, account: AccountId): Promise<void> {
  await tx
    .insertInto('lanes')
    .values({ account_id: account, lease_owner: null, lease_until: 0, fence: 0, grants: '[]', hold_until: 0, breaker: null })
    .onConflict((oc) => oc.doNothing())
    .execute()
}

async function readLane(database: Database, tx: Transaction, account: AccountId) {
  let query = tx.selectFrom('lanes').selectAll().where('account_id', '=', account)
  if (database.dialect === 'postgres') query = query.forUpdate()
  const lane = await query.executeTakeFirst()
  if (lane) return lane
  await ensureLane(tx, account)
  return query.executeTakeFirstOrThrow()
}
