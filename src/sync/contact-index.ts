import type { Call } from '../ports/crm.ts'
import { toKnown } from './push-orders/find-people.ts'
import type { Run } from './push-orders/push.ts'

/** Rows changed within the same second as the watermark may still come: reading goes this far below it. */
const overlapMs = 5_000
/** At most one reading a second: strangers of the same second share it. */
const refreshEveryMs = 1_000
/** What was read for a stranger may be this old. */
export const contactReadingAgeMs = refreshEveryMs

/** The latest reading of an account's contacts for a stranger: who comes within the same second shares it. */
export interface ContactReading {
  /** By the database's clock. */
  atMs: number
  done: Promise<void>
}

/**
 * Reads contacts changed since the watermark, newest first, so that a stranger of ours who was made by somebody else is known before we make him.
 * Answers whether the index is complete; false: it was never filled, so a search is needed.
 */
export async function refreshContacts(run: Run): Promise<boolean> {
  const { deps, lane } = run
  const marks = await deps.store.getMarks(lane.accountId)
  if (marks['contacts-complete'] === undefined) return false
  const now = await deps.store.now()
  if (deps.contactReading === null || now - deps.contactReading.atMs >= refreshEveryMs)
    deps.contactReading = { atMs: now, done: readChanged(run, marks['contacts-read-until'] ?? 0) }
  try {
    await deps.contactReading.done
  } catch (error) {
    deps.contactReading = null
    throw error
  }
  return true
}

async function readChanged({ deps, lane, signal }: Run, watermark: number): Promise<void> {
  const contacts = []
  let newest = watermark
  for await (const person of deps.crm.listContactsByChange({ class: 'live-create', signal })) {
    const updatedAtMs = person.updatedAt.getTime()
    if (updatedAtMs < watermark - overlapMs) break
    newest = Math.max(newest, updatedAtMs)
    contacts.push({ contact: toKnown(person), updatedAtMs })
  }
  await deps.store.save(lane, { contacts, marks: { 'contacts-read-until': newest } })
}

/**
 * Reads the whole base once, a page at a time; a restart goes on where it stopped. Orders do not wait for it. The first page is read like live
 * work: a small base is known before the first order looks for its buyer.
 */
export async function fillContactIndex({ deps, lane, signal }: Pick<Run, 'deps' | 'lane' | 'signal'>): Promise<void> {
  const marks = await deps.store.getMarks(lane.accountId)
  if (marks['contacts-complete'] !== undefined) return
  const startedAtMs = marks['contacts-read-until'] ?? (await deps.store.now())
  await deps.store.save(lane, { marks: { 'contacts-read-until': startedAtMs } })
  const fromPage = (marks['contacts-filled-pages'] ?? 0) + 1
  let pages = 0
  const call: Call = {
    signal,
    get class() {
      return pages === 0 ? 'live-create' : 'index-fill'
    },
  }
  for await (const { page, contacts } of deps.crm.listContactsById(fromPage, call)) {
    pages += 1
    await deps.store.save(lane, {
      contacts: contacts.map((person) => ({ contact: toKnown(person), updatedAtMs: person.updatedAt.getTime() })),
      marks: { 'contacts-filled-pages': page },
    })
  }
  await deps.store.save(lane, { marks: { 'contacts-complete': await deps.store.now() } })
}
