import { CrmRejectedError, type Refusal } from '../core/crm-failure.ts'
import { companyId, contactId, type DealId, dealId } from '../core/ids.ts'
import type { Call, CreatedDeal, Deal, DealWrite, NewDeal, UpdateResult } from '../ports/crm.ts'
import type { Amo } from './amo.ts'
import { answered, createWithKeys, updateById } from './batches.ts'
import {
  complexLimit,
  createLeads,
  createLeadsComplex,
  getLead,
  type LeadOrder,
  listDeletedLeads,
  listLeads,
  updateLeads,
} from './client/routes/leads.ts'
import { toAmoLead, toComplexLead, toCreatedDeals, toDeal, toNewLead } from './map-deal.ts'
import { inOurWords } from './map-failure.ts'
import { findUnlessGone } from './people.ts'

const highestPrice = 2 ** 31 - 1

export async function createDealsComplex(amo: Amo, items: NewDeal[], call: Call): Promise<CreatedDeal[]> {
  if (items.length > complexLimit) throw new RangeError(`${items.length} deals in one call, amoCRM takes ${complexLimit}`)
  if (items.length === 0) return []
  refuseBadPrices(items.map(({ key, deal }) => ({ key, write: deal })))
  const rows = items.map(toComplexLead)
  const keys = items.map(({ key }) => key)
  const created = answered(await inOurWords(createLeadsComplex(amo, rows, call), { entity: 'deal', keys, rows }))
  const sent = new Set(keys)
  return created.flatMap((row) => toCreatedDeals(row, sent))
}

export async function createDeals(amo: Amo, items: NewDeal[], call: Call): Promise<CreatedDeal[]> {
  refuseBadPrices(items.map(({ key, deal }) => ({ key, write: deal })))
  const rows = items.map(toNewLead)
  const created = await createWithKeys('deal', rows, () => createLeads(amo, rows, call))
  const parts = new Map(rows.map(({ request_id, _embedded }) => [request_id, _embedded]))
  return created.map(({ key, id }) => {
    const contact = parts.get(key)?.contacts?.[0]
    const company = parts.get(key)?.companies?.[0]
    return {
      key,
      dealId: dealId(id),
      contactId: contact === undefined ? null : contactId(contact.id),
      companyId: company === undefined ? null : companyId(company.id),
      merged: false,
    }
  })
}

export async function updateDeals(amo: Amo, items: { id: DealId; write: DealWrite }[], call: Call): Promise<UpdateResult<DealId>> {
  refuseBadPrices(items.map(({ id, write }) => ({ key: String(id), write })))
  const rows = items.map(({ id, write }) => ({ id, ...toAmoLead(write) }))
  return await updateById('deal', rows, () => updateLeads(amo, rows, call))
}

export async function findDeal(amo: Amo, id: DealId, call: Call): Promise<Deal | undefined> {
  const lead = await findUnlessGone(getLead(amo, id, call))
  return lead && toDeal(lead)
}

/** Each deal once, also where a change between two pages repeats its row. */
export async function* listDeals(amo: Amo, order: LeadOrder, call: Call): AsyncGenerator<Deal> {
  const seen = new Set<number>()
  for await (const { items } of listLeads(amo, order, call)) {
    for (const lead of items) {
      if (seen.has(lead.id)) continue
      seen.add(lead.id)
      yield toDeal(lead)
    }
  }
}

export async function* listDeletedDeals(amo: Amo, call: Call): AsyncGenerator<DealId> {
  for await (const { items } of listDeletedLeads(amo, call)) {
    for (const { id } of items) yield dealId(id)
  }
}

/** amoCRM's own bound is not published and a fraction may be cut: refused here, in the same words as by amoCRM. */
function refuseBadPrices(items: { key: string; write: DealWrite }[]): void {
  const refusals = items
    .filter(({ write: { price } }) => price !== undefined && !(Number.isInteger(price) && price >= 0 && price <= highestPrice))
    .map(({ key }): Refusal => {
      return {
        key,
        code: 'OutOfRange',
        entity: 'deal',
        field: { kind: 'price' },
        path: 'price',
        detail: `whole, from 0 to ${highestPrice}`,
      }
    })
  if (refusals.length > 0) throw new CrmRejectedError(`the price of ${refusals.length} deals cannot be sent`, refusals)
}
