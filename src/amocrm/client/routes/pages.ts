import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { AmoUnavailableError } from '../errors.ts'

/** amoCRM's largest page of a list. */
const pageLimit = 250

export type Query = Record<string, string | number>

/** Brackets and plus signs percent-encoded; the filters take arrays as `filter[id][0]`, `filter[id][1]`. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]))
  return search.size === 0 ? path : `${path}?${search}`
}

/** A HAL collection: `_embedded[key]`, and whether there is a next page. No address of an answer is ever followed. */
export function collectionOf<T>(key: string, item: z.ZodType<T>) {
  return z
    .object({
      _embedded: z.object({ [key]: z.array(item).nullish() }).nullish(),
      _links: z.object({ next: z.object({}).nullish() }).nullish(),
    })
    .transform((page) => ({ items: page._embedded?.[key] ?? [], hasNext: page._links?.next != null }))
}

export interface Page<T> {
  page: number
  items: T[]
}

interface List<T> {
  path: string
  key: string
  item: z.ZodType<T>
  query?: Query
}

/**
 * Pages from `fromPage` on, until there is no next one, nothing is found (204), or a page is empty. Break ends it.
 * A page that is too heavy for amoCRM (504) is read in ever smaller parts, and so are the pages after it.
 */
export async function* listPages<T, Class extends string>(
  amo: AmoClient<Class>,
  list: List<T> & { fromPage?: number },
  call: CallOptions<Class>,
): AsyncGenerator<Page<T>> {
  let parts = 1
  for (let page = list.fromPage ?? 1; ; page += 1) {
    const found = await readPage(amo, list, page, parts, call)
    parts = found.parts
    if (found.items.length === 0) return
    yield { page, items: found.items }
    if (!found.hasNext) return
  }
}

/** One page as one request or as several smaller ones, and in how many it succeeded. Fails when the smallest are still too heavy. */
async function readPage<T, Class extends string>(
  amo: AmoClient<Class>,
  list: List<T>,
  page: number,
  parts: number,
  call: CallOptions<Class>,
) {
  try {
    return { parts, ...(await readInParts(amo, list, page, parts, call)) }
  } catch (error) {
    const more = morePartsThan[parts]
    if (more === undefined || !isTooHeavy(error)) throw error
    return await readPage(amo, list, page, more, call)
  }
}

async function readInParts<T, Class extends string>(
  amo: AmoClient<Class>,
  list: List<T>,
  page: number,
  parts: number,
  call: CallOptions<Class>,
) {
  const schema = collectionOf(list.key, list.item)
  const items: T[] = []
  for (let part = 1; part <= parts; part += 1) {
    const query = { ...list.query, limit: pageLimit / parts, page: (page - 1) * parts + part }
    const found = await amo.get(withQuery(list.path, query), schema, call)
    items.push(...(found?.items ?? []))
    if (found === undefined || found.items.length === 0 || !found.hasNext) return { items, hasNext: false }
  }
  return { items, hasNext: true }
}

/** 250 rows, then 125, then 25: parts of whole pages, so that the place in the list is kept. */
const morePartsThan: Readonly<Record<number, number>> = { 1: 2, 2: 10 }

function isTooHeavy(error: unknown): boolean {
  return error instanceof AmoUnavailableError && error.facts.status === 504
}

/** All rows of a list that is known to be short. */
export async function listAll<T, Class extends string>(amo: AmoClient<Class>, list: List<T>, call: CallOptions<Class>): Promise<T[]> {
  const rows: T[] = []
  for await (const { items } of listPages(amo, list, call)) rows.push(...items)
  return rows
}
