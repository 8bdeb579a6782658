import { describe, expect, test } from 'vitest'
import { errorsOf, field, firstId, idsOf, rowsOf, startFixture } from './testing/fixture.ts'

describe('contacts', () => {
  test('are read in the shape of the docs', async () => {
    await using amo = await startFixture({ nowMs: () => 1_767_225_600_000 })
    await amo.post('/contacts', [
      {
        first_name: 'Анна',
        last_name: 'Петрова',
        responsible_user_id: 9000002,
        custom_fields_values: [{ field_code: 'PHONE', values: [{ value: '+79990001122', enum_code: 'MOB' }] }],
      },
    ])
    expect((await amo.get('/contacts/5100001')).body).toEqual({
      id: 5100001,
      name: 'Анна Петрова',
      first_name: 'Анна',
      last_name: 'Петрова',
      responsible_user_id: 9000002,
      group_id: 0,
      created_by: 0,
      updated_by: 0,
      created_at: 1767225600,
      updated_at: 1767225600,
      closest_task_at: null,
      is_deleted: false,
      custom_fields_values: [
        {
          field_id: 500101,
          field_name: 'Телефон',
          field_code: 'PHONE',
          field_type: 'multitext',
          values: [{ value: '+79990001122', enum_id: 700001, enum_code: 'MOB' }],
        },
      ],
      account_id: 31000001,
      _links: { self: { href: 'https://shop1.amocrm.ru/api/v4/contacts/5100001' } },
      _embedded: { tags: [], companies: [] },
    })
  })

  test('are made anew for a known phone', async () => {
    await using amo = await startFixture()
    const person = { first_name: 'А', custom_fields_values: [field('PHONE', '+79990001122')] }
    expect(idsOf(await amo.post('/contacts', [person, person]))).toEqual([5100001, 5100002])
  })

  test('get a name of first and last when one of them changes', async () => {
    await using amo = await startFixture()
    await amo.post('/contacts', [{ first_name: 'Анна', last_name: 'Петрова' }])
    await amo.patch('/contacts/5100001', { last_name: 'Сидорова' })
    expect(amo.amo.world.contact(5100001)?.name).toBe('Анна Сидорова')
  })

  test('a write of phones takes the place of all there were', async () => {
    await using amo = await startFixture()
    await amo.post('/contacts', [{ custom_fields_values: [field('PHONE', '1', '2')] }])
    await amo.patch('/contacts', [{ id: 5100001, custom_fields_values: [field('PHONE', '3')] }])
    expect(amo.amo.world.contact(5100001)?.fields).toEqual({ PHONE: ['3'] })
  })

  test('show their leads only when asked', async () => {
    await using amo = await startFixture()
    const contactId = amo.amo.world.createContact({}).id
    const leadId = amo.amo.world.createLead({ contactId }).id
    expect((await amo.get(`/contacts/${contactId}`)).text).not.toContain(String(leadId))
    expect((await amo.get(`/contacts/${contactId}?with=leads`)).body).toMatchObject({ _embedded: { leads: [{ id: leadId }] } })
    expect((await amo.get(`/leads/${leadId}?with=contacts`)).body).toMatchObject({
      _embedded: { contacts: [{ id: contactId, is_main: true }] },
    })
  })

  test('two merged ones leave a dead id and one contact with the leads of both', async () => {
    await using amo = await startFixture()
    const { world } = amo.amo
    const from = world.createContact({ firstName: 'А', phone: '1' }).id
    const into = world.createContact({ firstName: 'Б' }).id
    const leadId = world.createLead({ contactId: from }).id
    world.mergeContacts(from, into)
    expect((await amo.get(`/contacts/${from}`)).status).toBe(204)
    expect(world.lead(leadId)).toMatchObject({ contactIds: [into], mainContactId: into })
    expect(world.contact(into)).toMatchObject({ leadIds: [leadId], fields: { PHONE: ['1'] } })
  })
})

describe('companies', () => {
  test('have no first name, and show contacts and leads only when asked', async () => {
    await using amo = await startFixture()
    expect(errorsOf(await amo.post('/companies', [{ first_name: 'А' }]))).toEqual(['0 FieldNotExpected first_name'])
    const id = firstId(
      await amo.post('/companies', [{ name: 'ООО', custom_fields_values: [field('WEB', 'https://a.test'), field('EMAIL', 'a@a.test')] }]),
    )
    amo.amo.world.createLead({ companyId: id })
    expect((await amo.get(`/companies/${id}`)).body).toMatchObject({ name: 'ООО', _embedded: { tags: [] } })
    expect((await amo.get(`/companies/${id}?with=leads,contacts`)).body).toMatchObject({
      _embedded: { leads: [{ id: 4200001 }], contacts: [] },
    })
    expect(idsOf(await amo.patch('/companies', [{ id, name: 'АО' }]))).toEqual([id])
    expect(rowsOf(await amo.get('/companies?query=a@a'))).toMatchObject([{ name: 'АО' }])
  })
})

describe('tags', () => {
  test('have a dictionary for each kind; a known name keeps its id', async () => {
    await using amo = await startFixture()
    const lead = firstId(await amo.post('/leads/tags', [{ name: 'Сайт', color: 'FF8F92' }]))
    expect(firstId(await amo.post('/leads/tags', [{ name: 'Сайт' }]))).toBe(lead)
    expect(firstId(await amo.post('/contacts/tags', [{ name: 'Сайт' }]))).not.toBe(lead)
    await amo.post('/leads', [{ tags_to_add: [{ id: lead }, { name: 'Новый' }] }])
    expect(amo.amo.world.lead(4200001)?.tags).toEqual(['Сайт', 'Новый'])
    expect(idsOf(await amo.get('/leads/tags?filter[name]=Сайт'))).toEqual([lead])
    expect(idsOf(await amo.get('/leads/tags?query=сай'))).toEqual([lead])
    expect((await amo.get('/companies/tags')).status).toBe(204)
  })
})
