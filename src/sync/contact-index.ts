import type { Call } from '../ports/crm.ts'
import { toKnown } from './push-orders/find-people.ts'
import type { Run } from './push-orders/push.ts'

/** Rows changed within the same second as the watermark may still come: reading goes this far below it. */
const overlapMs = 5_000
/** At most one reading a second: strangers of the same second share it. */
const refreshEveryMs = 1_000
/** What was read for a stranger may be this old. */
export const contactReadingAgeMs = refreshEveryMs

const lastRefreshAtMs = new Map<string, number>()

/**
 * Reads contacts changed since the watermark, newest first, so that a stranger of ours who was made by somebody else is known before we make him.
 * Answers whether the index is complete; false: it was never filled, so a search is needed.
 */
export async function refreshContacts({ deps, lane, signal }: Run): Promise<boolean> {
  const marks = await deps.store.getMarks(lane.accountId)
  if (marks['contacts-complete'] === undefined) return false
  const now = await deps.store.now()
  if (now - (lastRefreshAtMs.get(lane.accountId) ?? 0) < refreshEveryMs) return true
  lastRefreshAtMs.set(lane.accountId, now)
  const until = (marks['contacts-read-until'] ?? 0) - overlapMs
  const contacts = []
  let newest = marks['contacts-read-until'] ?? 0
  for await (const person of deps.crm.listContactsByChange({ class: 'live-create', signal })) {
    const updatedAtMs = person.updatedAt.getTime()
    if (updatedAtMs < until) break
    newest = Math.max(newest, updatedAtMs)
    contacts.push({ contact: toKnown(person), updatedAtMs })
  }
  await deps.store.save(lane, { contacts, marks: { 'contacts-read-until': newest } })
  return true
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
