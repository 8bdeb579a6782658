import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'

/** amoCRM's largest page of a list. */
export const pageLimit = 250

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

/** Pages from `fromPage` on, until there is no next one, nothing is found (204), or a page is empty. Break ends it. */
export async function* listPages<T, Class extends string>(
  amo: AmoClient<Class>,
  list: { path: string; key: string; item: z.ZodType<T>; query?: Query; fromPage?: number },
  call: CallOptions<Class>,
): AsyncGenerator<Page<T>> {
  const schema = collectionOf(list.key, list.item)
  for (let page = list.fromPage ?? 1; ; page += 1) {
    const found = await amo.get(withQuery(list.path, { ...list.query, limit: pageLimit, page }), schema, call)
    if (found === undefined || found.items.length === 0) return
    yield { page, items: found.items }
    if (!found.hasNext) return
  }
}

/** All rows of a list that is known to be short. */
export async function listAll<T, Class extends string>(
  amo: AmoClient<Class>,
  list: { path: string; key: string; item: z.ZodType<T>; query?: Query },
  call: CallOptions<Class>,
): Promise<T[]> {
  const rows: T[] = []
  for await (const { items } of listPages(amo, list, call)) rows.push(...items)
  return rows
}
