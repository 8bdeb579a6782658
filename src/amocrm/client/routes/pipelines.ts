import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { collectionOf } from './pages.ts'

const Status = z.object({
  id: z.int(),
  name: z.string(),
  sort: z.int(),
  /** 1: the "unsorted" status, whose id differs per pipeline. */
  type: z.int().nullish(),
})
const Pipeline = z.object({
  id: z.int(),
  name: z.string(),
  sort: z.int().nullish(),
  is_main: z.boolean().nullish(),
  is_unsorted_on: z.boolean().nullish(),
  is_archive: z.boolean().nullish(),
  _embedded: z.object({ statuses: z.array(Status).nullish() }).nullish(),
})
export type AmoPipeline = z.infer<typeof Pipeline>

/** All at once: this list has no pages. */
export async function listPipelines<Class extends string>(amo: AmoClient<Class>, call: CallOptions<Class>): Promise<AmoPipeline[]> {
  const found = await amo.get('/api/v4/leads/pipelines', collectionOf('pipelines', Pipeline), call)
  return found?.items ?? []
}
