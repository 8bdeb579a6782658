import { CrmRejectedError, CrmUnavailableError } from '../../core/crm-failure.ts'
import { companyId, contactId } from '../../core/ids.ts'
import { afterNotFound } from '../../core/lost-create.ts'
import type { Call, CompanyWrite, ContactWrite } from '../../ports/crm.ts'
import type { Intent, Writes } from '../../ports/push-store.ts'
import { contactReadingAgeMs } from '../contact-index.ts'
import { failPush, holdPush, isUnsent } from './end-push.ts'
import { companyOf, contactOf } from './new-deal.ts'
import { companyAt, madeContact } from './parties.ts'
import { alive, createCall, createLimitMs, type Push, type Run } from './push.ts'
import { sendMending } from './send-mending.ts'

/** What is made by a request of its own before the deal: contacts, or companies. */
interface Party<Write> {
  kind: 'contact' | 'company'
  /** null: this order needs none made. */
  wanted(push: Push): Write | null
  /** What was found since by its own identifiers: the phone or e-mail, the INN. */
  foundId(push: Push): number | null
  send(run: Run, items: { key: string; write: Write }[], call: Call): Promise<{ key: string; id: number }[]>
  /** Puts the new one on the order. Answers what is to be remembered. */
  keep(push: Push, id: number, nowMs: number): Writes
}

const contacts: Party<ContactWrite> = {
  kind: 'contact',
  wanted: (push) => {
    const contact = contactOf(push)
    return contact !== null && 'create' in contact ? contact.create : null
  },
  foundId: ({ person }) => person?.contact?.id ?? null,
  send: async ({ deps }, items, call) => {
    const made = await deps.crm.createContacts(
      items.map(({ key, write }) => ({ key, contact: write })),
      call,
    )
    return made.map((row) => ({ key: row.key, id: row.contactId }))
  },
  keep: (push, id, nowMs) => {
    const made = madeContact(push, { contactId: contactId(id), companyId: null }, nowMs)
    if (push.person !== null) push.person.contact = made[0]?.contact ?? null
    return { contacts: made }
  },
}

const companies: Party<CompanyWrite> = {
  kind: 'company',
  wanted: (push) => {
    const company = companyOf(push)
    return company !== null && 'create' in company ? company.create : null
  },
  foundId: ({ person }) => person?.companyId ?? null,
  send: async ({ deps }, items, call) => {
    const made = await deps.crm.createCompanies(
      items.map(({ key, write }) => ({ key, company: write })),
      call,
    )
    return made.map((row) => ({ key: row.key, id: row.companyId }))
  },
  keep: (push, id) => {
    if (push.person !== null) push.person.companyId = id
    return { companies: companyAt(push, companyId(id)) }
  },
}

/** Makes the contacts and companies that new deals need, by requests of their own. Afterwards each order that is still alive has the ids. */
export async function makeParties(run: Run, pushes: Push[]): Promise<void> {
  await makeOf(run, pushes, companies)
  await makeOf(run, pushes, contacts)
}

async function makeOf<Write>(run: Run, pushes: Push[], party: Party<Write>): Promise<void> {
  await settleLost(run, pushes, party)
  const wanting = alive(pushes).filter((push) => party.wanted(push) !== null)
  const sent = await sendMending(run, wanting, (batch) => makeBatch(run, batch, party))
  const now = await run.deps.store.now()
  for (const { pushes: batch, result } of sent) {
    for (const push of batch) {
      const id = result.made.find(({ key }) => key === push.marker)?.id
      const intent = result.intents.find(({ key }) => key === push.marker)
      if (intent === undefined) continue
      if (id === undefined) {
        // The answer does not name it: it may exist. The intent stays open, and it is looked for before it is made again.
        const reason = `amoCRM's answer does not name the ${party.kind} of order ${push.stored.order.number}`
        await failPush(run, push, new CrmUnavailableError(reason, { when: 'backoff' }))
        continue
      }
      push.unanswered = false
      const writes = party.keep(push, id, now)
      await run.deps.store.save(run.lane, { ...writes, closeIntents: [{ id: intent.id, state: 'done', crmId: id }] })
    }
  }
}

async function makeBatch<Write>(run: Run, batch: Push[], party: Party<Write>) {
  // What amoCRM refused may have left nothing to make.
  const items = batch.flatMap((push) => {
    const write = party.wanted(push)
    return write === null ? [] : [{ push, key: push.marker, write }]
  })
  if (items.length === 0) return { intents: [], made: [] }
  const call = createCall(run)
  // A crash after this line: the next run looks for the person by phone or e-mail, for the company by INN, before it makes another.
  const intents = await run.deps.store.beginIntents(
    run.lane,
    items.map(({ push, key }) => ({
      connection: push.item.connection,
      kind: party.kind,
      key,
      entityKey: push.item.entityKey,
      floor: 0,
      limitMs: createLimitMs(run),
      sent: null,
    })),
  )
  for (const { push } of items) push.unanswered = true
  try {
    return { intents, made: await party.send(run, items, call) }
  } catch (error) {
    if (isUnsent(error) || error instanceof CrmRejectedError) {
      await run.deps.store.save(run.lane, { closeIntents: intents.map(({ id }) => ({ id, state: 'unsent', crmId: null })) })
      for (const { push } of items) push.unanswered = false
    }
    throw error
  }
}

/** Creates of an earlier run whose answers were lost. The buyers were just looked for: who is there now is there, who is not is waited for. */
async function settleLost<Write>(run: Run, pushes: Push[], party: Party<Write>): Promise<void> {
  const lost = alive(pushes).flatMap((push) => push.lost.filter(({ kind }) => kind === party.kind).map((intent) => ({ push, intent })))
  if (lost.length === 0) return
  const readAtMs = (await run.deps.store.now()) - contactReadingAgeMs
  for (const { push, intent } of lost) {
    const found = party.foundId(push)
    if (found !== null) await close(run, intent, 'done', found)
    else await concludeOrWait(run, push, intent, readAtMs)
  }
}

const close = (run: Run, { id }: Intent, state: 'done' | 'absent', crmId: number | null) =>
  run.deps.store.save(run.lane, { closeIntents: [{ id, state, crmId }] })

async function concludeOrWait(run: Run, push: Push, intent: Intent, readAtMs: number): Promise<void> {
  const state = afterNotFound(intent, readAtMs)
  if (state.kind === 'absent') return close(run, intent, 'absent', null)
  push.unanswered = true
  await run.deps.store.save(run.lane, { absentOnce: [{ id: intent.id, atMs: readAtMs }] })
  await holdPush(
    run,
    push,
    `an answer of amoCRM was lost: making sure that the ${intent.kind} is not there before sending it again`,
    state.againAtMs - readAtMs,
  )
}
