import { SyncError } from '../../core/failure.ts'
import type { ConnectionId } from '../../core/ids.ts'
import type { Lane } from '../../ports/lane.ts'
import type { QueueItem } from '../../ports/queue.ts'
import { createDeals } from './create-deals.ts'
import { failPush, holdPush } from './end-push.ts'
import { findPeople, releasePerson } from './find-people.ts'
import { loadPushes } from './load-pushes.ts'
import { alive, incident, type Push, type PushContext, type PushDeps, type Run, step } from './push.ts'
import { recoverDeals } from './recover-deals.ts'
import { updateDeals } from './update-deals.ts'
import { writeNotes } from './write-notes.ts'

/**
 * Makes the CRM show the newest snapshot of these orders; at most one create per order, whatever fails (docs/delivery.md). Settles each item.
 * Throws CrmAccountError or MarkerRefusedError when the whole account is closed: the items wait then, with no attempt spent. Every step may run twice.
 */
export async function pushOrders(
  items: QueueItem[],
  lane: Lane,
  deps: PushDeps,
  contextOf: (connection: ConnectionId) => PushContext | undefined,
  signal: AbortSignal,
): Promise<void> {
  const run: Run = { lane, deps, signal, pushes: [] }
  run.pushes = await loadPushes(run, items, contextOf)
  try {
    await guarded(run, recoverDeals)
    await guarded(run, findPeople)
    await guarded(run, createDeals)
    await guarded(run, updateDeals)
    await guarded(run, writeNotes)
  } catch (error) {
    if (!(error instanceof SyncError) || error.scope !== 'account') throw error
    for (const push of alive(run.pushes)) await holdPush(run, push, error.message)
    await settle(run)
    throw error
  } finally {
    for (const push of run.pushes) releasePerson(run, push)
  }
  for (const push of alive(run.pushes)) push.outcome = { kind: 'done' }
  await settle(run)
}

/** A step that fails as a whole (a reading that was refused) fails its items, not the worker. */
async function guarded(run: Run, work: (run: Run, pushes: Push[]) => Promise<unknown>): Promise<void> {
  try {
    if (alive(run.pushes).length > 0) await work(run, run.pushes)
  } catch (error) {
    run.signal.throwIfAborted()
    if (isOfAccount(error) || !(error instanceof SyncError)) throw error
    for (const push of alive(run.pushes)) await failPush(run, push, error)
  }
}

const isOfAccount = (error: unknown) => error instanceof SyncError && error.scope === 'account'

async function settle(run: Run): Promise<void> {
  const ended = run.pushes.flatMap((push) => (push.outcome === null ? [] : [{ push, outcome: push.outcome }]))
  const failed = ended.filter(({ outcome }) => outcome.kind === 'failed')
  await run.deps.store.save(run.lane, {
    settle: ended.map(({ push, outcome }) => ({ item: push.item, outcome })),
    timeline: ended.flatMap(({ push, outcome }) =>
      outcome.kind === 'done' ? [] : [step(push, outcome.kind === 'failed' ? 'failed' : 'waits', { reason: outcome.reason })],
    ),
    incidents: failed.map(({ push, outcome }) =>
      incident(push, 'order-failed', { reason: outcome.kind === 'failed' ? outcome.reason : '' }),
    ),
    closeIncidents: ended.flatMap(({ push, outcome }) =>
      outcome.kind === 'done' ? [{ connection: push.item.connection, code: 'order-failed', entity: push.item.entityKey }] : [],
    ),
  })
}
