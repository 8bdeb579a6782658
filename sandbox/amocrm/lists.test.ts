import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { field, idsOf, rowsOf, startFixture } from './testing/fixture.ts'

const Page = z.looseObject({ _page: z.int(), _links: z.looseObject({ next: z.object({ href: z.string() }).optional() }) })

describe('pages', () => {
  test('hold 50 rows unless told, newest first, no totals, next only when there is more', async () => {
    await using amo = await startFixture()
    for (let made = 0; made < 60; made += 1) amo.amo.world.createLead({})
    const first = await amo.get('/leads')
    expect(idsOf(first)).toHaveLength(50)
    expect(idsOf(first)[0]).toBe(4200060)
    expect(Object.keys(Page.parse(first.body)).sort()).toEqual(['_embedded', '_links', '_page'])
    expect(Page.parse(first.body)._links.next?.href).toBe('https://shop1.amocrm.ru/api/v4/leads?limit=50&page=2')
    const second = await amo.get('/leads?page=2')
    expect(idsOf(second)).toHaveLength(10)
    expect(Page.parse(second.body)._links.next).toBeUndefined()
    expect(await amo.get('/leads?page=3')).toMatchObject({ status: 204, text: '' })
  })

  test('hold 250 rows at most, events 100', async () => {
    await using amo = await startFixture()
    for (let made = 0; made < 260; made += 1) amo.amo.world.createLead({})
    expect(idsOf(await amo.get('/leads?limit=500'))).toHaveLength(250)
    expect(rowsOf(await amo.get('/events?limit=250'))).toHaveLength(100)
  })

  test('can always show next, then 204', async () => {
    await using amo = await startFixture({ habits: { alwaysNext: true } })
    amo.amo.world.createLead({})
    expect(Page.parse((await amo.get('/leads')).body)._links.next).toBeDefined()
    expect((await amo.get('/leads?page=2')).status).toBe(204)
  })

  test.each(['order[name]=asc', 'order[id]=up', 'page=0', 'limit=many'])('?%s is 400', async (query) => {
    await using amo = await startFixture()
    expect((await amo.get(`/leads?${query}`)).status).toBe(400)
  })

  test('whatever was changed in whatever order, order[updated_at] reads it sorted and whole', async () => {
    const change = fc.record({ lead: fc.nat(9), aheadSec: fc.integer({ min: 0, max: 3 }), remove: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
        let nowMs = 1_767_225_600_000
        await using amo = await startFixture({ nowMs: () => nowMs })
        const { world } = amo.amo
        const ids = Array.from({ length: 10 }, () => world.createLead({}).id)
        for (const { lead, aheadSec, remove } of changes) {
          nowMs += aheadSec * 1000
          const id = ids[lead] ?? 0
          if (world.lead(id)?.place === 'bin') world.restoreLead(id)
          else if (remove) world.deleteLead(id)
          else world.editLead(id, { price: aheadSec })
        }
        const expected = world.leads().sort((a, b) => b.updatedAt - a.updatedAt || b.id - a.id)
        expect(idsOf(await amo.get('/leads?order[updated_at]=desc&limit=250'))).toEqual(expected.map(({ id }) => id))
        expect(idsOf(await amo.get('/leads?order[id]=asc&limit=250'))).toEqual(world.leads().map(({ id }) => id))
      }),
      { numRuns: 20 },
    )
  })
})

describe('filters', () => {
  const lead = (name: string, statusId: number, fields: Record<string, unknown> = {}) => ({ name, statusId, fields })
  const cases = [
    { query: 'filter[name]=b', found: ['B'] },
    { query: 'filter[name][]=a&filter[name][]=B', found: ['A', 'B'] },
    { query: 'filter[statuses][0][pipeline_id]=7000001&filter[statuses][0][status_id]=142', found: ['C'] },
    { query: 'filter[statuses][0][pipeline_id]=7000002&filter[statuses][0][status_id]=142', found: [] },
    { query: 'filter[custom_fields_values][500001][]=10025&filter[custom_fields_values][500001][]=10026', found: ['A', 'B'] },
    { query: 'filter%5Bcustom_fields_values%5D%5B500002%5D=800001', found: ['A'] },
    { query: 'filter[custom_fields_values][500007][from]=100&filter[custom_fields_values][500007][to]=200', found: ['B'] },
    { query: 'filter[custom_fields_values][500008]=1', found: ['C'] },
    { query: 'filter[updated_at]=5', found: [] },
    { query: 'filter[pipeline_id]=7000001&filter[name]=C', found: ['C'] },
  ]
  async function filled(filtersOn: boolean) {
    const amo = await startFixture({ filtersOn })
    const { world } = amo.amo
    world.createLead(lead('A', 60000002, { SHOP_ORDER_ID: '10025', 500002: 'Карта' }))
    world.createLead(lead('B', 60000003, { SHOP_ORDER_ID: '10026', 500007: 150 }))
    world.createLead(lead('C', 142, { 500008: true, 500007: 250 }))
    return amo
  }
  test.each(cases)('$query finds $found where they are paid for', async ({ query, found }) => {
    await using amo = await filled(true)
    expect(rowsOf(await amo.get(`/leads?order[id]=asc&${query}`)).map(({ name }) => name)).toEqual(found)
  })

  test('are passed over in silence where they are not, and the account says which', async () => {
    await using amo = await filled(false)
    expect(idsOf(await amo.get('/leads?filter[id]=4200001'))).toHaveLength(3)
    expect((await amo.get('/account?with=is_api_filter_enabled')).body).toMatchObject({ is_api_filter_enabled: false })
    amo.amo.world.setFilters(true)
    expect(idsOf(await amo.get('/leads?filter[id]=4200001'))).toEqual([4200001])
    expect((await amo.get('/account?with=is_api_filter_enabled')).body).toMatchObject({ is_api_filter_enabled: true })
  })
})

describe('query', () => {
  const people = [
    { firstName: 'Анна', phone: '+79990001122' },
    { firstName: 'Олег', phone: '8 (999) 000-11-22', email: 'Oleg@Example.test' },
  ]
  test.each([
    { query: '79990001122', found: ['Анна'] },
    { query: '9990001122', found: ['Анна'] },
    { query: '8 (999) 000-11-22', found: ['Олег'] },
    { query: 'oleg@example', found: ['Олег'] },
    { query: 'АННА', found: ['Анна'] },
    { query: 'nobody', found: [] },
  ])('$query finds $found: a part of the text as stored', async ({ query, found }) => {
    await using amo = await startFixture()
    for (const person of people) amo.amo.world.createContact(person)
    expect(rowsOf(await amo.get(`/contacts?query=${encodeURIComponent(query)}`)).map(({ name }) => name)).toEqual(found)
  })

  test('lags behind the lists by the time it is set to', async () => {
    let nowMs = 1_767_225_600_000
    await using amo = await startFixture({ searchLagMs: 3000, nowMs: () => nowMs })
    await amo.post('/leads', [{ custom_fields_values: [field(500001, 'one')] }])
    expect(idsOf(await amo.get('/leads'))).toHaveLength(1)
    expect(idsOf(await amo.get('/leads?query=one'))).toEqual([])
    nowMs += 3000
    expect(idsOf(await amo.get('/leads?query=one'))).toEqual([4200001])
    await amo.patch('/leads/4200001', { custom_fields_values: [field(500001, 'two')] })
    expect([idsOf(await amo.get('/leads?query=one')), idsOf(await amo.get('/leads?query=two'))]).toEqual([[4200001], []])
    amo.amo.clock.advance(3000)
    expect([idsOf(await amo.get('/leads?query=one')), idsOf(await amo.get('/leads?query=two'))]).toEqual([[], [4200001]])
  })
})
