import { CrmRejectedError, CrmUnavailableError, CrmUnknownOutcomeError } from '../../core/crm-failure.ts'
import type { CreatedDeal } from '../../ports/crm.ts'
import type { AccountMark, DealPair, Intent, Writes } from '../../ports/push-store.ts'
import { failPush, isUnsent } from './end-push.ts'
import { viewIncidents } from './load-pushes.ts'
import { makeParties } from './make-parties.ts'
import { type Merged, releaseMerged } from './merged-deals.ts'
import { createdFrom, toNewDeal } from './new-deal.ts'
import { companyAt, madeContact } from './parties.ts'
import { alive, createCall, createLimitMs, type Push, type Run, step } from './push.ts'
import { setDeal } from './recover-deals.ts'
import { sendMending } from './send-mending.ts'

type Marks = Partial<Record<AccountMark, number>>

/**
 * Makes the deals that are missing, fifty a request, each with its contact and company. At most one create per order, whatever fails.
 * An account that once merged an order into another deal gets its contacts and companies first, by requests of their own: duplicate control
 * does not look at those (docs/delivery.md).
 */
export async function createDeals(run: Run, pushes: Push[]): Promise<void> {
  const missing = alive(pushes).filter(({ pair, person }) => pair === undefined && person !== null)
  if (missing.length === 0) return
  const marks = await run.deps.store.getMarks(run.lane.accountId)
  const plain = marks['duplicate-control'] !== undefined
  if (plain) await makeParties(run, missing)
  const floor = await knownFloor(run, marks)
  const sent = await sendMending(run, alive(missing), (batch) => createBatch(run, batch, floor, plain))
  for (const { pushes: batch, result } of sent) await remember(run, batch, result.created, result.intents)
}

/** The highest deal id known before sending. Only the very first create of an account has to ask. */
async function knownFloor(run: Run, marks: Marks): Promise<number> {
  if (marks['highest-deal'] !== undefined) return marks['highest-deal']
  let highest = 0
  for await (const deal of run.deps.crm.listDealsByNewest({ class: 'live-create', signal: run.signal })) {
    highest = deal.id
    break
  }
  await run.deps.store.save(run.lane, { marks: { 'highest-deal': highest } })
  return highest
}

interface Created {
  created: CreatedDeal[]
  intents: Map<string, Intent>
}

async function createBatch(run: Run, batch: Push[], floor: number, plain: boolean): Promise<Created> {
  const call = createCall(run, batch[0]?.item.class)
  // A crash after this line leaves intents without an answer: the next run looks for the markers before it sends again.
  const intents = await run.deps.store.beginIntents(
    run.lane,
    batch.map((push) => ({
      connection: push.item.connection,
      kind: 'deal' as const,
      key: push.marker,
      entityKey: push.item.entityKey,
      floor,
      limitMs: createLimitMs(run),
      sent: createdFrom(push),
    })),
  )
  const byMarker = new Map(intents.map((intent) => [intent.key, intent]))
  for (const push of batch) push.unanswered = true
  const startedAt = run.deps.clock.now()
  const noteAnswer = (tooHeavy: boolean) =>
    run.deps.batchSize.note({ items: batch.length, tookMs: run.deps.clock.now() - startedAt, tooHeavy })
  try {
    const items = batch.map(toNewDeal)
    const created = plain ? await run.deps.crm.createDeals(items, call) : await run.deps.crm.createDealsComplex(items, call)
    noteAnswer(false)
    return { created, intents: byMarker }
  } catch (error) {
    if (error instanceof CrmUnknownOutcomeError) noteAnswer(error.tooHeavy)
    if (isUnsent(error))
      await run.deps.store.save(run.lane, { closeIntents: intents.map(({ id }) => ({ id, state: 'unsent', crmId: null })) })
    if (isUnsent(error) || error instanceof CrmRejectedError) for (const push of batch) push.unanswered = false
    throw error
  }
}

type CreateWrites = Required<
  Pick<Writes, 'pairs' | 'closeIntents' | 'contacts' | 'companies' | 'commands' | 'timeline' | 'incidents' | 'closeIncidents'>
>

async function remember(run: Run, batch: Push[], created: CreatedDeal[], intents: Map<string, Intent>): Promise<void> {
  const connections = new Set(batch.map(({ item }) => item.connection))
  const writes: CreateWrites = {
    pairs: [],
    closeIntents: [],
    contacts: [],
    companies: [],
    commands: [],
    timeline: [],
    incidents: [],
    closeIncidents: [...connections].map((connection) => ({ connection, code: 'marker-refused', entity: 'account' })),
  }
  const now = await run.deps.store.now()
  const taken = await dealsOfOthers(run, created)
  const merged: Merged[] = []
  for (const push of batch) {
    const row = created.find(({ key }) => key === push.marker)
    const intent = intents.get(push.marker)
    if (row === undefined || intent === undefined) {
      // The answer does not name this order: it may exist. The intent stays open and is looked for.
      await failPush(
        run,
        push,
        new CrmUnavailableError(`amoCRM's answer does not name order ${push.stored.order.number}`, { when: 'backoff' }),
      )
      continue
    }
    push.unanswered = false
    if (row.merged || taken.has(row.dealId)) {
      merged.push({ push, dealId: row.dealId, contactId: row.contactId, intentId: intent.id })
      continue
    }
    taken.add(row.dealId)
    push.pair = toPair(push, row)
    writes.pairs.push(push.pair)
    writes.closeIntents.push({ id: intent.id, state: 'done', crmId: row.dealId })
    writes.commands.push(setDeal(push, row.dealId))
    writes.timeline.push(step(push, 'deal-created', { deal: row.dealId, contact: row.contactId }))
    writes.incidents.push(...viewIncidents(push))
    writes.contacts.push(...madeContact(push, row, now))
    writes.companies.push(...companyAt(push, row.companyId))
  }
  const highest = Math.max(0, ...created.map(({ dealId }) => dealId))
  await run.deps.store.save(run.lane, { ...writes, marks: { 'highest-deal': highest } })
  await releaseMerged(run, merged)
}

/** An answer that names a deal of another order is a merge too, whatever it says. */
async function dealsOfOthers(run: Run, created: CreatedDeal[]): Promise<Set<number>> {
  const pairs = await run.deps.store.listPairsOfDeals(
    run.lane.accountId,
    created.map(({ dealId }) => dealId),
  )
  return new Set(pairs.map(({ dealId }) => dealId))
}

function toPair(push: Push, row: CreatedDeal): DealPair {
  return {
    connection: push.item.connection,
    entityKey: push.item.entityKey,
    dealId: row.dealId,
    contactId: row.contactId ?? push.person?.contact?.id ?? null,
    companyId: row.companyId,
    noteId: null,
    doubt: null,
    ...createdFrom(push),
    state: 'live',
  }
}
