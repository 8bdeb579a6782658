import type { Call } from '../ports/crm.ts'
import type { Amo } from './amo.ts'
import { type AmoLink, linkToLeads } from './client/routes/links.ts'
import { inOurWords } from './map-failure.ts'

/** A refusal names the deal by its id. */
export async function linkToDeals(amo: Amo, links: AmoLink[], call: Call): Promise<void> {
  if (links.length === 0) return
  const keys = links.map(({ entity_id }) => String(entity_id))
  await inOurWords(linkToLeads(amo, links, call), { entity: 'deal', keys, rows: links })
}
