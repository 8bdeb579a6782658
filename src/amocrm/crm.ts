import { companyId, contactId, noteId } from '../core/ids.ts'
import type { Crm } from '../ports/crm.ts'
import type { Amo } from './amo.ts'
import { createWithKeys, updateById } from './batches.ts'
import { createLeadNotes, updateLeadNotes } from './client/routes/notes.ts'
import { createPeople, getPerson, searchPeople, updatePeople } from './client/routes/people.ts'
import { createDeals, createDealsComplex, findDeal, listDeals, listDeletedDeals, updateDeals } from './deals.ts'
import { createMissingFields } from './fields.ts'
import { linkToDeals } from './links.ts'
import { readDirectory } from './map-directory.ts'
import { eachInOurWords, inOurWords } from './map-failure.ts'
import { toAmoPerson, toCompany, toPerson } from './map-person.ts'
import { listDealNotes, toAmoNote } from './notes.ts'
import { changedLastFirst, findUnlessGone, listContactPages, listRows, newestFirst } from './people.ts'

/** amoCRM behind our port. How many items go into a call is the caller's: 50 is what amoCRM advises. */
export function createCrm({ client: amo }: { client: Amo }): Crm {
  return {
    readDirectory: (call) => inOurWords(readDirectory(amo, call)),
    createFields: (fields, call) => createMissingFields(amo, fields, call),

    createDealsComplex: (items, call) => createDealsComplex(amo, items, call),
    createDeals: (items, call) => createDeals(amo, items, call),
    async createContacts(items, call) {
      const rows = items.map(({ key, contact }) => ({ request_id: key, ...toAmoPerson(contact) }))
      const created = await createWithKeys('contact', rows, () => createPeople(amo, 'contacts', rows, call))
      return created.map(({ key, id }) => ({ key, contactId: contactId(id) }))
    },
    async createCompanies(items, call) {
      const rows = items.map(({ key, company }) => ({ request_id: key, ...toAmoPerson(company) }))
      const created = await createWithKeys('company', rows, () => createPeople(amo, 'companies', rows, call))
      return created.map(({ key, id }) => ({ key, companyId: companyId(id) }))
    },
    async createNotes(items, call) {
      const rows = items.map((note) => ({ request_id: note.key, ...toAmoNote(note), is_need_to_trigger_digital_pipeline: false as const }))
      const created = await createWithKeys('deal', rows, () => createLeadNotes(amo, rows, call))
      return created.map(({ key, id }) => ({ key, noteId: noteId(id) }))
    },
    updateDeals: (items, call) => updateDeals(amo, items, call),
    updateContacts(items, call) {
      const rows = items.map(({ id, write }) => ({ id, ...toAmoPerson(write) }))
      return updateById('contact', rows, () => updatePeople(amo, 'contacts', rows, call))
    },
    updateNotes(items, call) {
      const rows = items.map(({ id, write }) => ({ id, ...toAmoNote(write) }))
      return updateById('deal', rows, () => updateLeadNotes(amo, rows, call))
    },
    async linkCompanies(items, call) {
      const links = items.map(({ dealId, companyId }) => ({
        entity_id: dealId,
        to_entity_id: companyId,
        to_entity_type: 'companies' as const,
      }))
      await linkToDeals(amo, links, call)
    },
    async linkContacts(items, call) {
      const links = items.map(({ dealId, contactId, main }) => {
        return { entity_id: dealId, to_entity_id: contactId, to_entity_type: 'contacts' as const, metadata: { is_main: main } }
      })
      await linkToDeals(amo, links, call)
    },

    findDeal: (id, call) => findDeal(amo, id, call),
    async findContact(id, call) {
      const row = await findUnlessGone(getPerson(amo, 'contacts', id, call))
      return row && toPerson(row)
    },
    listDealsByNewest: (call) => eachInOurWords(listDeals(amo, 'id', call)),
    listDealsByChange: (call) => eachInOurWords(listDeals(amo, 'updated_at', call)),
    listDeletedDeals: (call) => eachInOurWords(listDeletedDeals(amo, call)),
    listContactsByChange: (call) => eachInOurWords(listRows(amo, 'contacts', changedLastFirst, toPerson, call)),
    listContactsByNewest: (call) => eachInOurWords(listRows(amo, 'contacts', newestFirst, toPerson, call)),
    listContactsById: (fromPage, call) => eachInOurWords(listContactPages(amo, fromPage, call)),
    listCompaniesByChange: (call) => eachInOurWords(listRows(amo, 'companies', changedLastFirst, toCompany, call)),
    listCompaniesByNewest: (call) => eachInOurWords(listRows(amo, 'companies', newestFirst, toCompany, call)),
    searchContacts: async (query, call) => (await inOurWords(searchPeople(amo, 'contacts', query, call))).map(toPerson),
    searchCompanies: async (query, call) => (await inOurWords(searchPeople(amo, 'companies', query, call))).map(toCompany),
    listDealNotes: (dealIds, call) => inOurWords(listDealNotes(amo, dealIds, call)),
  }
}
