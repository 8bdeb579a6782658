import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { createAddressPolicy } from '../../src/bitrix/address-policy.ts'
import { createShopClient } from '../../src/bitrix/shop-client.ts'
import { sign } from '../../src/bitrix/signature.ts'
import type { ConnectionId } from '../../src/core/ids.ts'
import type { PairRouteDeps } from '../../src/http/routes/pair.ts'
import { createServer } from '../../src/http/server.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Connection, ConnectionMode } from '../../src/ports/connections.ts'
import type { ShopCaller } from '../../src/ports/exchange.ts'
import { putAccount } from '../../src/storage/accounts.ts'
import { createCommands } from '../../src/storage/commands.ts'
import { changeConnection, createConnection, findConnection } from '../../src/storage/connections.ts'
import type { Database } from '../../src/storage/database.ts'
import { createExchangeStore } from '../../src/storage/exchange.ts'
import { createPairingStore } from '../../src/storage/pairing-codes.ts'
import { createSeal } from '../../src/storage/seal.ts'
import { createShopCalls, type ShopCallOutcome, type ShopCalls } from '../../src/sync/exchange-with-shop.ts'
import { createPairingCode, type PairDeps } from '../../src/sync/pair-shop.ts'
import { openTempDatabase } from './temp-database.ts'

export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const startMs = Date.parse('2026-11-23T08:00:00Z')

export interface Answer {
  status: number
  headers: Headers
  text: string
  json: Record<string, unknown>
}

/** What a test changes of an exchange; everything else is right. */
export interface Attempt {
  connection?: string | null
  secrets?: string[]
  webhookId?: string
  timestampSec?: number
  /** The bytes that are sent; what is signed stays the same. */
  sentBody?: string
  headers?: Record<string, string>
}

export interface Bridge extends AsyncDisposable {
  url: string
  database: Database
  connection: ConnectionId
  /** Moves the clock of the service and its database. */
  moveClock(ms: number): void
  clock: Clock
  read(): Promise<Connection>
  change(change: Parameters<typeof changeConnection>[3]): Promise<void>
  giveAccount(): Promise<void>
  pairingCode(): Promise<string>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  /** One exchange as a module sends it. */
  exchange(body: unknown, attempt?: Attempt): Promise<Answer>
  /** The service's own calls, as the loop of the process makes them. */
  calls: ShopCalls
  called: ShopCallOutcome[]
  shop: ShopCaller
  pairing: PairDeps & Pick<PairRouteDeps, 'requireEndpoint'>
  callShops(): Promise<void>
  /** Connections whose account has got something to do. */
  news: ConnectionId[]
  /** From now on each write does its work and then fails, as a full disk does at the commit. */
  breakWrites(broken: boolean): void
  logged: string[]
}

/** The service's HTTP side on a free port over a real database, with one connection that is bound to nobody yet. */
export async function startBridge(mode: ConnectionMode = 'on'): Promise<Bridge> {
  let nowMs = startMs
  const clock: Clock = { now: () => nowMs, sleep: () => Promise.reject(new Error('nothing waits here')) }
  const temp = await openTempDatabase(clock.now)
  let broken = false
  const database: Database = {
    ...temp.database,
    write: (work) =>
      temp.database.write(async (tx) => {
        const result = await work(tx)
        if (broken) throw new Error('disk full')
        return result
      }),
  }
  const seal = createSeal([randomBytes(32)])
  const connection = await database.write((tx) => createConnection(tx, 'shop-1', 'kqzvma', 0, nowMs))
  const change: Bridge['change'] = (wanted) => database.write((tx) => changeConnection(tx, seal, connection, wanted, nowMs))
  await change({ mode, secrets: [secret] })

  const addresses = createAddressPolicy({ privateNetworks: [], listensOnLoopback: true })
  const shop = createShopClient({ clock, random: Math.random, addresses })
  const news: ConnectionId[] = []
  const logged: string[] = []
  const called: ShopCallOutcome[] = []
  const accepting = {
    exchanges: createExchangeStore({ database, seal, random: Math.random }),
    onNews: ({ id }: Connection) => void news.push(id),
  }
  const pairing = {
    pairings: createPairingStore(database, seal),
    clock,
    entropy: randomBytes,
    hash: (text: string) => createHash('sha256').update(text).digest('hex'),
    requireEndpoint: addresses.requireUrl,
  }
  const calls = createShopCalls({
    ...accepting,
    shop,
    clock,
    commands: createCommands(database),
    onCalled: (_, outcome) => void called.push(outcome),
    onError: (_, error) => void logged.push(String(error)),
  })
  const log = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`)
  const app: FastifyInstance = createServer({
    log: { warn: log, error: log },
    trustedProxies: [],
    health: {
      checkReady: async () => {
        await database.read.selectFrom('meta').select('key').limit(1).execute()
        if (broken) throw new Error('disk full')
      },
    },
    bridge: { ...accepting, clock },
    pair: pairing,
    api: { isToken: async () => false, findIncidents: async () => undefined },
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const sent = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
  }

  let attempts = 0
  return {
    url,
    database,
    connection,
    clock,
    calls,
    called,
    shop,
    pairing,
    news,
    logged,
    change,
    post,
    moveClock: (ms) => {
      nowMs += ms
    },
    async read() {
      const found = await findConnection(database, seal, connection)
      if (found === undefined) throw new Error('the connection is gone')
      return found
    },
    giveAccount: () =>
      database.write(async (tx) => {
        const accountId = await putAccount(tx, { baseUrl: 'http://127.0.0.1:1', clientId: 'test' }, nowMs)
        await changeConnection(tx, seal, connection, { accountId }, nowMs)
      }),
    pairingCode: async () => (await createPairingCode(connection, url, pairing)).text,
    exchange(body, attempt = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      attempts += 1
      const named = attempt.connection === undefined ? connection : attempt.connection
      return post('/bridge/v1/exchange', attempt.sentBody ?? text, {
        ...sign(
          attempt.secrets ?? [secret],
          attempt.webhookId ?? `msg_${attempts}`,
          attempt.timestampSec ?? Math.floor(nowMs / 1000),
          text,
        ),
        ...(named === null ? {} : { 'amobridge-connection': named }),
        ...attempt.headers,
      })
    },
    async callShops() {
      await calls.begin(new AbortController().signal)
      await calls.idle()
    },
    breakWrites: (now) => {
      broken = now
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      await shop.close()
      await temp[Symbol.asyncDispose]()
    },
  }
}
