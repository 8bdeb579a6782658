import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { type AmoFieldWrite, CustomFields } from './fields.ts'
import { collectionOf, listPages, type Page, withQuery } from './pages.ts'
import { createRows, updateRows } from './writes.ts'

/** Contacts and companies are the same rows to amoCRM, but for the parts of a person's name. */
const Person = z.object({
  id: z.int(),
  name: z.string().nullish(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  responsible_user_id: z.int().nullish(),
  updated_at: z.int(),
  is_deleted: z.boolean().nullish(),
  custom_fields_values: CustomFields,
  _embedded: z.object({ companies: z.array(z.object({ id: z.int() })).nullish() }).nullish(),
})
export type AmoPerson = z.infer<typeof Person>

export interface AmoPersonWrite {
  name?: string
  first_name?: string
  last_name?: string
  responsible_user_id?: number
  custom_fields_values?: AmoFieldWrite[]
}

export type PeopleKind = 'contacts' | 'companies'
export type PeopleOrder = { by: 'id' | 'updated_at'; direction: 'asc' | 'desc'; fromPage?: number }

export function getPerson<Class extends string>(
  amo: AmoClient<Class>,
  kind: PeopleKind,
  id: number,
  call: CallOptions<Class>,
): Promise<AmoPerson | undefined> {
  return amo.get(`/api/v4/${kind}/${id}`, Person, call)
}

export function listPeople<Class extends string>(
  amo: AmoClient<Class>,
  kind: PeopleKind,
  { by, direction, fromPage = 1 }: PeopleOrder,
  call: CallOptions<Class>,
): AsyncGenerator<Page<AmoPerson>> {
  return listPages(amo, { path: `/api/v4/${kind}`, key: kind, item: Person, query: { [`order[${by}]`]: direction }, fromPage }, call)
}

/** At most 50 hits of a fuzzy search over all filled fields, in no order: look at each before you trust it. */
export async function searchPeople<Class extends string>(
  amo: AmoClient<Class>,
  kind: PeopleKind,
  query: string,
  call: CallOptions<Class>,
): Promise<AmoPerson[]> {
  const found = await amo.get(withQuery(`/api/v4/${kind}`, { query, limit: 50 }), collectionOf(kind, Person), call)
  return found?.items ?? []
}

export function createPeople<Class extends string>(
  amo: AmoClient<Class>,
  kind: PeopleKind,
  people: (AmoPersonWrite & { request_id: string })[],
  call: CallOptions<Class>,
) {
  return createRows(amo, `/api/v4/${kind}`, kind, people, call)
}

export function updatePeople<Class extends string>(
  amo: AmoClient<Class>,
  kind: PeopleKind,
  people: (AmoPersonWrite & { id: number })[],
  call: CallOptions<Class>,
) {
  return updateRows(amo, `/api/v4/${kind}`, kind, people, call)
}
