import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'

export interface AmoLink {
  entity_id: number
  to_entity_id: number
  to_entity_type: 'contacts' | 'companies'
  metadata?: { is_main: boolean }
}

/** Linking what is linked already changes nothing; a second company takes the place of the first. */
export async function linkToLeads<Class extends string>(amo: AmoClient<Class>, links: AmoLink[], call: CallOptions<Class>): Promise<void> {
  await amo.post('/api/v4/leads/link', links, z.unknown(), call)
}
