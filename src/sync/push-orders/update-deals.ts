import { CrmRejectedError, CrmUnavailableError } from '../../core/crm-failure.ts'
import { type Directory, lostStatus, type Stage } from '../../core/directory.ts'
import { afterDealAnswered, allInDoubt, doubtWhileWriting } from '../../core/doubt.ts'
import { afterSending, type DealChange, planDealChange } from '../../core/plan-deal.ts'
import { basisOf, fitStage, isClosed, nextStage, stageAfterDoubt } from '../../core/plan-stage.ts'
import type { Deal, DealWrite } from '../../ports/crm.ts'
import type { DealPair, Writes } from '../../ports/push-store.ts'
import { failPush } from './end-push.ts'
import { toFieldWrites } from './new-deal.ts'
import { alive, incident, type Push, type Run, step } from './push.ts'
import { sendMending } from './send-mending.ts'

interface Update {
  change: DealChange | null
  stage: Stage | undefined
  /** Owed once the deal is in 143. */
  lossReason: number | undefined
}
const noStage = { stage: undefined, lossReason: undefined }

/** Writes to paired deals what changed since the last push, and nothing else: one request for the batch, a second one for loss reasons. */
export async function updateDeals(run: Run, pushes: Push[]): Promise<void> {
  for (const push of alive(pushes)) doubtHitDeal(push)
  const paired = alive(pushes).flatMap((push) => (push.pair === undefined ? [] : [{ push, pair: push.pair }]))
  const updates = new Map<Push, Update>()
  for (const { push, pair } of paired)
    updates.set(push, { change: planDealChange(push.view.deal, pair.sent, pair.doubt), ...(await stageToWrite(run, push, pair)) })

  const writing = alive(pushes).filter((push) => hasWork(updates.get(push)))
  const quiet = alive(pushes).filter((push) => push.pair !== undefined && !hasWork(updates.get(push)))
  await noteDoubt(run, writing, updates)
  const sent = await sendMending(run, writing, (batch) => {
    const items = batch.flatMap((push) =>
      push.pair ? [{ id: push.pair.dealId, write: toWrite(replan(push, updates.get(push)), push) }] : [],
    )
    return run.deps.crm.updateDeals(items, { class: 'live-update', signal: run.signal })
  })
  for (const { pushes: batch, result } of sent) {
    for (const push of batch) if (push.pair && !result.updated.has(push.pair.dealId)) await noteGone(run, push, push.pair)
  }
  const owing = alive(pushes).filter((push) => updates.get(push)?.lossReason !== undefined)
  await remember(
    run,
    alive([...writing, ...quiet]).filter((push) => !owing.includes(push)),
    updates,
  )
  // What is owed a reason is not done before it has it: a failure here brings the order back.
  await remember(run, await writeLossReasons(run, owing, updates), updates)
}

/** Another order's create was put into this deal: everything it shows is written anew. */
function doubtHitDeal(push: Push): void {
  const repairs = push.lost.filter(({ kind }) => kind === 'repair')
  if (push.pair === undefined || repairs.length === 0) return
  const doubt = allInDoubt(Object.keys(push.view.deal.fields))
  push.pair = { ...push.pair, doubt: { ...doubt, stages: repairs.flatMap(({ stage }) => stage ?? []) } }
}

/** A crash, or an answer that is lost after this line: the next run knows what it has to write again. */
async function noteDoubt(run: Run, writing: Push[], updates: Map<Push, Update>): Promise<void> {
  const pairs = writing.flatMap((push) => {
    if (push.pair === undefined) return []
    const { change, stage } = updates.get(push) ?? { change: null, stage: undefined }
    push.pair = { ...push.pair, doubt: doubtWhileWriting(push.pair.doubt, change, stage) }
    return [push.pair]
  })
  if (pairs.length > 0) await run.deps.store.save(run.lane, { pairs })
}

const hasWork = (update: Update | undefined) => update !== undefined && (update.change !== null || update.stage !== undefined)

/** After a refusal the view is another one: what is sent follows it. */
function replan(push: Push, update: Update | undefined): Update {
  const change = push.pair ? planDealChange(push.view.deal, push.pair.sent, push.pair.doubt) : null
  return { change, stage: push.refused.stages > 0 ? undefined : update?.stage, lossReason: update?.lossReason }
}

function toWrite({ change, stage }: Update, push: Push): DealWrite {
  return {
    ...(change?.name === undefined ? {} : { name: change.name }),
    ...(change?.price === undefined || push.refused.price ? {} : { price: change.price }),
    ...(change?.fields === undefined ? {} : { fields: toFieldWrites(change.fields) }),
    ...(change?.tagsToAdd === undefined ? {} : { tagsToAdd: change.tagsToAdd }),
    ...(stage === undefined ? {} : { stage }),
  }
}

/** The stage the order asks for, fitted to where the deal stands now: a person may have moved it. The read costs one request, and only when a stage changes. */
async function stageToWrite(run: Run, push: Push, pair: DealPair): Promise<Pick<Update, 'stage' | 'lossReason'>> {
  const { order, deleted } = push.stored
  const { stages } = push.settings
  const asked = deleted ? stages.deleted : nextStage(order, pair.basis, stages)
  const doubtful = pair.doubt?.stages ?? []
  if (asked === undefined && doubtful.length === 0) return noStage
  const deal = await run.deps.crm.findDeal(pair.dealId, { class: 'stage-read', signal: run.signal })
  if (deal === undefined || deal.deleted) {
    await noteGone(run, push, pair)
    return noStage
  }
  if (deleted && isClosed(deal.stage)) return noStage
  const wanted = asked ?? stageAfterDoubt(order, doubtful, deal.stage, stages)
  if (wanted === undefined) return noStage
  const fit = fitStage(wanted, deal.stage)
  if (fit.kind === 'other-pipeline') await tellOtherPipeline(run, push, deal)
  const stage = fit.kind === 'write' ? fit.stage : undefined
  const owed = wanted.statusId === lostStatus && (stage !== undefined || deal.lossReasonId === null)
  return { stage, lossReason: owed ? push.settings.lossReasons.cancelled : undefined }
}

async function tellOtherPipeline(run: Run, push: Push, deal: Deal): Promise<void> {
  const pipeline = pipelineName(push.context.directory, deal.stage)
  await run.deps.store.save(run.lane, {
    incidents: [incident(push, 'stage-other-pipeline', { deal: deal.id, pipeline })],
    timeline: [step(push, 'stage-left', { pipeline })],
  })
}

const pipelineName = (directory: Directory, { pipelineId }: Stage) =>
  directory.pipelines.find(({ id }) => id === pipelineId)?.name ?? String(pipelineId)

/** A person deleted or merged the deal: their decision stands, it is not made again. */
async function noteGone(run: Run, push: Push, pair: DealPair): Promise<void> {
  const again = await run.deps.crm.findDeal(pair.dealId, { class: 'stage-read', signal: run.signal })
  if (again !== undefined && !again.deleted)
    return failPush(run, push, new CrmUnavailableError(`amoCRM left deal ${pair.dealId} out of its answer`, { when: 'backoff' }))
  push.outcome = { kind: 'done' }
  await run.deps.store.save(run.lane, {
    pairs: [{ ...pair, state: 'detached' }],
    incidents: [incident(push, 'deal-gone', { deal: pair.dealId })],
    timeline: [step(push, 'deal-gone', { deal: pair.dealId })],
  })
}

async function remember(run: Run, batch: Push[], updates: Map<Push, Update>): Promise<void> {
  const pairs: DealPair[] = []
  const timeline: NonNullable<Writes['timeline']> = []
  const closeIntents: Writes['closeIntents'] = []
  for (const push of batch) {
    if (push.pair === undefined) continue
    for (const { id, kind } of push.lost) if (kind === 'repair') closeIntents.push({ id, state: 'done', crmId: push.pair.dealId })
    const update = updates.get(push)
    const basis = basisOf(push.stored.order)
    const doubt = afterDealAnswered(push.pair.doubt)
    if (!hasWork(update) && doubt === push.pair.doubt && JSON.stringify(basis) === JSON.stringify(push.pair.basis)) continue
    push.pair = { ...push.pair, basis, doubt, sent: afterSending(push.view.deal, push.pair.sent, push.pair.sent.noteHash) }
    pairs.push(push.pair)
    if (hasWork(update)) timeline.push(step(push, 'deal-updated', { deal: push.pair.dealId, what: describe(push, update) }))
  }
  if (pairs.length > 0) await run.deps.store.save(run.lane, { pairs, timeline, closeIntents })
}

function describe({ context }: Push, update: Update | undefined): string {
  const { change, stage } = update ?? { change: null, stage: undefined }
  const fields = Object.keys(change?.fields ?? {}).map(
    (id) => context.directory.fields.find((field) => field.id === Number(id))?.name ?? id,
  )
  const parts = [
    change?.name === undefined ? [] : ['name'],
    change?.price === undefined ? [] : ['price'],
    change?.tagsToAdd === undefined ? [] : ['tags'],
    fields,
  ]
  const status =
    stage && context.directory.pipelines.find(({ id }) => id === stage.pipelineId)?.statuses.find(({ id }) => id === stage.statusId)
  return [...parts.flat(), ...(status ? [status.name] : [])].join(', ')
}

/** amoCRM takes a loss reason only once the deal is in 143: a request of its own (docs/facts/amocrm.md#loss-reason). Answers who has it now, or goes without. */
async function writeLossReasons(run: Run, owing: Push[], updates: Map<Push, Update>): Promise<Push[]> {
  const sent = await sendMending(run, owing, async (batch) => {
    const items = batch.flatMap((push) => {
      const lossReasonId = updates.get(push)?.lossReason
      return lossReasonId !== undefined && push.pair ? [{ id: push.pair.dealId, write: { lossReasonId } }] : []
    })
    try {
      await run.deps.crm.updateDeals(items, { class: 'live-update', signal: run.signal })
    } catch (error) {
      if (!(error instanceof CrmRejectedError)) throw error
      const [only, ...more] = batch
      // Nobody is named: each is tried alone, and one whose reason is refused goes without it.
      if (only === undefined || more.length > 0) throw new CrmRejectedError(error.message, [], { cause: error })
      const setting = 'orders.lossReason.cancelled'
      const detail = error.refusals[0]?.detail ?? error.message
      await run.deps.store.save(run.lane, {
        incidents: [incident(only, 'field-refused', { field: 'loss_reason', setting, detail }, `setting:${setting}`)],
      })
    }
  })
  return sent.flatMap(({ pushes }) => pushes)
}
