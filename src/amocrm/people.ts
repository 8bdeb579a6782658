import type { Call, Person } from '../ports/crm.ts'
import type { Amo } from './amo.ts'
import { AmoNotFoundError } from './client/errors.ts'
import { type AmoPerson, listPeople, type PeopleKind, type PeopleOrder } from './client/routes/people.ts'
import { inOurWords } from './map-failure.ts'
import { toPerson } from './map-person.ts'

export const newestFirst: PeopleOrder = { by: 'id', direction: 'desc' }
export const changedLastFirst: PeopleOrder = { by: 'updated_at', direction: 'desc' }

/** Each contact or company once, also where a change between two pages repeats its row. */
export async function* listRows<T>(
  amo: Amo,
  kind: PeopleKind,
  order: PeopleOrder,
  toOurs: (row: AmoPerson) => T,
  call: Call,
): AsyncGenerator<T> {
  const seen = new Set<number>()
  for await (const { items } of listPeople(amo, kind, order, call)) {
    for (const row of items) {
      if (seen.has(row.id)) continue
      seen.add(row.id)
      yield toOurs(row)
    }
  }
}

export async function* listContactPages(amo: Amo, fromPage: number, call: Call): AsyncGenerator<{ page: number; contacts: Person[] }> {
  for await (const { page, items } of listPeople(amo, 'contacts', { by: 'id', direction: 'asc', fromPage }, call)) {
    yield { page, contacts: items.map(toPerson) }
  }
}

/** One row; a 404, which some routes answer, says the same as the usual 204. */
export async function findUnlessGone<T>(row: Promise<T | undefined>): Promise<T | undefined> {
  return await inOurWords(
    row.catch((error: unknown) => {
      if (error instanceof AmoNotFoundError) return undefined
      throw error
    }),
  )
}
