import { CrmRejectedError } from '../../core/crm-failure.ts'
import { toEmail } from '../../core/fields/email.ts'
import { toE164 } from '../../core/fields/phone.ts'
import { lateCommitMs } from '../../core/lost-create.ts'
import {
  identifiers,
  isCrowd,
  type KnownContact,
  type PersonMatches,
  planPerson,
  surnameKey,
  wantedPerson,
  withoutCrowded,
} from '../../core/plan-person.ts'
import type { Person } from '../../ports/crm.ts'
import type { Writes } from '../../ports/push-store.ts'
import { refreshContacts } from '../contact-index.ts'
import { holdPush } from './end-push.ts'
import { findKnownCompanies } from './find-companies.ts'
import { viewPush } from './load-pushes.ts'
import { alive, incident, type Push, type Run } from './push.ts'
import { sendMending } from './send-mending.ts'

/** How soon an order is looked at again whose buyer is just being made by another one. */
const againMs = { 'in-flight': 200, kept: 3_000 } as const

/**
 * Finds the contact of each new order, or leaves it to be made with the deal. Holds back orders whose person is being made right now.
 * Locks persons, whatever happens then: the caller releases them when the batch is over.
 */
export async function findPeople(run: Run, pushes: Push[]): Promise<void> {
  const creating = alive(pushes).filter(({ person, pair }) => person !== null && pair === undefined)
  await leaveCrowdsOut(run, creating)
  for (const push of creating) {
    const taken = run.deps.locks.take(push.marker, lockKeys(push))
    if (taken !== 'taken') await holdPush(run, push, 'another order of the same buyer is on its way', againMs[taken])
  }
  const work = alive(creating)
  if (work.length === 0) return
  await matchPeople(run, work)
  await findKnownCompanies(run, work)
  await addToContacts(run, work)
}

/** What comes with ever other surnames stands for nobody: it is written to whoever gave it, and finds no one. */
async function leaveCrowdsOut(run: Run, pushes: Push[]): Promise<void> {
  const sightings = pushes.flatMap(({ person }) => {
    const surname = person === null ? '' : surnameKey(person.wanted)
    return person === null || surname === '' ? [] : identifiers(person.wanted).map((identifier) => ({ identifier, surname }))
  })
  if (sightings.length === 0) return
  const crowded = await run.deps.store.noteSurnames(run.lane, sightings)
  if (crowded.size > 0) for (const { person } of pushes) if (person !== null) person.wanted = withoutCrowded(person.wanted, crowded)
}

/** The batch is over for this order: its buyer is free, unless a create of it may still come out. */
export function releasePerson({ deps: { locks, clock, writeLimitMs } }: Run, push: Push): void {
  if (push.unanswered) locks.keepUntil(push.marker, lockKeys(push), clock.now() + writeLimitMs + lateCommitMs)
  else locks.release(push.marker)
}

function lockKeys({ stored, context, person }: Push): string[] {
  const { buyer } = stored.order
  return [
    ...identifiers(person?.wanted ?? wantedPerson(buyer, context.stopList)),
    ...(buyer.company?.inn ? [`inn:${buyer.company.inn}`] : []),
  ]
}

/** Contact additions decided for a push, kept until they are sent. */
const additionsOf = new WeakMap<
  Push,
  { firstName?: string; lastName?: string; phones?: KnownContact['phones']; emails?: KnownContact['emails'] }
>()

async function matchPeople(run: Run, work: Push[]): Promise<void> {
  let found = await lookUp(run, work)
  const strangers = work.filter((push) => isStranger(push, found) && push.person !== null && identifiers(push.person.wanted).length > 0)
  if (strangers.length > 0) {
    const complete = await refreshContacts(run)
    if (!complete) for (const push of strangers) await searchPerson(run, push)
    found = await lookUp(run, work)
  }
  for (const push of work) await decide(run, push, matchesOf(push, found))
}

type Found = Awaited<ReturnType<Run['deps']['store']['findContacts']>>

function lookUp(run: Run, work: Push[]): Promise<Found> {
  const phones = work.flatMap(({ person }) => person?.wanted.phoneKeys ?? [])
  const emails = work.flatMap(({ person }) => person?.wanted.emailKeys ?? [])
  return run.deps.store.findContacts(run.lane.accountId, { phones: [...new Set(phones)], emails: [...new Set(emails)] })
}

function matchesOf({ person }: Push, found: Found): PersonMatches {
  return {
    byPhone: person?.wanted.phoneKeys.flatMap((key) => unlessCrowd(found.phones.get(key))) ?? [],
    byEmail: person?.wanted.emailKeys.flatMap((key) => unlessCrowd(found.emails.get(key))) ?? [],
  }
}

const unlessCrowd = (holders: KnownContact[] = []) => (isCrowd(holders) ? [] : holders)

function isStranger(push: Push, found: Found): boolean {
  const { byPhone, byEmail } = matchesOf(push, found)
  return byPhone.length === 0 && byEmail.length === 0
}

/**
 * The road while the index is not full: amoCRM's fuzzy search, each hit verified by its own values. Numbers stand in contacts as people
 * typed them, so several spellings are tried (docs/facts/amocrm.md#finding-a-contact).
 */
async function searchPerson(run: Run, push: Push): Promise<void> {
  const { phoneKeys = [], emailKeys = [] } = push.person?.wanted ?? {}
  const queries = [...phoneKeys.flatMap(spellings), ...emailKeys]
  for (const query of queries) {
    const hits = await run.deps.crm.searchContacts(query, { class: 'live-create', signal: run.signal })
    const people = hits.filter((hit) => !hit.deleted && (holds(hit.phones, toE164, phoneKeys) || holds(hit.emails, toEmail, emailKeys)))
    if (people.length === 0) continue
    await run.deps.store.save(run.lane, {
      contacts: people.map((person) => ({ contact: toKnown(person), updatedAtMs: person.updatedAt.getTime() })),
    })
    return
  }
}

function spellings(e164: string): string[] {
  const digits = e164.replace(/\D/g, '')
  const national = digits.slice(-10)
  return e164.startsWith('+7') ? [national, `8${national}`] : [digits]
}

const holds = (values: Person['phones'], toKey: (text: string) => string | null, keys: string[]) =>
  values.some(({ value }) => keys.includes(toKey(String(value ?? '')) ?? ''))

export function toKnown(person: Person): KnownContact {
  const { id, name, firstName, lastName, phones, emails, companyId, responsibleId } = person
  return { id, name, firstName, lastName, phones, emails, companyId, responsibleId }
}

async function decide(run: Run, push: Push, matches: PersonMatches): Promise<void> {
  if (push.person === null) return
  const plan = planPerson(push.person.wanted, matches, push.context.contactRules)
  if (plan.kind !== 'use') return
  push.person.contact = plan.contact
  if (plan.additions) additionsOf.set(push, plan.additions)
  if (plan.notice?.kind === 'two-contacts') {
    const { phoneContact, emailContact } = plan.notice
    await run.deps.store.save(run.lane, {
      incidents: [incident(push, 'two-contacts', { phoneContact, emailContact }, `contact:${phoneContact}`)],
    })
  }
}

async function goWithout(run: Run, push: Push, error: CrmRejectedError): Promise<{ updated: Set<KnownContact['id']> }> {
  const { phones = [], emails = [] } = push.person?.wanted ?? {}
  push.refused.buyerLeftovers.push(...[...phones, ...emails].map((value) => ({ title: 'contact', value })))
  additionsOf.delete(push)
  viewPush(run, push)
  const detail = error.refusals[0]?.detail ?? error.message
  const params = { field: error.refusals[0]?.path ?? 'contact', detail, setting: 'contacts' }
  await run.deps.store.save(run.lane, { incidents: [incident(push, 'field-refused', params, 'setting:contacts')] })
  const contact = push.person?.contact
  return { updated: new Set(contact ? [contact.id] : []) }
}

/** Adds what is new of known buyers, whole arrays in one request: repeating it changes nothing. */
async function addToContacts(run: Run, work: Push[]): Promise<void> {
  const adding = alive(work).filter((push) => additionsOf.has(push))
  if (adding.length === 0) return
  const sent = await sendMending(run, adding, async (batch) => {
    const items = batch.flatMap((push) => {
      const contact = push.person?.contact
      return contact ? [{ id: contact.id, write: additionsOf.get(push) ?? {} }] : []
    })
    try {
      return await run.deps.crm.updateContacts(items, { class: 'live-create', signal: run.signal })
    } catch (error) {
      if (!(error instanceof CrmRejectedError)) throw error
      const [only, ...more] = batch
      // Nobody is named: each is tried alone. What the contact does not take is left to people; the deal goes to it all the same.
      if (only === undefined || more.length > 0) throw new CrmRejectedError(error.message, [], { cause: error })
      return await goWithout(run, only, error)
    }
  })
  const contacts: Writes['contacts'] = []
  const forgetContacts: Writes['forgetContacts'] = []
  const now = await run.deps.store.now()
  for (const { pushes, result } of sent) {
    for (const push of pushes) {
      const known = push.person?.contact
      if (!known || push.person === null) continue
      if (result.updated.has(known.id)) contacts.push({ contact: { ...known, ...additionsOf.get(push) }, updatedAtMs: now })
      else {
        // 200 without the item: the contact is gone from amoCRM. The next run, at once, finds or makes the person.
        forgetContacts.push(known.id)
        await holdPush(run, push, `contact ${known.id} is gone from amoCRM`)
      }
    }
  }
  await run.deps.store.save(run.lane, { contacts, forgetContacts })
}
