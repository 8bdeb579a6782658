import { describe, expect, test } from 'vitest'
import { createCrm } from '../src/amocrm/crm.ts'
import {
  CrmAccountError,
  CrmForbiddenError,
  CrmRejectedError,
  CrmUnavailableError,
  CrmUnknownOutcomeError,
} from '../src/core/crm-failure.ts'
import { companyId, contactId, dealId, fieldId, noteId, pipelineId, statusId } from '../src/core/ids.ts'
import type { Crm, NewDeal } from '../src/ports/crm.ts'
import { call, type Stub, type StubAnswer, type StubRequest, startClient, startStub } from './amocrm-support.ts'

type Answers = Parameters<typeof startStub>

/** Our port before a server that gives these answers. */
async function startCrm(...answers: Answers): Promise<{ crm: Crm; stub: Stub } & AsyncDisposable> {
  const stub = await startStub(...answers)
  const amo = startClient(stub.url)
  return {
    crm: createCrm({ client: amo.client }),
    stub,
    async [Symbol.asyncDispose]() {
      await amo[Symbol.asyncDispose]()
      await stub[Symbol.asyncDispose]()
    },
  }
}

const stage = { pipelineId: pipelineId(7_000_001), statusId: statusId(60_000_002) }
const aDeal = (key: string, contact: NewDeal['contact'] = null): NewDeal => ({ key, deal: { name: key, stage }, contact, company: null })
const collection = (key: string, rows: unknown[], next = false): StubAnswer => ({
  status: 200,
  json: { _links: next ? { next: { href: 'https://elsewhere.test/next' } } : {}, _embedded: { [key]: rows } },
})
const refusal = (status: number, json: unknown): StubAnswer => ({ status, json })
async function all<T>(rows: AsyncGenerator<T>): Promise<T[]> {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}

describe('creates', () => {
  test('of complex are matched by their key, in whatever order and grouping they come back', async () => {
    const rows = [
      { id: 3, contact_id: 30, company_id: null, request_id: ['c'], merged: true },
      { id: 1, contact_id: 10, company_id: 11, request_id: ['b', 'a'], merged: false },
    ]
    await using amo = await startCrm({ status: 200, json: rows })
    expect(await amo.crm.createDealsComplex([aDeal('a'), aDeal('b'), aDeal('c'), aDeal('d')], call)).toEqual([
      { key: 'c', dealId: 3, contactId: 30, companyId: null, merged: true },
      { key: 'b', dealId: 1, contactId: 10, companyId: 11, merged: false },
      { key: 'a', dealId: 1, contactId: 10, companyId: 11, merged: true },
    ])
    expect(amo.stub.requests[0]).toMatchObject({ method: 'POST', path: '/api/v4/leads/complex' })
  })

  test('of plain deals keep the people they were sent with', async () => {
    await using amo = await startCrm(
      collection('leads', [
        { id: 2, request_id: 'b' },
        { id: 1, request_id: 'a' },
      ]),
    )
    const items = [aDeal('a', { id: contactId(50) }), { ...aDeal('b', { id: contactId(51) }), company: { id: companyId(60) } }]
    expect(await amo.crm.createDeals(items, call)).toEqual([
      { key: 'b', dealId: 2, contactId: 51, companyId: 60, merged: false },
      { key: 'a', dealId: 1, contactId: 50, companyId: null, merged: false },
    ])
  })

  test('of people and notes are matched by key, numbers compared as text', async () => {
    await using people = await startCrm(
      collection('contacts', [
        { id: 2, request_id: 12 },
        { id: 1, request_id: '11' },
      ]),
    )
    const contacts = ['11', '12'].map((key) => ({ key, contact: { firstName: 'Анна' } }))
    expect(await people.crm.createContacts(contacts, call)).toEqual([
      { key: '12', contactId: 2 },
      { key: '11', contactId: 1 },
    ])
    await using notes = await startCrm(collection('notes', [{ id: 76, entity_id: 4, request_id: 'n' }]))
    expect(await notes.crm.createNotes([{ key: 'n', dealId: dealId(4), service: 'Shop', text: 'Paid' }], call)).toEqual([
      { key: 'n', noteId: 76 },
    ])
    expect(notes.stub.requests[0]?.body).toEqual([
      {
        request_id: 'n',
        entity_id: 4,
        note_type: 'extended_service_message',
        params: { service: 'Shop', text: 'Paid' },
        is_need_to_trigger_digital_pipeline: false,
      },
    ])
  })

  test('of nothing send nothing', async () => {
    await using amo = await startCrm({ status: 500 })
    expect(await amo.crm.createDealsComplex([], call)).toEqual([])
    expect(await amo.crm.createDeals([], call)).toEqual([])
    expect(await amo.crm.createContacts([], call)).toEqual([])
    expect(await amo.crm.updateDeals([], call)).toEqual({ updated: new Set() })
    await amo.crm.linkCompanies([], call)
    expect(await amo.crm.listDealNotes([], call)).toEqual([])
    expect(amo.stub.requests).toHaveLength(0)
  })

  test('that amoCRM accepts without content have an unknown outcome', async () => {
    await using amo = await startCrm({ status: 204 })
    await expect(amo.crm.createDealsComplex([aDeal('a')], call)).rejects.toBeInstanceOf(CrmUnknownOutcomeError)
    await expect(amo.crm.createContacts([{ key: 'a', contact: {} }], call)).rejects.toBeInstanceOf(CrmUnknownOutcomeError)
  })

  test.each([-1, 0.5, 2 ** 31, Number.NaN])('with a price of %d are refused here', async (price) => {
    await using amo = await startCrm({ status: 500 })
    const bad = { ...aDeal('bad'), deal: { stage, price } }
    await expect(amo.crm.createDealsComplex([aDeal('good'), bad], call)).rejects.toMatchObject({
      refusals: [{ key: 'bad', field: { kind: 'price' } }],
    })
    expect(amo.stub.requests).toHaveLength(0)
  })
})

describe('updates', () => {
  test('return what amoCRM changed, which may be less than was sent', async () => {
    await using amo = await startCrm(collection('leads', [{ id: 2, updated_at: 1 }]))
    const items = [1, 2].map((id) => ({ id: dealId(id), write: { price: 5 } }))
    expect(await amo.crm.updateDeals(items, call)).toEqual({ updated: new Set([2]) })
    expect(amo.stub.requests[0]).toMatchObject({
      method: 'PATCH',
      body: [
        { id: 1, price: 5 },
        { id: 2, price: 5 },
      ],
    })
  })

  test.each([204, 404])('of what is gone (%i) change nothing and are no failure', async (status) => {
    await using amo = await startCrm({ status })
    expect(await amo.crm.updateContacts([{ id: contactId(5), write: { firstName: 'А' } }], call)).toEqual({ updated: new Set() })
    expect(await amo.crm.updateNotes([{ id: noteId(5), write: { dealId: dealId(1), service: 's', text: 't' } }], call)).toEqual({
      updated: new Set(),
    })
  })
})

describe('links', () => {
  test('go in one request', async () => {
    await using amo = await startCrm(collection('links', []))
    await amo.crm.linkCompanies(
      [1, 2].map((id) => ({ dealId: dealId(id), companyId: companyId(9) })),
      call,
    )
    await amo.crm.linkContacts([{ dealId: dealId(1), contactId: contactId(5), main: true }], call)
    expect(amo.stub.requests.map(({ path, body }) => [path, body])).toEqual([
      [
        '/api/v4/leads/link',
        [
          { entity_id: 1, to_entity_id: 9, to_entity_type: 'companies' },
          { entity_id: 2, to_entity_id: 9, to_entity_type: 'companies' },
        ],
      ],
      ['/api/v4/leads/link', [{ entity_id: 1, to_entity_id: 5, to_entity_type: 'contacts', metadata: { is_main: true } }]],
    ])
  })
})

describe('failures', () => {
  test('a refusal names the order and the field that was sent there', async () => {
    const errors = [
      { code: 'NotSupportedChoice', path: 'custom_fields_values.1.field_id', detail: 'x' },
      { code: 'InvalidType', path: '_embedded.contacts.0.custom_fields_values.0.values.0.value', detail: 'y' },
    ]
    await using amo = await startCrm(refusal(400, { 'validation-errors': [{ request_id: 'b', errors }] }))
    const fields = [500, 501].map((id) => ({ fieldId: fieldId(id), values: [{ value: 'x' }] }))
    const b: NewDeal = { key: 'b', deal: { stage, fields }, contact: { create: { phones: [{ value: '1' }] } }, company: null }
    const failure = await amo.crm.createDealsComplex([aDeal('a'), b], call).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CrmRejectedError)
    expect(failure).toMatchObject({
      retry: { when: 'never' },
      refusals: [
        { key: 'b', code: 'NotSupportedChoice', entity: 'deal', field: { kind: 'custom', index: 1, fieldId: 501 } },
        { key: 'b', code: 'InvalidType', entity: 'contact', field: { kind: 'custom', index: 0, fieldCode: 'PHONE' } },
      ],
    })
  })

  test('the second shape of a refusal names the deal by its id', async () => {
    await using amo = await startCrm(refusal(400, { errors: { 4200001: 'Loss reason can be specified only for lost lead' } }))
    await expect(amo.crm.updateDeals([{ id: dealId(4_200_001), write: { lossReasonId: 1 } }], call)).rejects.toMatchObject({
      refusals: [{ key: '4200001', field: null, detail: 'Loss reason can be specified only for lost lead' }],
    })
  })

  test('a refusal of the whole request keeps amoCRM’s words', async () => {
    await using amo = await startCrm(refusal(422, { status: 422, detail: 'Limit 250 per page' }))
    await expect(amo.crm.updateDeals([{ id: dealId(1), write: {} }], call)).rejects.toMatchObject({
      refusals: [{ key: null, field: null, detail: 'Limit 250 per page' }],
    })
  })

  const html = (status: number, headers = {}): StubAnswer => ({ status, text: '<html>', headers })
  const cases: [string, StubAnswer, new (...args: never[]) => Error, object][] = [
    ['504', html(504), CrmUnknownOutcomeError, { scope: 'item', tooHeavy: true }],
    ['500', html(500), CrmUnknownOutcomeError, { scope: 'item', tooHeavy: false }],
    ['a cut connection', { cut: 'before-answer' }, CrmUnknownOutcomeError, { retry: { when: 'backoff' } }],
    ['429', html(429), CrmUnavailableError, { retry: { when: 'backoff' } }],
    ['429 with a wait', html(429, { 'retry-after': '9' }), CrmUnavailableError, { retry: { when: 'after', delayMs: 9_000 } }],
    ['401', html(401), CrmAccountError, { scope: 'account', reason: 'unauthorised' }],
    ['402', html(402), CrmAccountError, { scope: 'account', reason: 'unpaid' }],
    ['403 page', html(403), CrmAccountError, { scope: 'account', reason: 'banned' }],
    ['403 JSON', refusal(403, {}), CrmForbiddenError, { scope: 'item', retry: { when: 'never' } }],
  ]
  test.each(cases)('a create after %s', async (_note, answer, expected, facts) => {
    await using amo = await startCrm(answer)
    const failure = await amo.crm.createDealsComplex([aDeal('a')], call).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(expected)
    expect(failure).toMatchObject(facts)
  })

  test('a read that failed stored nothing, also in the middle of a list', async () => {
    await using amo = await startCrm(collection('leads', [aLead(1)], true), html(500))
    await expect(all(amo.crm.listDealsByNewest(call))).rejects.toBeInstanceOf(CrmUnavailableError)
  })

  test('an abort keeps its reason', async () => {
    await using amo = await startCrm({ status: 204 })
    const stopped = { ...call, signal: AbortSignal.abort('stopping') }
    await expect(amo.crm.findDeal(dealId(1), stopped)).rejects.toBe('stopping')
    await expect(all(amo.crm.listDealsByChange(stopped))).rejects.toBe('stopping')
  })
})

function aLead(id: number, more: object = {}) {
  const times = { created_at: 1_767_225_600, updated_at: 1_767_225_600, closed_at: null }
  return { id, name: `Deal ${id}`, price: 10, pipeline_id: 7, status_id: 60, custom_fields_values: null, ...times, ...more }
}

describe('lists', () => {
  const pageOf = ({ query }: StubRequest) => Number(query.get('page'))

  test('go on while there is a next page, whose address is not followed, and give each deal once', async () => {
    const pages = [[aLead(3), aLead(2)], [aLead(2), aLead(1)], [aLead(0)]]
    await using amo = await startCrm((request) => collection('leads', pages[pageOf(request) - 1] ?? [], pageOf(request) < 3))
    expect((await all(amo.crm.listDealsByChange(call))).map(({ id }) => id)).toEqual([3, 2, 1, 0])
    expect(amo.stub.requests.map(({ query }) => Object.fromEntries(query))).toEqual(
      ['1', '2', '3'].map((page) => ({ with: 'contacts', 'order[updated_at]': 'desc', limit: '250', page })),
    )
  })

  test.each([
    ['no content', { status: 204 } as StubAnswer],
    ['an empty page', collection('leads', [], true)],
  ])('end with %s, even after a page that promised more', async (_note, end) => {
    await using amo = await startCrm(collection('leads', [aLead(1)], true), end)
    expect(await all(amo.crm.listDealsByNewest(call))).toHaveLength(1)
    expect(amo.stub.requests).toHaveLength(2)
  })

  test('read no further than they are asked', async () => {
    await using amo = await startCrm(collection('leads', [aLead(2), aLead(1)], true))
    for await (const { id } of amo.crm.listDealsByNewest(call)) if (id === 2) break
    expect(amo.stub.requests).toHaveLength(1)
  })

  test('ask for less when a page is too heavy, and lose nothing by it', async () => {
    const last = 260
    await using amo = await startCrm(({ query }) => {
      const limit = Number(query.get('limit'))
      if (limit > 25) return { status: 504, text: '' }
      const ids = [...Array(limit)].map((_, index) => (Number(query.get('page')) - 1) * limit + index + 1).filter((id) => id <= last)
      return collection(
        'leads',
        ids.map((id) => aLead(id)),
        (ids.at(-1) ?? last) < last,
      )
    })
    const ids = (await all(amo.crm.listDealsByNewest(call))).map(({ id }) => id)
    expect(ids).toEqual([...Array(last)].map((_, index) => index + 1))
    expect(amo.stub.requests.map(({ query }) => query.get('limit'))).toEqual(['250', '125', ...Array(11).fill('25')])
  })

  test('fail when even a small page is too heavy', async () => {
    await using amo = await startCrm({ status: 504, text: '' })
    await expect(all(amo.crm.listDealsByNewest(call))).rejects.toBeInstanceOf(CrmUnavailableError)
    expect(amo.stub.requests).toHaveLength(3)
  })

  test('of contacts resume at a page, in id order', async () => {
    const contact = { id: 5, name: 'Анна', updated_at: 1, custom_fields_values: [] }
    await using amo = await startCrm(collection('contacts', [contact], true), { status: 204 })
    const pages = await all(amo.crm.listContactsById(41, call))
    expect(pages.map(({ page, contacts }) => [page, contacts.length])).toEqual([[41, 1]])
    expect(Object.fromEntries(amo.stub.requests[0]?.query ?? [])).toEqual({ 'order[id]': 'asc', limit: '250', page: '41' })
  })

  test('of the bin give ids', async () => {
    await using amo = await startCrm(collection('leads', [{ id: 9, is_deleted: true, name: null }]))
    expect(await all(amo.crm.listDeletedDeals(call))).toEqual([9])
    expect(amo.stub.requests[0]?.query.get('with')).toBe('only_deleted')
  })

  test('of notes ask for 50 deals at a time and give texts, newest first', async () => {
    await using amo = await startCrm(
      collection('notes', [
        { id: 1, entity_id: 1, note_type: 'common', params: { text: 'old' } },
        { id: 3, entity_id: 1, note_type: 'geo', params: [] },
      ]),
      collection('notes', [{ id: 2, entity_id: 60, note_type: 'service_message', params: { service: 'x', text: 'new' } }]),
    )
    const ids = [...Array(60)].map((_, index) => dealId(index + 1))
    expect(await amo.crm.listDealNotes(ids, call)).toEqual([
      { id: 2, dealId: 60, text: 'new' },
      { id: 1, dealId: 1, text: 'old' },
    ])
    expect(amo.stub.requests.map(({ query }) => query.size)).toEqual([53, 13])
  })
})

describe('people', () => {
  test('are found by a search that is encoded, and read with both spellings of a value’s kind', async () => {
    const phones = {
      field_id: 1,
      field_code: 'PHONE',
      values: [
        { value: '+79990001122', enum_id: 7, enum: 'MOB' },
        { value: '2', enum_code: 'WORK' },
      ],
    }
    const row = {
      id: 5,
      name: 'Анна',
      first_name: null,
      updated_at: 1,
      is_deleted: null,
      custom_fields_values: [phones],
      _embedded: { companies: [{ id: 8 }] },
    }
    await using amo = await startCrm(collection('contacts', [row]))
    expect(await amo.crm.searchContacts('+7 999', call)).toMatchObject([
      {
        id: 5,
        firstName: '',
        companyId: 8,
        deleted: false,
        phones: [
          { value: '+79990001122', enumId: 7, enumCode: 'MOB' },
          { value: '2', enumCode: 'WORK' },
        ],
        emails: [],
      },
    ])
    expect(amo.stub.requests[0]?.query.get('query')).toBe('+7 999')
  })

  test.each([204, 404])('that are not there (%i) are undefined', async (status) => {
    await using amo = await startCrm({ status })
    expect(await amo.crm.findContact(contactId(1), call)).toBeUndefined()
    expect(await amo.crm.findDeal(dealId(1), call)).toBeUndefined()
  })
})

describe('the directory', () => {
  const status = (id: number, sort: number, type = 0) => ({ id, name: `S${id}`, sort, type })
  const answers: Record<string, StubAnswer> = {
    '/api/v4/account': { status: 200, json: { id: 31, name: 'Shop', subdomain: 'shop1', is_loss_reason_enabled: true } },
    '/api/v4/users': refusal(403, { status: 403 }),
    '/api/v4/leads/pipelines': collection('pipelines', [
      {
        id: 7,
        name: 'Main',
        is_main: true,
        is_unsorted_on: true,
        _embedded: { statuses: [status(142, 1e4), status(61, 20), status(60, 99, 1)] },
      },
      { id: 8, name: 'Old', is_archive: true },
    ]),
    '/api/v4/leads/loss_reasons': { status: 404, text: '' },
    '/api/v4/leads/custom_fields': collection('custom_fields', [{ id: 500, name: 'N', code: 'AMOBRIDGE_KEY', type: 'text', enums: null }]),
    '/api/v4/contacts/custom_fields': collection('custom_fields', [
      { id: 501, name: 'T', type: 'multitext', enums: [{ id: 1, value: 'MOB' }] },
    ]),
    '/api/v4/companies/custom_fields': { status: 204 },
  }
  const answer = ({ path }: StubRequest) => answers[path] ?? { status: 500 }

  test('tells what the account consists of, and null for users it may not see', async () => {
    await using amo = await startCrm(answer)
    expect(await amo.crm.readDirectory(call)).toEqual({
      amoAccountId: 31,
      name: 'Shop',
      subdomain: 'shop1',
      currency: 'RUB',
      filtersOn: false,
      lossReasonsOn: true,
      users: null,
      pipelines: [
        {
          id: 7,
          name: 'Main',
          main: true,
          unsortedOn: true,
          statuses: [
            { id: 60, name: 'S60', sort: 99, unsorted: true },
            { id: 61, name: 'S61', sort: 20, unsorted: false },
            { id: 142, name: 'S142', sort: 10_000, unsorted: false },
          ],
        },
      ],
      fields: [
        { id: 500, entity: 'deal', name: 'N', code: 'AMOBRIDGE_KEY', type: 'text', enums: [] },
        { id: 501, entity: 'contact', name: 'T', code: null, type: 'multitext', enums: [{ id: 1, value: 'MOB', code: null }] },
      ],
      lossReasons: [],
    })
  })

  test('tells who may be made responsible, and the currency where amoCRM does', async () => {
    const user = (id: number, rights: object) => ({ id, name: `U${id}`, email: `u${id}@example.test`, rights })
    const users = [user(1, { is_active: true, is_free: false }), user(2, { is_active: false }), user(3, { is_active: true, is_free: true })]
    const account: StubAnswer = {
      status: 200,
      json: { id: 31, name: 'Shop', subdomain: 'shop1', currency: 'KZT', is_api_filter_enabled: true },
    }
    const known: Record<string, StubAnswer> = { '/api/v4/users': collection('users', users), '/api/v4/account': account }
    await using amo = await startCrm((request) => known[request.path] ?? answer(request))
    const directory = await amo.crm.readDirectory(call)
    expect(directory).toMatchObject({ currency: 'KZT', filtersOn: true, lossReasonsOn: false })
    expect(directory.users?.map(({ id, assignable }) => [id, assignable])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ])
  })

  test('gets the fields it lacks, and only those', async () => {
    await using amo = await startCrm((request) => (request.method === 'POST' ? { status: 201, json: {} } : answer(request)))
    const field = (code: string) => ({ entity: 'deal' as const, code, name: code, type: 'text' as const, apiOnly: true })
    await amo.crm.createFields([field('AMOBRIDGE_KEY'), field('AMOBRIDGE_URL')], call)
    const posts = amo.stub.requests.filter(({ method }) => method === 'POST')
    expect(posts.map(({ path, body }) => [path, body])).toEqual([
      ['/api/v4/leads/custom_fields', [{ type: 'text', name: 'AMOBRIDGE_URL', code: 'AMOBRIDGE_URL', is_api_only: true }]],
    ])
  })
})
