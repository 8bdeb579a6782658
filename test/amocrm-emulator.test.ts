import { describe, expect, test } from 'vitest'
import { type AmoEmulator, type AmoEmulatorOptions, startAmoEmulator } from '../sandbox/amocrm/emulator.ts'
import { createCrm } from '../src/amocrm/crm.ts'
import { CrmRejectedError, CrmUnknownOutcomeError } from '../src/core/crm-failure.ts'
import { type ContactId, contactId, dealId, fieldId, noteId, pipelineId, statusId, userId } from '../src/core/ids.ts'
import type { Crm, DealWrite, NewDeal } from '../src/ports/crm.ts'
import { call, startClient } from './amocrm-support.ts'

type Rig = { amo: AmoEmulator; crm: Crm } & AsyncDisposable

/** Our port before the emulated amoCRM, whose limits are out of the way. */
async function startRig(options: AmoEmulatorOptions = {}): Promise<Rig> {
  const amo = await startAmoEmulator({ requestsPerSecond: 10_000, accountRequestsPerSecond: 10_000, ...options })
  const token = amo.tokens.longLived()
  const client = startClient(amo.url, { accessToken: async () => token })
  return {
    amo,
    crm: createCrm({ client: client.client }),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await amo.close()
    },
  }
}

const newOrder = { pipelineId: pipelineId(7_000_001), statusId: statusId(60_000_002) }
const inWork = { pipelineId: pipelineId(7_000_001), statusId: statusId(60_000_003) }
const lost = { pipelineId: pipelineId(7_000_001), statusId: statusId(143) }

function anOrder(key: string, contact: NewDeal['contact'] = null, deal: Partial<DealWrite> = {}): NewDeal {
  return { key, deal: { name: `Заказ ${key}`, price: 15_990, stage: newOrder, ...deal }, contact, company: null }
}
const buyer = { firstName: 'Анна', lastName: 'Петрова', phones: [{ value: '+79990001122', enumCode: 'MOB' }] }

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}

async function createOne({ crm }: Rig, item: NewDeal) {
  const [created] = await crm.createDealsComplex([item], call)
  if (created === undefined) throw new Error('nothing was created')
  return created
}

async function mainContactOf(rig: Rig): Promise<ContactId> {
  const { contactId: id } = await createOne(rig, anOrder('10025', { create: buyer }))
  if (id === null) throw new Error('no contact was created')
  return id
}

describe('the directory', () => {
  test('is what the account has', async () => {
    await using rig = await startRig()
    const directory = await rig.crm.readDirectory(call)
    expect(directory).toMatchObject({
      amoAccountId: 31_000_001,
      name: 'Магазин',
      subdomain: 'shop1',
      filtersOn: false,
      lossReasonsOn: true,
    })
    expect(directory.pipelines.map(({ name, main }) => [name, main])).toEqual([
      ['Интернет-магазин', true],
      ['Опт', false],
    ])
    expect(directory.users?.find(({ id }) => id === 9_000_002)).toMatchObject({ name: 'Мария', assignable: true })
    expect(directory.users?.find(({ id }) => id === 9_000_009)).toMatchObject({ assignable: false })
    expect(directory.fields.find(({ name }) => name === 'Способ оплаты')).toMatchObject({ entity: 'deal', type: 'select' })
    expect(directory.fields.filter(({ code }) => code === 'PHONE').map(({ entity }) => entity)).toEqual(['contact', 'company'])
    expect(directory.lossReasons.map(({ name }) => name)).toContain('Нет в наличии')
  })

  test('gains the fields we lack, once', async () => {
    await using rig = await startRig()
    const wanted = [{ entity: 'deal', code: 'OUR_NUMBER', name: 'Наш номер', type: 'text', apiOnly: true }] as const
    for (const _ of [1, 2]) await rig.crm.createFields([...wanted], call)
    const { fields } = await rig.crm.readDirectory(call)
    const made = fields.filter(({ code }) => code === 'OUR_NUMBER')
    expect(made).toMatchObject([{ entity: 'deal', type: 'text' }])
    const written = made.map(({ id }) => ({ fieldId: id, values: [{ value: '10025' }] }))
    const { dealId: id } = await createOne(rig, anOrder('10025', null, { fields: written }))
    const deal = await rig.crm.findDeal(id, call)
    expect(deal?.fields.get(made[0]?.id ?? fieldId(0))).toEqual([{ value: '10025' }])
  })
})

describe('an order', () => {
  test('makes a deal with a new contact and a new company', async () => {
    await using rig = await startRig()
    const created = await createOne(rig, { ...anOrder('10025', { create: buyer }), company: { create: { name: 'ООО Пример' } } })
    const deal = await rig.crm.findDeal(created.dealId, call)
    expect(deal).toMatchObject({
      name: 'Заказ 10025',
      price: 15_990,
      stage: newOrder,
      contactIds: [created.contactId],
      mainContactId: created.contactId,
      companyId: created.companyId,
      deleted: false,
    })
    const person = await rig.crm.findContact(created.contactId ?? contactId(0), call)
    expect(person).toMatchObject({ firstName: 'Анна', lastName: 'Петрова', companyId: created.companyId })
    expect(person?.phones).toMatchObject([{ value: '+79990001122', enumCode: 'MOB' }])
  })

  test('of a known buyer joins the same contact, by either road', async () => {
    await using rig = await startRig()
    const known = await mainContactOf(rig)
    const second = await createOne(rig, anOrder('10026', { id: known }))
    const [third] = await rig.crm.createDeals([anOrder('10027', { id: known })], call)
    expect([second.contactId, third?.contactId]).toEqual([known, known])
    expect(rig.amo.world.contacts()).toHaveLength(1)
    expect(rig.amo.world.contact(known)?.leadIds).toHaveLength(3)
  })

  test('that is refused names the item and its field, and nothing of the call is stored', async () => {
    await using rig = await startRig()
    const bad = anOrder('bad', null, { fields: [{ fieldId: fieldId(1), values: [{ value: 'x' }] }] })
    const refused = rig.crm.createDealsComplex([anOrder('good'), bad], call)
    await expect(refused).rejects.toBeInstanceOf(CrmRejectedError)
    await expect(refused).rejects.toMatchObject({ refusals: [{ key: 'bad' }] })
    expect(rig.amo.world.leads()).toEqual([])
  })

  test('whose answer is lost is there all the same, found among the newest', async () => {
    await using rig = await startRig()
    rig.amo.faults.plan({ match: { path: '/leads/complex', nth: 1 }, times: 1, do: '504', when: 'after' })
    await expect(rig.crm.createDealsComplex([anOrder('10025')], call)).rejects.toBeInstanceOf(CrmUnknownOutcomeError)
    expect((await all(rig.crm.listDealsByNewest(call))).map(({ name }) => name)).toEqual(['Заказ 10025'])
  })

  test('changes its deal: stage, price, tags, fields, responsible', async () => {
    await using rig = await startRig()
    const { dealId: id } = await createOne(rig, anOrder('10025'))
    const write = { stage: inWork, price: 20_000, responsibleId: userId(9_000_002), tagsToAdd: ['Сайт', 'VIP'] }
    expect(
      await rig.crm.updateDeals(
        [
          { id, write },
          { id: dealId(1), write: { price: 1 } },
        ],
        call,
      ),
    ).toEqual({ updated: new Set([id]) })
    await rig.crm.updateDeals([{ id, write: { tagsToDelete: ['VIP'] } }], call)
    expect(await rig.crm.findDeal(id, call)).toMatchObject({ stage: inWork, price: 20_000, responsibleId: 9_000_002, tags: ['Сайт'] })
  })

  test('that is cancelled is lost first, and told why after', async () => {
    await using rig = await startRig()
    const { dealId: id } = await createOne(rig, anOrder('10025'))
    const [reason] = (await rig.crm.readDirectory(call)).lossReasons
    const lossReasonId = reason?.id ?? 0
    await expect(rig.crm.updateDeals([{ id, write: { lossReasonId } }], call)).rejects.toBeInstanceOf(CrmRejectedError)
    await rig.crm.updateDeals([{ id, write: { stage: lost } }], call)
    await rig.crm.updateDeals([{ id, write: { lossReasonId } }], call)
    expect(await rig.crm.findDeal(id, call)).toMatchObject({ stage: lost, lossReasonId, closedAt: expect.any(Date) })
  })
})

describe('people', () => {
  test('are made, changed and linked', async () => {
    await using rig = await startRig()
    const { dealId: id } = await createOne(rig, anOrder('10025'))
    const [person] = await rig.crm.createContacts([{ key: 'a', contact: buyer }], call)
    const [company] = await rig.crm.createCompanies([{ key: 'c', company: { name: 'ООО Пример' } }], call)
    if (person === undefined || company === undefined) throw new Error('nobody was created')
    await rig.crm.linkContacts([{ dealId: id, contactId: person.contactId, main: true }], call)
    await rig.crm.linkCompanies([{ dealId: id, companyId: company.companyId }], call)
    await rig.crm.updateContacts([{ id: person.contactId, write: { phones: [{ value: '8 999 000-11-22', enumCode: 'WORK' }] } }], call)
    expect(await rig.crm.findDeal(id, call)).toMatchObject({ mainContactId: person.contactId, companyId: company.companyId })
    expect((await rig.crm.findContact(person.contactId, call))?.phones).toMatchObject([{ value: '8 999 000-11-22', enumCode: 'WORK' }])
  })

  test('are found by a piece of their phone as it was written, once the search knows of them', async () => {
    await using rig = await startRig({ searchLagMs: 3_000 })
    const known = await mainContactOf(rig)
    expect(await rig.crm.searchContacts('9990001122', call)).toEqual([])
    rig.amo.clock.advance(3_000)
    expect((await rig.crm.searchContacts('9990001122', call)).map(({ id }) => id)).toEqual([known])
    expect(await rig.crm.searchContacts('999 000', call)).toEqual([])
  })

  test('are listed page by page, oldest first, and from either end', async () => {
    await using rig = await startRig()
    const names = Array.from({ length: 260 }, (_, at) => ({ key: String(at), contact: { firstName: `№${at}` } }))
    const made = [...(await rig.crm.createContacts(names.slice(0, 130), call)), ...(await rig.crm.createContacts(names.slice(130), call))]
    const ids = made.map(({ contactId: id }) => id).sort((a, b) => a - b)
    const pages = await all(rig.crm.listContactsById(1, call))
    expect(pages.flatMap(({ contacts }) => contacts.map(({ id }) => id))).toEqual(ids)
    expect((await all(rig.crm.listContactsByNewest(call))).map(({ id }) => id)).toEqual(ids.toReversed())
  })
})

describe('notes', () => {
  test('are written, read and changed', async () => {
    await using rig = await startRig()
    const { dealId: id } = await createOne(rig, anOrder('10025'))
    const [made] = await rig.crm.createNotes([{ key: 'n', dealId: id, service: 'Shop', text: 'Оплачен' }], call)
    const note = made?.noteId ?? noteId(0)
    await rig.crm.updateNotes([{ id: note, write: { dealId: id, service: 'Shop', text: 'Отгружен' } }], call)
    expect(await rig.crm.listDealNotes([id], call)).toEqual([{ id: note, dealId: id, text: 'Отгружен' }])
  })
})

describe('what people do in amoCRM', () => {
  test('shows in the list of changes, the last first', async () => {
    let now = 1_767_225_600_000
    await using rig = await startRig({ nowMs: () => now })
    const first = await createOne(rig, anOrder('1'))
    const second = await createOne(rig, anOrder('2'))
    now += 60_000
    rig.amo.world.editLead(first.dealId, { price: 5 }, 9_000_002)
    const changed = await all(rig.crm.listDealsByChange(call))
    expect(changed.map(({ id }) => id)).toEqual([first.dealId, second.dealId])
    expect(changed[0]).toMatchObject({ price: 5, updatedAt: new Date(now) })
  })

  test('puts a deal into the bin, takes it out, or merges it away', async () => {
    await using rig = await startRig()
    const ids = (
      await rig.crm.createDealsComplex(
        ['1', '2', '3'].map((key) => anOrder(key)),
        call,
      )
    ).map(({ dealId: id }) => id)
    const [binned = dealId(0), merged = dealId(0), stays = dealId(0)] = ids
    rig.amo.world.deleteLead(binned)
    rig.amo.world.mergeLeads(merged, stays)
    expect(await rig.crm.findDeal(binned, call)).toBeUndefined()
    expect(await rig.crm.findDeal(merged, call)).toBeUndefined()
    expect(await all(rig.crm.listDeletedDeals(call))).toEqual([binned])
    expect((await all(rig.crm.listDealsByNewest(call))).map(({ id }) => id)).toEqual([stays])
    rig.amo.world.restoreLead(binned)
    expect(await rig.crm.findDeal(binned, call)).toMatchObject({ deleted: false })
  })
})
