import { once } from 'node:events'
import { type AccountWorld, createAccountWorld } from './account-world.ts'
import { defaultHabits, type Habits } from './api-request.ts'
import { createBoard } from './board/board.ts'
import { createBoardFiles } from './board-files.ts'
import { createClock } from './clock.ts'
import { createControl } from './control.ts'
import { createFaults, type FaultRule } from './faults.ts'
import { createLimits, type Limits } from './limits.ts'
import { createRandom } from './random.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import { createAmoServer } from './server.ts'
import { createService, type Latency } from './service.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createDefaultWorld } from './world/default-world.ts'
import type { EntityKind } from './world/model.ts'

export interface AmoEmulatorOptions {
  /** 0: any free one. */
  port?: number
  host?: string
  /** Tokens and chances of faults repeat with it. */
  seed?: number
  /** The clock under the movable one; ms since epoch. */
  nowMs?: () => number
  /** `stated`: reads 150 ms, writes 200 ms and 25 ms an item. */
  latency?: 'none' | 'stated' | Latency
  requestsPerSecond?: number
  accountRequestsPerSecond?: number
  /** How long `query` does not yet find what was written. */
  searchLagMs?: number
  /** The paid filters. */
  filtersOn?: boolean
  /** The first account's long-lived token, if it has to be known beforehand; the second's is `<token>-31000002`. */
  token?: string
  habits?: Partial<Habits>
  log?: (line: string) => void
}

/** The world of the first account, and of every other. */
export type EmulatorWorld = AccountWorld & { of(accountId: number): AccountWorld; all(): readonly AccountWorld[] }

export interface AmoEmulator extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly clock: { nowMs(): number; advance(ms: number): void }
  readonly world: EmulatorWorld
  readonly faults: {
    plan(rule: FaultRule): void
    /** Every write of that field is 400, in all accounts, until `clear`. */
    /** Rules that can still strike. */
    planned(): FaultRule[]
    refuseField(field: { entity: EntityKind; fieldId: number }): void
    clear(): void
  }
  readonly limits: Limits
  readonly tokens: Tokens
  /** Calls of /api/v4 and /oauth2 only. */
  requests(): RequestLog
  maxInAnySecond(): number
  close(): Promise<void>
}

const latencies = {
  none: { readMs: 0, writeMs: 0, perItemMs: 0 },
  stated: { readMs: 150, writeMs: 200, perItemMs: 25 },
} as const

/** amoCRM over HTTP, in memory. Facts: docs/facts/amocrm.md. */
export async function startAmoEmulator(options: AmoEmulatorOptions = {}): Promise<AmoEmulator> {
  const { seed = 1, latency = 'none', searchLagMs = 0, filtersOn = false } = options
  const clock = createClock(options.nowMs ?? Date.now)
  const world = createDefaultWorld({ clock, searchLagMs: () => searchLagMs, filtersOn })
  const access = emulatorWorld([...world.accounts.values()].map(createAccountWorld))
  const limits = createLimits({
    requestsPerSecond: options.requestsPerSecond ?? 7,
    accountRequestsPerSecond: options.accountRequestsPerSecond ?? 50,
  })
  const faults = createFaults(seed)
  const requestLog = createRequestLog()
  const stop = new AbortController()
  let port = 0
  const tokens = createTokens({
    clock,
    random: createRandom(seed),
    fixedToken: options.token,
    accounts: [...world.accounts.values()].map(({ id, users }) => ({
      id,
      adminId: users.values().find(({ isAdmin }) => isAdmin)?.id ?? 0,
    })),
    apiDomain: () => `127.0.0.1:${port}`,
  })
  const service = createService({
    clock,
    world,
    tokens,
    limits,
    faults,
    log: requestLog,
    latency: typeof latency === 'string' ? latencies[latency] : latency,
    habits: { ...defaultHabits, ...options.habits },
    signal: stop.signal,
  })
  const control = createControl({ clock, world: access, limits, faults, tokens, log: requestLog })
  const board = createBoardFiles(createBoard(access))
  const server = createAmoServer(
    { service: service.answer, control, board },
    { nowMs: clock.nowMs, log: options.log ?? ((line) => process.stderr.write(`${line}\n`)) },
  )

  const host = options.host ?? '127.0.0.1'
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0

  async function close(): Promise<void> {
    stop.abort()
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  return {
    url: `http://${host}:${port}`,
    port,
    clock,
    world: access,
    faults: {
      plan: faults.plan,
      planned: () => faults.planned(),
      refuseField({ entity, fieldId }) {
        for (const account of world.accounts.values()) account.refusedFields.push({ entity, field: fieldId })
      },
      clear() {
        faults.clear()
        for (const account of world.accounts.values()) account.refusedFields.splice(0)
      },
    },
    limits,
    tokens,
    requests: () => requestLog,
    maxInAnySecond: () => requestLog.maxInAnySecond(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function emulatorWorld(worlds: AccountWorld[]): EmulatorWorld {
  const [first] = worlds
  if (first === undefined) throw new Error('a world without accounts')
  const of = (accountId: number): AccountWorld => {
    const found = worlds.find(({ account }) => account.id === accountId)
    if (found === undefined) throw new Error(`no account ${accountId}`)
    return found
  }
  return { ...first, of, all: () => worlds }
}
