import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { collectionOf } from './pages.ts'

/** A string, a number (catalog elements), or a list of them (complex): told apart by nothing but the route. Compared as strings. */
export const RequestIds = z
  .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))])
  .transform((ids) => (Array.isArray(ids) ? ids : [ids]).map(String))

const Created = z.object({ id: z.int(), request_id: RequestIds.nullish() })
const Updated = z.object({ id: z.int() })

export interface CreatedRow {
  id: number
  requestIds: string[]
}

/** What was made, each under the request_id it was sent with. undefined: no content, so nothing is known. */
export async function createRows<Class extends string>(
  amo: AmoClient<Class>,
  path: string,
  key: string,
  rows: object[],
  call: CallOptions<Class>,
): Promise<CreatedRow[] | undefined> {
  const found = await amo.post(path, rows, collectionOf(key, Created), call)
  return found?.items.map(({ id, request_id }) => ({ id, requestIds: request_id ?? [] }))
}

/** Ids that were changed: fewer than sent where some are gone, none at 204. */
export async function updateRows<Class extends string>(
  amo: AmoClient<Class>,
  path: string,
  key: string,
  rows: object[],
  call: CallOptions<Class>,
): Promise<number[]> {
  const found = await amo.patch(path, rows, collectionOf(key, Updated), call)
  return found?.items.map(({ id }) => id) ?? []
}
