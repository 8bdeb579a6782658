import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { errorsOf, field, firstId, idsOf, rowsOf, startFixture } from './testing/fixture.ts'

describe('POST /leads', () => {
  test('answers ids with the echoed or positional request_id and nothing more', async () => {
    await using amo = await startFixture()
    const answer = await amo.post('/leads', [{ id: 17, request_id: 'order-1', name: 'A' }, { name: 'B' }])
    expect(answer.type).toBe('application/hal+json')
    expect(answer.body).toEqual({
      _links: { self: { href: 'https://shop1.amocrm.ru/api/v4/leads' } },
      _embedded: {
        leads: [
          { id: 4200001, request_id: 'order-1', _links: { self: { href: 'https://shop1.amocrm.ru/api/v4/leads/4200001' } } },
          { id: 4200002, request_id: '1', _links: { self: { href: 'https://shop1.amocrm.ru/api/v4/leads/4200002' } } },
        ],
      },
    })
    expect((await amo.get('/leads/4200001')).text).not.toContain('order-1')
    expect((await amo.get('/leads/17')).status).toBe(204)
  })

  test('puts a lead where the pair says, into the first stage otherwise', async () => {
    await using amo = await startFixture()
    await amo.post('/leads', [{}, { pipeline_id: 7000002 }, { pipeline_id: 7000002, status_id: 142 }, { status_id: 60000004 }])
    const stages = amo.amo.world.leads().map(({ pipelineId, statusId, closedAt }) => [pipelineId, statusId, closedAt !== null])
    expect(stages).toEqual([
      [7000001, 60000002, false],
      [7000002, 60000102, false],
      [7000002, 142, true],
      [7000001, 60000004, false],
    ])
  })

  const wrong: { note: string; item: object; errors: string[] }[] = [
    { note: 'an unknown key', item: { colour: 1 }, errors: ['0 FieldNotExpected colour'] },
    { note: 'a key that is only read', item: { is_deleted: false }, errors: ['0 FieldNotExpected is_deleted'] },
    { note: 'a visitor', item: { visitor_uid: 'x' }, errors: ['0 FieldNotExpected visitor_uid'] },
    { note: 'elements', item: { _embedded: { catalog_elements: [] } }, errors: ['0 FieldNotExpected _embedded.catalog_elements'] },
    { note: 'a price in text', item: { price: '15990' }, errors: ['0 InvalidType price'] },
    { note: 'a price with kopecks', item: { price: 15.5 }, errors: ['0 InvalidType price'] },
    { note: 'a name that is a number', item: { name: 5 }, errors: ['0 InvalidType name'] },
    { note: 'milliseconds', item: { created_at: 1767225600000 }, errors: ['0 InvalidType created_at'] },
    { note: 'the unsorted status', item: { status_id: 60000001 }, errors: ['0 NotSupportedChoice status_id'] },
    {
      note: 'a status of another pipeline',
      item: { pipeline_id: 7000002, status_id: 60000002 },
      errors: ['0 NotSupportedChoice status_id'],
    },
    { note: 'an unknown pipeline', item: { pipeline_id: 1 }, errors: ['0 NotSupportedChoice pipeline_id'] },
    { note: 'an inactive user', item: { responsible_user_id: 9000009 }, errors: ['0 NotSupportedChoice responsible_user_id'] },
    { note: 'an unknown author', item: { created_by: 1 }, errors: ['0 NotSupportedChoice created_by'] },
    {
      note: 'an unknown field',
      item: { custom_fields_values: [field(1, 'x')] },
      errors: ['0 NotSupportedChoice custom_fields_values.0.field_id'],
    },
    {
      note: 'an unknown code',
      item: { custom_fields_values: [field('X', 'x')] },
      errors: ['0 NotSupportedChoice custom_fields_values.0.field_code'],
    },
    { note: 'an unknown tag id', item: { tags_to_add: [{ id: 1 }] }, errors: ['0 NotSupportedChoice tags_to_add.0.id'] },
    {
      note: 'an unknown contact',
      item: { _embedded: { contacts: [{ id: 1 }] } },
      errors: ['0 NotSupportedChoice _embedded.contacts.0.id'],
    },
    {
      note: 'a new contact',
      item: { _embedded: { contacts: [{ id: 1, name: 'А' }] } },
      errors: ['0 NotSupportedChoice _embedded.contacts.0.id', '0 FieldNotExpected _embedded.contacts.0.name'],
    },
    { note: 'two things at once', item: { request_id: 'o', price: null, name: [] }, errors: ['o InvalidType price', 'o InvalidType name'] },
  ]
  test.each(wrong)('refuses $note and stores nothing of the batch', async ({ item, errors }) => {
    await using amo = await startFixture()
    const answer = await amo.post('/leads', [item, { name: 'good' }])
    expect(answer.status).toBe(400)
    expect(answer.type).toBe('application/problem+json')
    expect(answer.body).toMatchObject({ title: 'Bad Request', status: 400, detail: 'Request validation failed' })
    expect(errorsOf(answer)).toEqual(errors)
    expect(amo.amo.world.leads()).toEqual([])
    expect(amo.amo.world.events()).toEqual([])
  })

  test.each([
    { note: 'an empty list', body: [], status: 400, detail: 'Request data can not be empty' },
    { note: 'no body', body: undefined, status: 400, detail: 'Request data can not be empty' },
    { note: 'an object', body: { name: 'A' }, status: 400, detail: 'Request data should be an array' },
    { note: 'too many', body: Array.from({ length: 251 }, () => ({})), status: 422, detail: 'Limit 250 per page' },
    { note: 'broken JSON', body: '[{', status: 400, detail: 'Request body is not valid JSON' },
  ])('answers $status to $note', async ({ body, status, detail }) => {
    await using amo = await startFixture()
    const answer = await amo.post('/leads', body)
    expect(answer).toMatchObject({ status, body: { status, detail } })
    expect(amo.amo.world.leads()).toEqual([])
  })
})

describe('PATCH of leads', () => {
  test('of many and of one answer ids with the new updated_at', async () => {
    let nowMs = 1_767_225_600_000
    await using amo = await startFixture({ nowMs: () => nowMs })
    const first = amo.amo.world.createLead({ name: 'A' }).id
    nowMs += 5000
    const many = await amo.patch('/leads', [{ id: first, price: 10, updated_at: 5 }])
    expect(rowsOf(many)).toEqual([{ id: first, updated_at: 1767225605, _links: expect.anything() }])
    const one = await amo.patch(`/leads/${first}`, { name: 'B' })
    expect(one.body).toEqual({ id: first, updated_at: 1767225605, _links: expect.anything() })
    expect(amo.amo.world.lead(first)).toMatchObject({ name: 'B', price: 10, updatedBy: 0, updatedAt: 1767225605 })
  })

  test('crossed forms are 405', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({ name: 'A' })
    expect((await amo.patch(`/leads/${id}`, [{ id, name: 'B' }])).status).toBe(405)
    expect((await amo.patch('/leads', { id, name: 'B' })).status).toBe(405)
    expect(amo.amo.world.lead(id)?.name).toBe('A')
  })

  test('leave out what is missing: 204 when all is', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({ name: 'A' })
    const gone = amo.amo.world.createLead({ name: 'B' }).id
    amo.amo.world.deleteLead(gone)
    expect(
      idsOf(
        await amo.patch('/leads', [
          { id, name: 'C' },
          { id: gone, name: 'C' },
        ]),
      ),
    ).toEqual([id])
    expect((await amo.patch('/leads', [{ id: gone, name: 'C' }])).status).toBe(204)
    expect((await amo.patch(`/leads/${gone}`, { name: 'C' })).status).toBe(204)
  })

  test.each([404, 400] as const)('of a missing one can be %i', async (missingPatch) => {
    await using amo = await startFixture({ habits: { missingPatch } })
    expect((await amo.patch('/leads/1', { name: 'C' })).status).toBe(missingPatch)
  })

  test('sets and clears closed_at with 142 and 143', async () => {
    await using amo = await startFixture({ nowMs: () => 1_767_225_600_000 })
    const { id } = amo.amo.world.createLead({})
    const closedAt = async (status_id: number) => {
      await amo.patch(`/leads/${id}`, { pipeline_id: 7000001, status_id })
      return amo.amo.world.lead(id)?.closedAt
    }
    expect([await closedAt(142), await closedAt(60000003), await closedAt(143)]).toEqual([1767225600, null, 1767225600])
  })

  test('drops contacts and companies in _embedded without a word', async () => {
    await using amo = await startFixture()
    const contactId = amo.amo.world.createContact({ firstName: 'А' }).id
    const { id } = amo.amo.world.createLead({})
    const answer = await amo.patch(`/leads/${id}`, { _embedded: { contacts: [{ id: contactId }], companies: [{ id: 5 }] } })
    expect(answer.status).toBe(200)
    expect(amo.amo.world.lead(id)?.contactIds).toEqual([])
  })

  test('replaces tags by _embedded, adds and deletes by name', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({ addTags: ['a', 'b'] })
    const tagsAfter = async (change: object) => {
      await amo.patch(`/leads/${id}`, change)
      return amo.amo.world.lead(id)?.tags
    }
    expect(await tagsAfter({ tags_to_add: [{ name: 'c' }], tags_to_delete: [{ name: 'a' }] })).toEqual(['b', 'c'])
    expect(await tagsAfter({ _embedded: { tags: [{ name: 'd' }] } })).toEqual(['d'])
    expect(await tagsAfter({ _embedded: { tags: null } })).toEqual([])
  })
})

describe('a loss reason', () => {
  const refusal = 'Loss reason can be specified only for lost lead'
  test('is refused in the second shape while the lead is open, null too', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({})
    for (const reason of [300001, null]) {
      const answer = await amo.patch('/leads', [{ id, name: 'changed', loss_reason_id: reason }])
      expect(answer).toMatchObject({ status: 400, body: { errors: { [id]: refusal }, detail: 'Invalid request body' } })
    }
    expect((await amo.post('/leads', [{ loss_reason_id: 300001 }])).body).toMatchObject({ errors: { 0: refusal } })
    expect(amo.amo.world.leads()).toMatchObject([{ name: '' }])
  })

  test('is taken once the lead is lost, and stays after reopening', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({ statusId: 143 })
    expect((await amo.patch(`/leads/${id}`, { loss_reason_id: 300001 })).status).toBe(200)
    const Reasons = z.object({ _embedded: z.object({ loss_reason: z.array(z.looseObject({ id: z.int() })) }) })
    const { _embedded } = Reasons.parse((await amo.get(`/leads/${id}?with=loss_reason`)).body)
    expect(_embedded.loss_reason.map((reason) => reason.id)).toEqual([300001])
    await amo.patch(`/leads/${id}`, { pipeline_id: 7000001, status_id: 60000003 })
    expect(amo.amo.world.lead(id)?.lossReasonId).toBe(300001)
  })

  test.each([
    { habit: 'refused', status: 400 },
    { habit: 'accepted', status: 200 },
  ] as const)('together with 143 is $habit as the account is set', async ({ habit, status }) => {
    await using amo = await startFixture({ habits: { lossReasonWithStatus: habit } })
    const { id } = amo.amo.world.createLead({})
    expect((await amo.patch(`/leads/${id}`, { pipeline_id: 7000001, status_id: 143, loss_reason_id: 300001 })).status).toBe(status)
  })
})

describe('what is gone', () => {
  test('a deleted lead is 204, in the bin only with its few keys, and comes back', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({ name: 'A', price: 5 })
    amo.amo.world.deleteLead(id)
    expect((await amo.get(`/leads/${id}`)).status).toBe(204)
    expect((await amo.get('/leads')).status).toBe(204)
    const [row] = rowsOf(await amo.get('/leads?with=only_deleted'))
    expect(Object.keys(row ?? {}).sort()).toEqual(['_links', 'id', 'is_deleted', 'updated_at', 'updated_by'])
    amo.amo.world.restoreLead(id)
    expect(idsOf(await amo.get('/leads'))).toEqual([id])
  })

  test('of two merged leads one is left with the contacts, tags, fields and notes of both', async () => {
    await using amo = await startFixture()
    const { world } = amo.amo
    const contactId = world.createContact({ firstName: 'А' }).id
    const from = world.createLead({ addTags: ['x'], fields: { 500013: 'Тверь', SHOP_ORDER_ID: '1' }, contactId }).id
    const into = world.createLead({ fields: { SHOP_ORDER_ID: '2' } }).id
    world.addNote('leads', from, 'note')
    world.mergeLeads(from, into)
    expect((await amo.get(`/leads/${from}`)).status).toBe(204)
    expect((await amo.get('/leads?with=only_deleted')).status).toBe(204)
    expect(world.lead(into)).toMatchObject({ tags: ['x'], contactIds: [contactId], fields: { SHOP_ORDER_ID: ['2'], 500013: ['Тверь'] } })
    expect(rowsOf(await amo.get(`/leads/${into}/notes`))).toMatchObject([{ params: { text: 'note' } }])
    expect(rowsOf(await amo.get('/events?filter[type]=entity_merged'))).toMatchObject([{ value_before: [], value_after: [] }])
  })

  test.each(['leads', 'contacts', 'companies'])('%s have no DELETE', async (kind) => {
    await using amo = await startFixture()
    expect((await amo.send('DELETE', `/${kind}/1`)).status).toBe(405)
    expect((await amo.send('DELETE', `/${kind}`)).status).toBe(405)
  })

  test('an unknown route is 404 with problem+json', async () => {
    await using amo = await startFixture()
    for (const path of ['/nothing', '/leads/abc', '/catalogs', '/tasks', '/webhooks', '/leads/unsorted'])
      expect(await amo.get(path)).toMatchObject({ status: 404, type: 'application/problem+json' })
  })
})

describe('a field that is refused', () => {
  test.each([
    {
      note: 'by id',
      refused: { entity: 'leads', field: 500001 },
      item: { custom_fields_values: [field('SHOP_ORDER_ID', '1')] },
      error: '0 NotSupportedChoice custom_fields_values.0.field_code',
    },
    {
      note: 'by code',
      refused: { entity: 'leads', field: 'UTM_SOURCE', code: 'Odd' },
      item: { custom_fields_values: [field('UTM_SOURCE', '1')] },
      error: '0 Odd custom_fields_values.0.field_code',
    },
    { note: 'a plain key', refused: { entity: 'leads', field: 'price' }, item: { price: 5 }, error: '0 NotSupportedChoice price' },
  ] as const)('answers 400 for it, $note, until it is accepted again', async ({ refused, item, error }) => {
    await using amo = await startFixture()
    amo.amo.world.refuseField(refused)
    expect(errorsOf(await amo.post('/leads', [item]))).toEqual([error])
    expect((await amo.post('/leads', [{ name: 'without' }])).status).toBe(200)
    amo.amo.world.acceptFields()
    expect(firstId(await amo.post('/leads', [item]))).toBe(4200002)
  })
})
