import { CrmUnavailableError } from '../../core/crm-failure.ts'
import { afterNoteAnswered, noDoubt } from '../../core/doubt.ts'
import { fingerprint } from '../../core/fingerprint.ts'
import type { NoteId } from '../../core/ids.ts'
import { afterNotFound } from '../../core/lost-create.ts'
import { afterSending } from '../../core/plan-deal.ts'
import type { NoteWrite } from '../../ports/crm.ts'
import type { DealPair } from '../../ports/push-store.ts'
import { failPush, holdPush, isUnsent } from './end-push.ts'
import { alive, createCall, createLimitMs, type Push, type Run, step } from './push.ts'
import { sendMending } from './send-mending.ts'

/** Keeps the one note of each deal true: made once, patched afterwards. */
export async function writeNotes(run: Run, pushes: Push[]): Promise<void> {
  await recoverNotes(run, pushes)
  const stale = alive(pushes).filter((push) => push.pair !== undefined && isStale(push, push.pair))
  await createNotes(
    run,
    stale.filter(({ pair }) => pair?.noteId === null),
  )
  await patchNotes(
    run,
    alive(stale).filter((push) => push.pair !== undefined && push.pair.noteId !== null && isStale(push, push.pair)),
  )
}

function isStale({ view }: Push, pair: DealPair): boolean {
  return view.deal.note !== null && (fingerprint(view.deal.note) !== pair.sent.noteHash || pair.doubt?.note === true)
}

function toNote(push: Push): Omit<NoteWrite, 'key'> | undefined {
  return push.pair && push.view.deal.note !== null
    ? { dealId: push.pair.dealId, service: push.context.shopName, text: push.view.deal.note }
    : undefined
}

async function createNotes(run: Run, pushes: Push[]): Promise<void> {
  const sent = await sendMending(run, pushes, async (batch) => {
    const call = createCall(run)
    // A crash after this line: the next run looks for the marked note at the deal before it writes another.
    const intents = await run.deps.store.beginIntents(
      run.lane,
      batch.map(({ item, marker }) => ({
        connection: item.connection,
        kind: 'note' as const,
        key: marker,
        entityKey: item.entityKey,
        floor: 0,
        limitMs: createLimitMs(run),
        sent: null,
      })),
    )
    const notes = batch.flatMap((push) => {
      const note = toNote(push)
      return note ? [{ key: push.marker, ...note }] : []
    })
    try {
      return { intents, created: await run.deps.crm.createNotes(notes, call) }
    } catch (error) {
      if (isUnsent(error))
        await run.deps.store.save(run.lane, { closeIntents: intents.map(({ id }) => ({ id, state: 'unsent', crmId: null })) })
      throw error
    }
  })
  for (const { pushes: batch, result } of sent) {
    const pairs: DealPair[] = []
    const closeIntents = []
    for (const push of batch) {
      const noteId = result.created.find(({ key }) => key === push.marker)?.noteId
      const intent = result.intents.find(({ key }) => key === push.marker)
      if (noteId === undefined || intent === undefined || push.pair === undefined) {
        // The answer does not name this note: it may exist. The intent stays open and is looked for.
        await failPush(
          run,
          push,
          new CrmUnavailableError(`amoCRM's answer does not name the note of order ${push.stored.order.number}`, { when: 'backoff' }),
        )
        continue
      }
      pairs.push(withNote(push, push.pair, noteId))
      closeIntents.push({ id: intent.id, state: 'done' as const, crmId: noteId })
    }
    await run.deps.store.save(run.lane, { pairs, closeIntents })
  }
}

function withNote(push: Push, pair: DealPair, noteId: NoteId): DealPair {
  const noteHash = push.view.deal.note === null ? null : fingerprint(push.view.deal.note)
  push.pair = {
    ...pair,
    noteId,
    doubt: afterNoteAnswered(pair.doubt),
    sent: afterSending({ ...pair.sent, note: null }, pair.sent, noteHash),
  }
  return push.pair
}

async function patchNotes(run: Run, pushes: Push[]): Promise<void> {
  if (pushes.length === 0) return
  await noteDoubt(run, pushes)
  const sent = await sendMending(run, pushes, (batch) => {
    const items = batch.flatMap((push) => {
      const write = toNote(push)
      return write && push.pair && push.pair.noteId !== null ? [{ id: push.pair.noteId, write }] : []
    })
    return run.deps.crm.updateNotes(items, { class: 'live-update', signal: run.signal })
  })
  for (const { pushes: batch } of sent) {
    const pairs = batch.flatMap((push) => (push.pair && push.pair.noteId !== null ? [withNote(push, push.pair, push.pair.noteId)] : []))
    await run.deps.store.save(run.lane, { pairs, timeline: batch.map((push) => step(push, 'note-updated')) })
  }
}

/** A crash, or an answer that is lost after this line: the note is written again, whatever the order has become. */
async function noteDoubt(run: Run, pushes: Push[]): Promise<void> {
  const pairs = pushes.flatMap((push) => {
    if (push.pair === undefined) return []
    push.pair = { ...push.pair, doubt: { ...(push.pair.doubt ?? noDoubt), note: true } }
    return [push.pair]
  })
  await run.deps.store.save(run.lane, { pairs })
}

/** Notes whose create was never answered are known by their last line, the marker. */
async function recoverNotes(run: Run, pushes: Push[]): Promise<void> {
  const lost = alive(pushes).flatMap((push) => push.lost.filter(({ kind }) => kind === 'note').map((intent) => ({ push, intent })))
  const dealIds = lost.flatMap(({ push }) => push.pair?.dealId ?? [])
  if (dealIds.length === 0) return
  const readAtMs = await run.deps.store.now()
  const notes = await run.deps.crm.listDealNotes(dealIds, { class: 'live-create', signal: run.signal })
  for (const { push, intent } of lost) {
    const found = notes.find(({ dealId, text }) => dealId === push.pair?.dealId && text.endsWith(push.marker))
    if (found && push.pair) {
      push.pair = { ...push.pair, noteId: found.id, sent: { ...push.pair.sent, noteHash: fingerprint(found.text) } }
      await run.deps.store.save(run.lane, { pairs: [push.pair], closeIntents: [{ id: intent.id, state: 'done', crmId: found.id }] })
      continue
    }
    const state = afterNotFound(intent, readAtMs)
    if (state.kind === 'absent') {
      await run.deps.store.save(run.lane, { closeIntents: [{ id: intent.id, state: 'absent', crmId: null }] })
      continue
    }
    await run.deps.store.save(run.lane, { absentOnce: [{ id: intent.id, atMs: readAtMs }] })
    await holdPush(
      run,
      push,
      'an answer of amoCRM was lost: making sure that the note is not there before writing it again',
      state.againAtMs - readAtMs,
    )
  }
}
