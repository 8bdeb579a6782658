import type { AccountId } from '../core/ids.ts'
import { crowdedFrom } from '../core/plan-person.ts'
import type { Sighting } from '../ports/push-store.ts'
import type { Transaction } from './database.ts'

/** Remembers with which surnames identifiers came. Answers those of too many people; of such no more surnames are kept. */
export async function noteSurnames(tx: Transaction, account: AccountId, sightings: Sighting[]): Promise<Set<string>> {
  if (sightings.length === 0) return new Set()
  const before = await crowded(tx, account, sightings)
  const fresh = sightings.filter(({ identifier }) => !before.has(identifier))
  if (fresh.length === 0) return before
  await tx
    .insertInto('identifier_surnames')
    .values(fresh.map(({ identifier, surname }) => ({ account_id: account, identifier, surname })))
    .onConflict((oc) => oc.doNothing())
    .execute()
  return crowded(tx, account, sightings)
}

async function crowded(tx: Transaction, account: AccountId, sightings: Sighting[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('identifier_surnames')
    .select('identifier')
    .where('account_id', '=', account)
    .where('identifier', 'in', [...new Set(sightings.map(({ identifier }) => identifier))])
    .groupBy('identifier')
    .having((eb) => eb.fn.countAll(), '>=', crowdedFrom)
    .execute()
  return new Set(rows.map(({ identifier }) => identifier))
}
