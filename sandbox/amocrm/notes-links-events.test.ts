import { describe, expect, test } from 'vitest'
import { errorsOf, field, firstId, idsOf, rowsOf, startFixture } from './testing/fixture.ts'

const service = (text: string) => ({ note_type: 'service_message', params: { service: 'Магазин', text } })

describe('notes', () => {
  test('of many entities at once answer in the shape of the docs', async () => {
    await using amo = await startFixture()
    amo.amo.world.createLead({})
    const answer = await amo.post('/leads/notes', [
      { ...service('A'), entity_id: 4200001, request_id: 'n1', is_need_to_trigger_digital_pipeline: false },
    ])
    expect(answer.body).toEqual({
      _links: { self: { href: 'https://shop1.amocrm.ru/api/v4/leads/notes' } },
      _embedded: {
        notes: [
          {
            id: 76000001,
            entity_id: 4200001,
            request_id: 'n1',
            _links: { self: { href: 'https://shop1.amocrm.ru/api/v4/leads/4200001/notes/76000001' } },
          },
        ],
      },
    })
    expect((await amo.get('/leads/notes/76000001')).body).toMatchObject({
      note_type: 'service_message',
      params: { service: 'Магазин', text: 'A' },
      created_by: 0,
    })
  })

  test.each([
    { note: 'no entity', item: service('A'), error: '0 FieldMissing entity_id' },
    { note: 'an unknown entity', item: { ...service('A'), entity_id: 1 }, error: '0 NotSupportedChoice entity_id' },
    {
      note: 'an unknown type',
      item: { entity_id: 4200001, note_type: 'loud', params: { text: 'A' } },
      error: '0 NotSupportedChoice note_type',
    },
    {
      note: 'no service',
      item: { entity_id: 4200001, note_type: 'service_message', params: { text: 'A' } },
      error: '0 FieldMissing params.service',
    },
    {
      note: 'text beside params',
      item: { entity_id: 4200001, note_type: 'common', params: { text: 'A' }, text: 'A' },
      error: '0 FieldNotExpected text',
    },
    {
      note: 'text that is none',
      item: { entity_id: 4200001, note_type: 'common', params: { text: 5 } },
      error: '0 InvalidType params.text',
    },
  ])('$note is refused for the whole batch', async ({ item, error }) => {
    await using amo = await startFixture()
    amo.amo.world.createLead({})
    expect(errorsOf(await amo.post('/leads/notes', [item, { ...service('B'), entity_id: 4200001 }]))).toEqual([error])
    expect(amo.amo.world.notes()).toEqual([])
  })

  test('are listed of one lead or of several, by type and since a time, and changed', async () => {
    let nowMs = 1_767_225_600_000
    await using amo = await startFixture({ nowMs: () => nowMs })
    const { world } = amo.amo
    const [one, two] = [world.createLead({}).id, world.createLead({}).id]
    const first = firstId(await amo.post(`/leads/${one}/notes`, [service('A')]))
    world.addNote('leads', two, 'B')
    expect(idsOf(await amo.get(`/leads/${one}/notes`))).toEqual([first])
    expect(rowsOf(await amo.get(`/leads/notes?filter[entity_id][]=${one}&filter[entity_id][]=${two}`))).toHaveLength(2)
    expect(idsOf(await amo.get('/leads/notes?filter[note_type]=service_message'))).toEqual([first])
    nowMs += 10_000
    const changed = await amo.patch(`/leads/notes/${first}`, service('C'))
    expect(changed.body).toEqual({ id: first, entity_id: one, updated_at: 1767225610, _links: expect.anything() })
    expect(idsOf(await amo.get('/leads/notes?filter[updated_at]=1767225610'))).toEqual([first])
    expect(errorsOf(await amo.patch('/leads/notes', [{ id: first, params: { text: 'D' } }]))).toEqual(['0 FieldMissing note_type'])
  })

  test('go with a deleted lead', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({})
    amo.amo.world.addNote('leads', id, 'A')
    amo.amo.world.deleteLead(id)
    expect((await amo.get(`/leads/${id}/notes`)).status).toBe(204)
    expect((await amo.get('/leads/notes')).status).toBe(204)
  })
})

describe('links', () => {
  const to = (to_entity_type: string, to_entity_id: number, metadata?: object) => ({
    to_entity_type,
    to_entity_id,
    ...(metadata ? { metadata } : {}),
  })

  test('have is_main when written, main_contact when read, and exactly one main contact', async () => {
    await using amo = await startFixture()
    const { world } = amo.amo
    const lead = world.createLead({}).id
    const [a, b] = [world.createContact({}).id, world.createContact({}).id]
    await amo.post(`/leads/${lead}/link`, [to('contacts', a)])
    const linked = await amo.post(`/leads/${lead}/link`, [to('contacts', b, { is_main: true })])
    expect(rowsOf(linked)).toEqual([
      { entity_id: lead, entity_type: 'leads', to_entity_id: b, to_entity_type: 'contacts', metadata: { main_contact: true } },
    ])
    expect(rowsOf(await amo.get(`/leads/${lead}/links`)).map(({ to_entity_id, metadata }) => [to_entity_id, metadata])).toEqual([
      [a, { main_contact: false }],
      [b, { main_contact: true }],
    ])
    expect((await amo.post(`/leads/${lead}/unlink`, [to('contacts', b)])).status).toBe(204)
    expect(world.lead(lead)).toMatchObject({ contactIds: [a], mainContactId: a })
  })

  test('a second company takes the place of the first', async () => {
    await using amo = await startFixture()
    const { world } = amo.amo
    const lead = world.createLead({}).id
    const [a, b] = [world.createCompany({}).id, world.createCompany({}).id]
    await amo.post('/leads/link', [
      { entity_id: lead, ...to('companies', a) },
      { entity_id: lead, ...to('companies', b) },
    ])
    expect(rowsOf(await amo.get(`/leads/links?filter[entity_id][]=${lead}`))).toEqual([
      { entity_id: lead, entity_type: 'leads', to_entity_id: b, to_entity_type: 'companies', metadata: null },
    ])
    expect(world.company(a)?.leadIds).toEqual([])
  })

  test.each([
    {
      note: 'a lead from the contact',
      path: '/contacts/5100001/link',
      item: to('leads', 4200001),
      error: '0 NotSupportedChoice to_entity_type',
    },
    { note: 'an unknown contact', path: '/leads/4200001/link', item: to('contacts', 1), error: '0 NotSupportedChoice to_entity_id' },
    {
      note: 'an inactive author',
      path: '/leads/4200001/link',
      item: to('contacts', 5100001, { updated_by: 9000009 }),
      error: '0 NotSupportedChoice metadata.updated_by',
    },
    {
      note: 'from_catalog_id',
      path: '/leads/4200001/link',
      item: to('contacts', 5100001, { from_catalog_id: 1 }),
      error: '0 FieldNotExpected metadata.from_catalog_id',
    },
    {
      note: 'main_contact',
      path: '/leads/4200001/link',
      item: to('contacts', 5100001, { main_contact: true }),
      error: '0 FieldNotExpected metadata.main_contact',
    },
    { note: 'no entity', path: '/leads/link', item: to('contacts', 5100001), error: '0 FieldMissing entity_id' },
  ])('$note is refused', async ({ path, item, error }) => {
    await using amo = await startFixture()
    amo.amo.world.createLead({})
    amo.amo.world.createContact({})
    expect(errorsOf(await amo.post(path, [item]))).toEqual([error])
  })

  test('of many need entity_id', async () => {
    await using amo = await startFixture()
    expect((await amo.get('/leads/links')).status).toBe(400)
  })
})

describe('events', () => {
  const before = (value: unknown) => expect.objectContaining({ value_before: value })
  const steps = [
    {
      note: 'a stage',
      edit: { statusId: 142 },
      type: 'lead_status_changed',
      after: [{ lead_status: { id: 142, pipeline_id: 7000001 } }],
      before: [{ lead_status: { id: 60000002, pipeline_id: 7000001 } }],
    },
    {
      note: 'a price',
      edit: { price: 15990 },
      type: 'sale_field_changed',
      after: [{ sale_field_value: { sale: 15990 } }],
      before: [{ sale_field_value: { sale: 0 } }],
    },
    {
      note: 'a name',
      edit: { name: 'B' },
      type: 'name_field_changed',
      after: [{ name_field_value: { name: 'B' } }],
      before: [{ name_field_value: { name: 'A' } }],
    },
    {
      note: 'a responsible user',
      edit: { responsibleUserId: 9000003 },
      type: 'entity_responsible_changed',
      after: [{ responsible_user: { id: 9000003 } }],
      before: [{ responsible_user: { id: 9000002 } }],
    },
    {
      note: 'a tag',
      edit: { addTags: ['x', 'y'] },
      type: 'entity_tag_added',
      after: [{ tag: { name: 'x' } }, { tag: { name: 'y' } }],
      before: [],
    },
    {
      note: 'a select',
      edit: { fields: { 500002: 'Карта' } },
      type: 'custom_field_500002_value_changed',
      after: [{ custom_field_value: { field_id: 500002, field_type: 4, enum_id: 800001, text: 'Карта' } }],
      before: [],
    },
  ]
  test.each(steps)('$note leaves $type with both values', async ({ edit, type, after, before: old }) => {
    await using amo = await startFixture({ nowMs: () => 1_767_225_600_000 })
    const { id } = amo.amo.world.createLead({ name: 'A' })
    amo.amo.world.editLead(id, edit)
    const [event, ...others] = rowsOf(await amo.get(`/events?filter[type][]=${type}`))
    expect(others).toEqual([])
    expect(event).toEqual(before(old))
    expect(event).toMatchObject({
      type,
      entity_id: id,
      entity_type: 'lead',
      created_by: 9000002,
      created_at: 1767225600,
      value_after: after,
      account_id: 31000001,
    })
    expect(event?.id).toMatch(/^[0-9a-z]{26}$/)
  })

  test('of deletion, restoring and merging are empty; notes and links name the other side', async () => {
    await using amo = await startFixture()
    const { world } = amo.amo
    const contactId = world.createContact({}).id
    const { id } = world.createLead({ contactId })
    world.deleteLead(id)
    world.restoreLead(id)
    world.addNote('leads', id, 'A')
    const events = rowsOf(await amo.get('/events?filter[entity]=lead'))
    expect(events.map(({ type, value_after, value_before }) => [type, value_after, value_before])).toEqual([
      ['common_note_added', [{ note: { id: 76000001 } }], []],
      ['lead_restored', [], []],
      ['lead_deleted', [], []],
      ['entity_linked', [{ link: { entity: { type: 'contact', id: contactId } } }], []],
      ['lead_added', [], []],
    ])
  })

  test('are filtered by type, entity, author, time, id and value', async () => {
    let nowMs = 1_767_225_600_000
    await using amo = await startFixture({ nowMs: () => nowMs })
    const { world } = amo.amo
    const lead = world.createLead({}).id
    world.createContact({}, 9000003)
    nowMs += 60_000
    await amo.patch(`/leads/${lead}`, { pipeline_id: 7000001, status_id: 142, custom_fields_values: [field(500001, 'x')] })
    const types = async (query: string) => rowsOf(await amo.get(`/events?${query}`)).map(({ type }) => type)
    expect(await types('filter[created_at]=1767225660')).toEqual(['custom_field_500001_value_changed', 'lead_status_changed'])
    expect(await types('filter[created_at][from]=1767225600&filter[created_at][to]=1767225601')).toEqual(['contact_added', 'lead_added'])
    expect(await types('filter[created_by][]=9000003')).toEqual(['contact_added'])
    expect(await types(`filter[entity]=lead&filter[entity_id][]=${lead}&filter[type][]=lead_added`)).toEqual(['lead_added'])
    const value = 'filter[value_after][leads_statuses][0][pipeline_id]=7000001&filter[value_after][leads_statuses][0][status_id]='
    expect(await types(`${value}142`)).toEqual(['lead_status_changed'])
    expect(await types(`${value}143`)).toEqual([])
    const [event] = rowsOf(await amo.get('/events?limit=1'))
    expect(await types(`filter[id][]=${event?.id}`)).toEqual(['custom_field_500001_value_changed'])
    expect((await amo.get(`/events/${event?.id}`)).body).toEqual(event)
  })

  test.each([
    'filter[entity_id]=1',
    'filter[entity][]=lead&filter[entity][]=contact&filter[entity_id]=1',
    'filter[type][]=custom_field_5_value_changed&filter[type][]=lead_added',
    `filter[entity]=lead&filter[entity_id]=${Array.from({ length: 11 }, (_, n) => n).join(',')}`,
  ])('?%s is 400', async (query) => {
    await using amo = await startFixture()
    expect((await amo.get(`/events?${query}`)).status).toBe(400)
  })
})
