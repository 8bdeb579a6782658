import type { DealId } from '../../core/ids.ts'
import { afterNotFound } from '../../core/lost-create.ts'
import type { SkipReason } from '../../core/plan-order.ts'
import type { Deal } from '../../ports/crm.ts'
import type { DealPair, Intent, SentCreate, Writes } from '../../ports/push-store.ts'
import { holdPush } from './end-push.ts'
import { toKnown } from './find-people.ts'
import { planPush, skipPush, viewPush } from './load-pushes.ts'
import { releaseMerged } from './merged-deals.ts'
import { companyAt } from './parties.ts'
import { alive, incident, type Push, type Run, step } from './push.ts'

/**
 * Looks for deals whose create was sent and never answered, before anything is sent again. Found: paired. Not found: the order waits until
 * it may be concluded that it is not there; other orders do not wait.
 */
export async function recoverDeals(run: Run, pushes: Push[]): Promise<void> {
  const lost = alive(pushes).flatMap((push) => push.lost.filter(isDealIntent).map((intent) => ({ push, intent })))
  if (lost.length === 0) return
  const readAtMs = await run.deps.store.now()
  const deals = await findDealsByMarker(
    run,
    Math.min(...lost.map(({ intent }) => intent.floor)),
    new Set(lost.map(({ push }) => push.marker)),
  )
  const taken = await dealsOfOthers(run, deals)
  for (const { push, intent } of lost) {
    const found = deals.get(push.marker) ?? []
    const hit = found.find(({ id }) => taken.has(id))
    if (hit) await releaseMerged(run, [{ push, dealId: hit.id, contactId: hit.mainContactId, intentId: intent.id }])
    else if (found[0]) await adopt(run, push, intent, found[0], found)
    else await concludeOrWait(run, push, intent, readAtMs)
    if (push.unwanted !== null && push.outcome === null) await letGoOrFollow(run, push, push.unwanted)
  }
}

/** A deal that carries a lost order's marker and is another order's: duplicate control put the one into the other. */
async function dealsOfOthers({ deps, lane }: Run, deals: Map<string, Deal[]>): Promise<Set<DealId>> {
  const ids = [...deals.values()].flat().map(({ id }) => id)
  const pairs = await deps.store.listPairsOfDeals(lane.accountId, ids)
  return new Set(pairs.map(({ dealId }) => dealId))
}

/** The order was deleted, archived or ruled out while its create was unanswered: a deal that came out is treated as one that was known. */
async function letGoOrFollow(run: Run, push: Push, reason: SkipReason): Promise<void> {
  const plan = planPush(push)
  if (push.pair === undefined) await skipPush(run, push, reason)
  else if (plan.kind === 'skip') await skipPush(run, push, plan.reason)
}

type DealIntent = Intent & { sent: SentCreate }
const isDealIntent = (intent: Intent): intent is DealIntent => intent.kind === 'deal' && intent.sent !== null

/** A full reading of the newest deals down to `floor`. Several of one marker: lowest id first. */
async function findDealsByMarker(run: Run, floor: number, markers: ReadonlySet<string>): Promise<Map<string, Deal[]>> {
  const found = new Map<string, Deal[]>()
  for await (const deal of run.deps.crm.listDealsByNewest({ class: 'live-create', signal: run.signal })) {
    if (deal.id <= floor) break
    const marker = markerOf(run, deal)
    if (marker !== undefined && markers.has(marker)) found.set(marker, [deal, ...(found.get(marker) ?? [])])
  }
  return found
}

function markerOf({ pushes }: Run, deal: Deal): string | undefined {
  for (const { context } of pushes) {
    const value = deal.fields.get(context.ownFields.dealKey)?.[0]?.value
    if (typeof value === 'string') return value
  }
  return undefined
}

async function adopt(run: Run, push: Push, intent: DealIntent, deal: Deal, all: Deal[]): Promise<void> {
  const pair: DealPair = {
    connection: push.item.connection,
    entityKey: push.item.entityKey,
    dealId: deal.id,
    contactId: deal.mainContactId,
    companyId: deal.companyId,
    noteId: null,
    doubt: null,
    ...intent.sent,
    state: 'live',
  }
  // The rule was chosen when the create was sent, and the order may have changed since.
  push.pair = pair
  push.unanswered = false
  push.rule = pair.rule
  push.settings = push.context.settingsForRule(pair.rule)
  viewPush(run, push)
  const others = all.filter(({ id }) => id !== deal.id).map(({ id }) => id)
  await run.deps.store.save(run.lane, {
    pairs: [pair],
    closeIntents: [{ id: intent.id, state: 'done', crmId: deal.id }],
    commands: [setDeal(push, deal.id)],
    contacts: await readContact(run, deal),
    companies: companyAt(push, deal.companyId),
    timeline: [step(push, 'deal-recovered', { deal: deal.id })],
    incidents: others.length === 0 ? [] : [incident(push, 'deals-with-one-marker', { deal: deal.id, others: others.join(', ') })],
  })
}

/** Whom the lost create made: the buyer's next order must know him, and a contact is indexed with all it holds or not at all. */
async function readContact(run: Run, { mainContactId }: Deal): Promise<NonNullable<Writes['contacts']>> {
  const person =
    mainContactId === null ? undefined : await run.deps.crm.findContact(mainContactId, { class: 'live-create', signal: run.signal })
  return person === undefined ? [] : [{ contact: toKnown(person), updatedAtMs: person.updatedAt.getTime() }]
}

async function concludeOrWait(run: Run, push: Push, intent: Intent, readAtMs: number): Promise<void> {
  const state = afterNotFound(intent, readAtMs)
  if (state.kind === 'absent') {
    const bin = await dealsInBin(run, intent.floor)
    const incidents = bin.length === 0 ? [] : [incident(push, 'deal-maybe-in-bin', { deals: bin.join(', ') })]
    await run.deps.store.save(run.lane, { closeIntents: [{ id: intent.id, state: 'absent', crmId: null }], incidents })
    push.unanswered = false
    return
  }
  await run.deps.store.save(run.lane, { absentOnce: [{ id: intent.id, atMs: readAtMs }] })
  await holdPush(
    run,
    push,
    'an answer of amoCRM was lost: making sure that the deal is not there before sending it again',
    state.againAtMs - readAtMs,
  )
}

/**
 * Deals made since, deleted since, and no order's of ours: amoCRM shows nothing of them but their ids, so whether one was this order's cannot be
 * known. The order gets its deal, and a person is told.
 */
async function dealsInBin({ deps, lane, signal }: Run, floor: number): Promise<DealId[]> {
  const ids: DealId[] = []
  for await (const id of deps.crm.listDeletedDeals({ class: 'live-create', signal })) {
    if (id <= floor) break
    ids.push(id)
  }
  const known = await deps.store.listPairsOfDeals(lane.accountId, ids)
  return ids.filter((id) => !known.some(({ dealId }) => dealId === id))
}

/** Tells the shop which deal its order is. */
export function setDeal(push: Push, dealId: DealId): NonNullable<Writes['commands']>[number] {
  const { orderId, context } = push
  return {
    connection: push.item.connection,
    orderId,
    type: 'order.set_deal',
    data: { orderId, dealId: String(dealId), dealUrl: context.dealUrl(dealId) },
  }
}
