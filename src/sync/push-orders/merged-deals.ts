import type { ContactId, DealId } from '../../core/ids.ts'
import { orderIdOfEntity, orderMarker } from '../../core/marker.ts'
import { type KnownContact, withoutValuesOf } from '../../core/plan-person.ts'
import type { DealPair } from '../../ports/push-store.ts'
import { holdPush } from './end-push.ts'
import { toKnown } from './find-people.ts'
import { stageOf } from './new-deal.ts'
import { incident, type Push, type Run, step } from './push.ts'

/** An order that amoCRM's duplicate control put into a deal which is not its own. */
export interface Merged {
  push: Push
  dealId: DealId
  /** The main contact of that deal. */
  contactId: ContactId | null
  /** The create that was merged. */
  intentId: string
}

/**
 * Nobody's deal is overwritten for good, and the order gets its own: the deal that was hit is written anew from what its order says, or, where
 * it is nobody's of ours, loses our marker; its contact loses what it got from this buyer; the account goes over to requests that duplicate control does not look at; the order comes again
 * at once. A crash on the way leaves the create's intent open: looked for, not found above the floor, and sent again.
 */
export async function releaseMerged(run: Run, merged: Merged[]): Promise<void> {
  if (merged.length === 0) return
  const { store } = run.deps
  const owners = await store.listPairsOfDeals(
    run.lane.accountId,
    merged.map(({ dealId }) => dealId),
  )
  const ownerOf = ({ dealId, push }: Merged) =>
    owners.find((pair) => pair.dealId === dealId && !(pair.entityKey === push.item.entityKey && pair.connection === push.item.connection))
  for (const one of merged) {
    const owner = ownerOf(one)
    if (owner === undefined) await takeMarkerOut(run, one)
    else await askRepair(run, one.push, owner)
  }
  for (const [id, hits] of Map.groupBy(merged, ({ contactId }) => contactId)) if (id !== null) await restoreContact(run, id, hits)
  for (const { push } of merged) await holdPush(run, push, "amoCRM's duplicate control put the order into another deal")
  await store.save(run.lane, {
    closeIntents: merged.map(({ intentId, dealId }) => ({ id: intentId, state: 'merged', crmId: dealId })),
    marks: { 'duplicate-control': await store.now() },
    enqueue: merged.flatMap((one) => {
      const owner = ownerOf(one)
      return owner === undefined ? [] : [{ connection: owner.connection, entityKey: owner.entityKey }]
    }),
    incidents: merged.map(({ push, dealId }) => incident(push, 'duplicate-control', { deal: dealId }, 'account')),
    timeline: merged.map(({ push, dealId }) => step(push, 'deal-merged', { deal: dealId })),
  })
}

/** Committed before the merge is taken as settled: the next run of the deal's own order writes everything anew. */
async function askRepair(run: Run, push: Push, owner: DealPair): Promise<void> {
  const orderId = orderIdOfEntity(owner.entityKey) ?? owner.entityKey
  await run.deps.store.beginIntents(run.lane, [
    {
      connection: owner.connection,
      kind: 'repair',
      key: orderMarker(push.context.connection.shopKey, orderId),
      entityKey: owner.entityKey,
      floor: owner.dealId,
      limitMs: 0,
      sent: null,
      stage: stageOf(push),
    },
  ])
}

/** A deal that no order of ours has: what it held before is not known to us. Our marker goes, so that it is never taken for the order's. */
async function takeMarkerOut(run: Run, { push, dealId }: Merged): Promise<void> {
  const { dealKey, dealUrl } = push.context.ownFields
  const deal = await run.deps.crm.findDeal(dealId, { class: 'repair', signal: run.signal })
  if (deal?.fields.get(dealKey)?.[0]?.value !== push.marker) return
  const fields = [dealKey, dealUrl].flatMap((fieldId) => (fieldId === null ? [] : [{ fieldId, values: [] }]))
  await run.deps.crm.updateDeals([{ id: dealId, write: { fields } }], { class: 'repair', signal: run.signal })
}

/** amoCRM adds the buyer's phone and e-mail to the contact it found, and may overwrite the name: it gets back what the index remembers of it. */
async function restoreContact({ deps, lane, signal }: Run, id: ContactId, hits: Merged[]): Promise<void> {
  const before = await deps.store.findContact(lane.accountId, id)
  const now = before && (await deps.crm.findContact(id, { class: 'repair', signal }))
  if (before === undefined || now === undefined) return
  const buyers = hits.flatMap(({ push }) => push.person?.wanted ?? [])
  const write = withoutValuesOf(buyers, before, now)
  if (write === null) return
  await deps.crm.updateContacts([{ id, write }], { class: 'repair', signal })
  const contact: KnownContact = { ...toKnown(now), ...write }
  await deps.store.save(lane, { contacts: [{ contact, updatedAtMs: await deps.store.now() }] })
}
