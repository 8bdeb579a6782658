import { type AccountId, type ConnectionId, dealId } from '../../src/core/ids.ts'
import type { ConnectionMode } from '../../src/ports/connections.ts'
import type { Lane } from '../../src/ports/lane.ts'
import type { DealPair } from '../../src/ports/push-store.ts'
import type { QueueItem } from '../../src/ports/queue.ts'
import { putAccount } from '../../src/storage/accounts.ts'
import { changeConnection, createConnection } from '../../src/storage/connections.ts'
import type { Database, Transaction } from '../../src/storage/database.ts'
import { createLanes } from '../../src/storage/lanes.ts'
import { createQueue, type NewItem, putQueueItem } from '../../src/storage/queue.ts'
import { createSeal, type Seal } from '../../src/storage/seal.ts'
import { openTempDatabase } from './temp-database.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** An empty database with one account and one connection that is on; its clock stands until a test moves it. */
export interface Store extends AsyncDisposable {
  database: Database
  seal: Seal
  account: AccountId
  connection: ConnectionId
  now(): number
  pass(ms: number): void
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  addAccount(name: string): Promise<AccountId>
  addConnection(name: string, account: AccountId, mode: ConnectionMode): Promise<ConnectionId>
}

export async function openStore(): Promise<Store> {
  let nowMs = Date.parse('2026-03-01T10:00:00Z')
  const temp = await openTempDatabase(() => nowMs)
  const { database } = temp
  const seal = createSeal([Buffer.alloc(32, 1)])
  const addAccount: Store['addAccount'] = (name) =>
    database.write((tx) => putAccount(tx, { baseUrl: `https://${name}.amocrm.ru`, clientId: '' }, nowMs))
  let connections = 0
  const addConnection: Store['addConnection'] = (name, account, mode) =>
    database.write(async (tx) => {
      connections += 1
      const id = await createConnection(tx, name, `abcde${connections}`, connections, nowMs)
      await changeConnection(tx, seal, id, { accountId: account, mode }, nowMs)
      return id
    })
  const account = await addAccount('first')
  return {
    database,
    seal,
    account,
    connection: await addConnection('shop-1', account, 'on'),
    now: () => nowMs,
    pass(ms) {
      nowMs += ms
    },
    write: (work) => database.write(work),
    addAccount,
    addConnection,
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  }
}

export function putItem(store: Store, change: Partial<NewItem> = {}): Promise<void> {
  const item: NewItem = {
    connection: store.connection,
    accountId: store.account,
    type: 'order',
    entityKey: 'order:1',
    payload: {},
    class: 'live-create',
    dueAtMs: store.now(),
    ...change,
  }
  return store.write((tx) => putQueueItem(tx, item, store.now()))
}

/** The lane of the store's account, or fails: another holder is alive. */
export async function takeLane(store: Store, owner = 'us', leaseMs = 30_000, account = store.account): Promise<Lane> {
  const lane = await createLanes(store.database).take(account, owner, leaseMs)
  if (lane === undefined) throw new Error(`the lane of ${account} is held by somebody else`)
  return lane
}

export function claim(store: Store, lane: Lane, limit = 50): Promise<QueueItem[]> {
  return createQueue(store.database).claim(lane, { types: ['order', 'lead', 'status', 'contact', 'product'], limit, except: new Set() })
}

/** The one item that is due; fails when there is none or another. */
export async function claimOne(store: Store, lane: Lane): Promise<QueueItem> {
  const [item, ...others] = await claim(store, lane)
  if (item === undefined || others.length > 0) throw new Error(`${others.length + (item ? 1 : 0)} items were due instead of one`)
  return item
}

export function aPair(store: Store, change: Partial<DealPair> = {}): DealPair {
  return {
    connection: store.connection,
    entityKey: 'order:1',
    dealId: dealId(100),
    contactId: null,
    companyId: null,
    noteId: null,
    doubt: null,
    sent: { name: 'Order 1', price: 100, tags: [], fields: {}, noteHash: null },
    basis: { status: 'N', cancelled: false, paid: false },
    rule: null,
    state: 'live',
    ...change,
  }
}
