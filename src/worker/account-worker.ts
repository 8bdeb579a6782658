import { CrmAccountError } from '../core/crm-failure.ts'
import { SyncError } from '../core/failure.ts'
import type { AccountId, ConnectionId } from '../core/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { type Lane, LaneLostError, type Lanes } from '../ports/lane.ts'
import type { Queue, QueueItem } from '../ports/queue.ts'
import { fillContactIndex } from '../sync/contact-index.ts'
import { MarkerRefusedError } from '../sync/push-orders/marker-refused.ts'
import type { PushContext, PushDeps } from '../sync/push-orders/push.ts'
import { pushOrders } from '../sync/push-orders/push-orders.ts'
import type { Log } from './log.ts'

/** Longer than a write's time limit (20 s): nothing of an earlier holder can still be on its way when the lane changes hands. */
const leaseMs = 30_000
const renewEveryMs = 8_000
/** Without news the queue is looked at this often: items of other processes and retries fall due in silence. */
const idleMs = 1_000
const deepestInFlight = 12
const triesBeforeTelling = 5
const betweenTriesMs = 1_000
const fillAgainMs = 60_000
const reviveEveryMs = 5 * 60_000

/** What stops a whole account: it is closed to us, or it does not take the marker. */
export type ClosingError = CrmAccountError | MarkerRefusedError

export interface AccountWorkerDeps {
  accountId: AccountId
  owner: string
  clock: Clock
  lanes: Lanes
  queue: Queue
  push: PushDeps
  /** By our clock: until then the lane is ours for certain, and requests may leave. */
  holdUntil(atMs: number): void
  /** Requests that wait for a slot: while there are any, work is gathered instead of sent. */
  waitingRequests(): number
  contextOf(connection: ConnectionId): PushContext | undefined
  /** Makes settings and the account's directory ready; throws CrmAccountError while the account is closed. */
  prepare(signal: AbortSignal): Promise<void>
  /** Told when the account closes (reason) and opens again (null). Answers how long to wait before asking again. */
  accountState(error: ClosingError | null): Promise<number>
  log: Log
}

export interface AccountWorker {
  /** New work may be there. */
  wake(): void
}

/** Works one account under its lane until aborted: claims, pushes, renews. Returns when the lane is lost or the signal ends it; the lane is released then. */
export function startAccountWorker(deps: AccountWorkerDeps, signal: AbortSignal): AccountWorker & { ended: Promise<void> } {
  const bell = createBell()
  return { wake: bell.ring, ended: work(deps, bell, signal) }
}

async function work(deps: AccountWorkerDeps, bell: Bell, signal: AbortSignal): Promise<void> {
  const askedAt = deps.clock.now()
  const lane = await deps.lanes.take(deps.accountId, deps.owner, leaseMs)
  if (lane === undefined) return
  deps.holdUntil(askedAt + leaseMs)
  const over = new AbortController()
  const ending = AbortSignal.any([signal, over.signal])
  const renewing = renew(deps, lane, over, ending)
  const filling = fill(deps, lane, ending)
  const reviving = revive(deps, lane, bell, ending)
  try {
    await serve(deps, lane, bell, ending)
  } catch (error) {
    if (!ending.aborted && !(error instanceof LaneLostError)) throw error
  } finally {
    over.abort()
    await Promise.allSettled([renewing, filling, reviving])
    await deps.lanes.release(lane)
  }
}

async function renew(deps: AccountWorkerDeps, lane: Lane, over: AbortController, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) {
      await deps.clock.sleep(renewEveryMs, signal)
      const askedAt = deps.clock.now()
      await deps.lanes.renew(lane, leaseMs)
      deps.holdUntil(askedAt + leaseMs)
    }
  } catch (error) {
    if (!signal.aborted) deps.log.warn({ account: deps.accountId, error: String(error) }, 'lane lost')
    over.abort(error)
  }
}

/** What failed for a reason that may pass is tried again each hour (design of the queue: docs/delivery.md). */
async function revive(deps: AccountWorkerDeps, lane: Lane, bell: Bell, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(reviveEveryMs, signal).catch(() => undefined)
    if (signal.aborted) return
    try {
      if ((await deps.queue.reviveHourly(lane)) > 0) bell.ring()
    } catch (error) {
      if (error instanceof LaneLostError) return
      deps.log.warn({ account: deps.accountId, error: String(error) }, 'failed items could not be tried again; in five minutes')
    }
  }
}

/** Until the index is full, whatever interrupts it: an account that is closed now may be open in a minute. */
async function fill(deps: AccountWorkerDeps, lane: Lane, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await fillContactIndex({ deps: deps.push, lane, signal })
    } catch (error) {
      if (signal.aborted || error instanceof LaneLostError) return
      deps.log.warn({ account: deps.accountId, error: String(error) }, 'contact index not filled yet; it goes on in a minute')
      await deps.clock.sleep(fillAgainMs, signal).catch(() => undefined)
    }
  }
}

async function serve(deps: AccountWorkerDeps, lane: Lane, bell: Bell, signal: AbortSignal): Promise<void> {
  const inFlight = new Set<Promise<void>>()
  let closed: ClosingError | null = null
  const begin = (items: QueueItem[]) => {
    const batch: Promise<void> = pushBatch(deps, lane, items, signal)
      .then((error) => {
        closed = error ?? closed
      })
      .finally(() => {
        inFlight.delete(batch)
        bell.ring()
      })
    inFlight.add(batch)
    batch.catch(() => undefined) // awaited below
  }

  try {
    await open(deps, signal)
    while (!signal.aborted) {
      if (closed !== null) {
        await Promise.all(inFlight)
        const waitMs = await deps.accountState(closed)
        closed = null
        await deps.clock.sleep(waitMs, signal)
        await open(deps, signal)
        await deps.queue.reviveAfterRecovery(lane)
      }
      // Gathered while requests are the bottleneck, at once when they are not.
      const free = inFlight.size < deepestInFlight && deps.waitingRequests() === 0
      const items = free ? await deps.queue.claim(lane, { types: ['order'], limit: deps.push.batchSize.current(), except: new Set() }) : []
      if (items.length > 0) begin(items)
      else await bell.wait(await pauseMs(deps), deps.clock, signal)
    }
  } finally {
    await Promise.allSettled(inFlight)
  }
}

/** Asks until the account answers: its items wait in the queue meanwhile and spend no attempt. People hear of it when it is no passing thing. */
async function open(deps: AccountWorkerDeps, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await deps.prepare(signal)
      await deps.accountState(null)
      return
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof SyncError && error.scope === 'item' && tries < triesBeforeTelling) {
        await deps.clock.sleep(betweenTriesMs, signal)
        continue
      }
      const known = error instanceof CrmAccountError ? error : new CrmAccountError('unreachable', String(error), { cause: error })
      deps.log.warn({ account: deps.accountId, reason: known.reason, message: known.message }, 'account closed; its items wait')
      await deps.clock.sleep(await deps.accountState(known), signal)
    }
  }
}

async function pauseMs(deps: AccountWorkerDeps): Promise<number> {
  const due = await deps.queue.nextDueAtMs(deps.accountId)
  const now = await deps.push.store.now()
  return due === undefined || due <= now ? idleMs : Math.min(idleMs, due - now)
}

/** One batch. Answers the error that closed the account, if one did. A bug fails its items, for a person to see; the hourly round tries them again. */
async function pushBatch(deps: AccountWorkerDeps, lane: Lane, items: QueueItem[], signal: AbortSignal): Promise<ClosingError | undefined> {
  try {
    await pushOrders(items, lane, deps.push, deps.contextOf, signal)
    return undefined
  } catch (error) {
    if (error instanceof CrmAccountError || error instanceof MarkerRefusedError) return error
    if (error instanceof LaneLostError) throw error
    signal.throwIfAborted()
    deps.log.error({ account: deps.accountId, items: items.map(({ id }) => id), error }, 'push failed by a bug; its items are failed')
    await failItems(deps, lane, items, error instanceof Error ? `${error.name}: ${error.message}` : String(error), signal)
    return undefined
  }
}

/** Until it is written: the database itself may be what failed, and an item left running would never come again under this lane. */
async function failItems(deps: AccountWorkerDeps, lane: Lane, items: QueueItem[], reason: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await deps.push.store.save(lane, {
        settle: items.map((item) => ({ item, outcome: { kind: 'failed', reason, attempts: item.attempts + 1, recoverable: true } })),
        incidents: items.map((item) => ({
          connection: item.connection,
          code: 'order-failed',
          entity: item.entityKey,
          params: { order: item.entityKey, reason },
        })),
      })
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof LaneLostError) throw error
      deps.log.error({ account: deps.accountId, error: String(error) }, 'failed items could not be written down; again in a second')
      await deps.clock.sleep(betweenTriesMs, signal)
    }
  }
}

interface Bell {
  ring(): void
  wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void>
}

/** Rung by whoever brings work; a ring while nobody waits is not lost. */
function createBell(): Bell {
  let rung = false
  let wakeUp: AbortController | undefined
  return {
    ring() {
      rung = true
      wakeUp?.abort()
    },
    async wait(ms, clock, signal) {
      if (!rung) {
        wakeUp = new AbortController()
        await clock.sleep(ms, AbortSignal.any([signal, wakeUp.signal])).catch(() => undefined)
        wakeUp = undefined
      }
      rung = false
      signal.throwIfAborted()
    },
  }
}
