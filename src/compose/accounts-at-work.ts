import { randomUUID } from 'node:crypto'
import type { CrmAccountError } from '../core/crm-failure.ts'
import type { AccountId, ConnectionId } from '../core/ids.ts'
import { defaultRequestsPerSecond } from '../core/settings/defaults.ts'
import { missingFields } from '../core/settings/own-fields.ts'
import { renderProblem } from '../core/settings/problems.ts'
import { WrittenConnection } from '../core/settings/written.ts'
import type { Account, AccountState } from '../ports/accounts.ts'
import type { Connection } from '../ports/connections.ts'
import { findAccount, listAccounts, saveAccountState, saveDirectory } from '../storage/accounts.ts'
import { listConnections } from '../storage/connections.ts'
import { closeIncidents, openIncident } from '../storage/incidents.ts'
import { createLanes } from '../storage/lanes.ts'
import { createPushStore } from '../storage/push-store.ts'
import { createQueue } from '../storage/queue.ts'
import { createBatchSize } from '../sync/push-orders/batch-size.ts'
import { MarkerRefusedError } from '../sync/push-orders/marker-refused.ts'
import { createPersonLocks } from '../sync/push-orders/person-locks.ts'
import type { PushContext } from '../sync/push-orders/push.ts'
import { type AccountWorker, startAccountWorker } from '../worker/account-worker.ts'
import type { Log } from '../worker/log.ts'
import { type AccountRuntime, createAccountRuntime } from './account-runtime.ts'
import type { App } from './open-app.ts'
import { createPushContext } from './push-contexts.ts'

const directoryKeptMs = 60 * 60_000
/** amoCRM's own time limit for a write, as the client keeps it. */
const writeLimitMs = 20_000
const hourMs = 60 * 60_000
const lookEveryMs = 1_000

const markerAgainMs = 60_000

interface MarkerState {
  refused: boolean
  /** When the account was read again for it. */
  readAgainAtMs: number
}

interface Working {
  worker: AccountWorker & { ended: Promise<void> }
  runtime: AccountRuntime
  contexts: Map<ConnectionId, PushContext>
  /** Of the settings the contexts were made from. */
  stamp: string
  stop: AbortController
}

/** Works every account that has a connection switched on, as far as its lane is free; takes settings up within two seconds. */
export function startAccounts(app: App, log: Log, signal: AbortSignal): { wake(account: AccountId | null): void; ended: Promise<void> } {
  const working = new Map<AccountId, Working>()
  const owner = randomUUID()

  async function look(): Promise<void> {
    const connections = await listConnections(app.database, app.seal)
    for (const account of await listAccounts(app.database)) {
      const own = connections.filter(({ accountId, mode }) => accountId === account.id && mode !== 'off')
      const known = working.get(account.id)
      if (own.length === 0) known?.stop.abort()
      else if (known === undefined) await begin(account, own)
      else await takeUpSettings(known, account, own)
    }
  }

  async function begin(account: Account, own: Connection[]): Promise<void> {
    const runtime = await createAccountRuntime(app, account, slowest(own))
    const stop = new AbortController()
    const ending = AbortSignal.any([signal, stop.signal])
    const contexts = new Map<ConnectionId, PushContext>()
    const marker: MarkerState = { refused: false, readAgainAtMs: -Infinity }
    const worker = startAccountWorker(
      {
        accountId: account.id,
        owner,
        clock: app.clock,
        lanes: createLanes(app.database),
        queue: createQueue(app.database),
        push: {
          crm: runtime.crm,
          store: createPushStore(app.database),
          clock: app.clock,
          random: Math.random,
          locks: createPersonLocks(app.clock),
          refusedFields: new Map(),
          batchSize: createBatchSize(app.config.dealsPerCall),
          contactReading: null,
          writeLimitMs,
        },
        holdUntil: runtime.holdUntil,
        waitingRequests: runtime.waitingRequests,
        contextOf: (connection) => contexts.get(connection),
        prepare: (preparing) => prepare(account.id, runtime, contexts, marker, preparing),
        accountState: (error) =>
          error instanceof MarkerRefusedError ? keepMarkerState(own, marker, error) : keepAccountState(account.id, own, runtime, error),
        log,
      },
      ending,
    )
    const entry: Working = { worker, runtime, contexts, stamp: stampOf(account, own), stop }
    working.set(account.id, entry)
    worker.ended
      .catch((error: unknown) => log.error({ account: account.id, error: String(error) }, 'account worker ended'))
      .finally(async () => {
        working.delete(account.id)
        await runtime.close()
      })
  }

  async function takeUpSettings(known: Working, account: Account, own: Connection[]): Promise<void> {
    const stamp = stampOf(account, own)
    if (stamp === known.stamp) return
    known.stamp = stamp
    known.runtime.reload(slowest(own))
    await makeContexts(account, known.contexts)
    known.worker.wake()
  }

  /** Reads the account if it was not read lately, makes fields of ours that are missing, and resolves the settings. */
  async function prepare(
    id: AccountId,
    runtime: AccountRuntime,
    contexts: Map<ConnectionId, PushContext>,
    marker: MarkerState,
    preparing: AbortSignal,
  ): Promise<void> {
    const account = await findAccount(app.database, id)
    if (account === undefined) return
    const call = { class: 'live-create' as const, signal: preparing }
    const fresh =
      !marker.refused &&
      account.state === 'ready' &&
      account.directoryAt !== null &&
      app.clock.now() - account.directoryAt.getTime() < directoryKeptMs
    let directory = fresh ? account.directory : await runtime.crm.readDirectory(call)
    const missing = directory === null ? [] : missingFields(directory)
    if (missing.length > 0) {
      await runtime.crm.createFields(missing, call)
      directory = await runtime.crm.readDirectory(call)
    }
    if (directory === null) return
    const read = directory
    await app.database.write(async (tx) => saveDirectory(tx, id, read, await app.database.now(tx)))
    await makeContexts({ ...account, directory }, contexts)
    if (!marker.refused) return
    marker.refused = false
    marker.readAgainAtMs = app.clock.now()
  }

  /** The account is read again at once, and the field is made if it is missing. Refused again soon after that: a person has to look. */
  async function keepMarkerState(own: Connection[], marker: MarkerState, error: MarkerRefusedError): Promise<number> {
    marker.refused = true
    if (app.clock.now() - marker.readAgainAtMs > markerAgainMs * 2) return 0
    await app.database.write(async (tx) => {
      const now = await app.database.now(tx)
      for (const { id: connection } of own)
        await openIncident(tx, { connection, code: 'marker-refused', entity: 'account', params: { reason: error.message } }, now)
    })
    return markerAgainMs
  }

  async function makeContexts(account: Account, contexts: Map<ConnectionId, PushContext>): Promise<void> {
    if (account.directory === null) return
    const own = (await listConnections(app.database, app.seal)).filter(({ accountId }) => accountId === account.id)
    for (const gone of contexts.keys()) if (!own.some(({ id }) => id === gone)) contexts.delete(gone)
    for (const connection of own) {
      const { context, problems } = createPushContext(connection, account, account.directory, new Date(app.clock.now()))
      if (context) contexts.set(connection.id, context)
      else contexts.delete(connection.id)
      await app.database.write(async (tx) => {
        const now = await app.database.now(tx)
        if (problems.length === 0) await closeIncidents(tx, { connection: connection.id, code: 'settings-problem' }, now)
        for (const problem of problems) {
          const params = { place: problem.place, reason: renderProblem(problem, 'en') }
          await openIncident(tx, { connection: connection.id, code: 'settings-problem', entity: `setting:${problem.place}`, params }, now)
        }
      })
    }
  }

  /** Remembers how the account stands, tells people, and says how long to wait before it is asked again. */
  async function keepAccountState(
    id: AccountId,
    own: Connection[],
    runtime: AccountRuntime,
    error: CrmAccountError | null,
  ): Promise<number> {
    const state: AccountState = error === null || error.reason === 'unreachable' ? 'ready' : error.reason
    await app.database.write(async (tx) => {
      const now = await app.database.now(tx)
      await saveAccountState(tx, id, state, error?.message ?? null, now)
      for (const { id: connection } of own) {
        for (const reason of ['unauthorised', 'unpaid', 'banned', 'unreachable'] as const) {
          if (error?.reason === reason)
            await openIncident(tx, { connection, code: `account-${reason}`, entity: '', params: { reason: error.message } }, now)
          else await closeIncidents(tx, { connection, code: `account-${reason}` }, now)
        }
      }
    })
    if (error === null) return 0
    const breaker = runtime.breaker()
    const openMs = breaker.state === 'open' ? breaker.untilMs - app.clock.now() : 0
    if (error.reason === 'unpaid') return hourMs
    // A new token given by a person is tried at once: settings are looked at each second, the account with them.
    return Math.max(openMs, error.reason === 'unauthorised' ? 5_000 : 1_000)
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await look().catch((error: unknown) => log.error({ error: String(error) }, 'accounts could not be looked at; again in a second'))
      await app.clock.sleep(lookEveryMs, signal).catch(() => undefined)
    }
    await Promise.allSettled([...working.values()].map(({ worker }) => worker.ended))
  }

  return {
    wake: (account) => {
      for (const [id, { worker }] of working) if (account === null || id === account) worker.wake()
    },
    ended: run(),
  }
}

/** The lowest of its connections' rates counts for the account. */
function slowest(own: Connection[]): number {
  return Math.min(
    ...own.map(({ settings }) => WrittenConnection.safeParse(settings).data?.amocrm?.requestsPerSecond ?? defaultRequestsPerSecond),
  )
}

const stampOf = (account: Account, own: Connection[]) =>
  JSON.stringify([account.directoryAt, own.map(({ id, settings, mode, proofOrder, shop }) => [id, settings, mode, proofOrder, shop.host])])
