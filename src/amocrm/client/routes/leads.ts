import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { type AmoFieldWrite, CustomFields } from './fields.ts'
import { listPages, type Page } from './pages.ts'
import type { AmoPersonWrite } from './people.ts'
import { createRows, RequestIds, updateRows } from './writes.ts'

const Lead = z.object({
  id: z.int(),
  name: z.string().nullish(),
  price: z.number().nullish(),
  pipeline_id: z.int(),
  status_id: z.int(),
  responsible_user_id: z.int().nullish(),
  loss_reason_id: z.int().nullish(),
  created_at: z.int(),
  updated_at: z.int(),
  closed_at: z.int().nullish(),
  is_deleted: z.boolean().nullish(),
  custom_fields_values: CustomFields,
  _embedded: z
    .object({
      tags: z.array(z.object({ name: z.string() })).nullish(),
      companies: z.array(z.object({ id: z.int() })).nullish(),
      contacts: z.array(z.object({ id: z.int(), is_main: z.boolean().nullish() })).nullish(),
    })
    .nullish(),
})
export type AmoLead = z.infer<typeof Lead>

export interface AmoLeadWrite {
  name?: string
  price?: number
  pipeline_id?: number
  status_id?: number
  responsible_user_id?: number
  loss_reason_id?: number
  created_at?: number
  custom_fields_values?: AmoFieldWrite[]
  tags_to_add?: { name: string }[]
  tags_to_delete?: { name: string }[]
}
export interface AmoNewLead extends AmoLeadWrite {
  request_id: string
  _embedded?: { contacts?: { id: number; is_main: boolean }[]; companies?: { id: number }[] }
}
/** One contact and one company at most, each either by id or as a whole new one. */
export interface AmoComplexLead extends AmoLeadWrite {
  request_id: string
  _embedded?: { contacts?: [{ id: number } | AmoPersonWrite]; companies?: [{ id: number } | AmoPersonWrite] }
}

/** amoCRM's bound of one complex request. */
export const complexLimit = 50

const ComplexRow = z.object({
  id: z.int(),
  contact_id: z.int().nullish(),
  company_id: z.int().nullish(),
  request_id: RequestIds,
  merged: z.boolean().nullish(),
})
export type AmoComplexRow = z.infer<typeof ComplexRow>

export type LeadOrder = 'id' | 'updated_at'

export function getLead<Class extends string>(amo: AmoClient<Class>, id: number, call: CallOptions<Class>): Promise<AmoLead | undefined> {
  return amo.get(`/api/v4/leads/${id}?with=contacts`, Lead, call)
}

/** Highest id, or latest change, first. */
export function listLeads<Class extends string>(
  amo: AmoClient<Class>,
  order: LeadOrder,
  call: CallOptions<Class>,
): AsyncGenerator<Page<AmoLead>> {
  return listPages(amo, { path: '/api/v4/leads', key: 'leads', item: Lead, query: { with: 'contacts', [`order[${order}]`]: 'desc' } }, call)
}

/** The recycle bin, highest id first; of such rows amoCRM fills the id, the time and the user of the deletion alone. */
export function listDeletedLeads<Class extends string>(
  amo: AmoClient<Class>,
  call: CallOptions<Class>,
): AsyncGenerator<Page<{ id: number }>> {
  const item = z.object({ id: z.int() })
  return listPages(amo, { path: '/api/v4/leads', key: 'leads', item, query: { with: 'only_deleted', 'order[id]': 'desc' } }, call)
}

export function createLeads<Class extends string>(amo: AmoClient<Class>, leads: AmoNewLead[], call: CallOptions<Class>) {
  return createRows(amo, '/api/v4/leads', 'leads', leads, call)
}

/** At most 50. A row may answer for several items, and for one that existed before (`merged`). undefined: no content, so nothing is known. */
export function createLeadsComplex<Class extends string>(
  amo: AmoClient<Class>,
  leads: AmoComplexLead[],
  call: CallOptions<Class>,
): Promise<AmoComplexRow[] | undefined> {
  return amo.post('/api/v4/leads/complex', leads, z.array(ComplexRow), call)
}

export function updateLeads<Class extends string>(
  amo: AmoClient<Class>,
  leads: (AmoLeadWrite & { id: number })[],
  call: CallOptions<Class>,
) {
  return updateRows(amo, '/api/v4/leads', 'leads', leads, call)
}
