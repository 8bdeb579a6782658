import { describe, expect, test } from 'vitest'
import { errorsOf, field, idsOf, startFixture } from './testing/fixture.ts'

const phone = field('PHONE', '+79990001122')

describe('POST /leads/complex', () => {
  test('answers a bare array in the shape of the docs and joins what it made', async () => {
    await using amo = await startFixture()
    const answer = await amo.post('/leads/complex', [
      {
        request_id: 'order-10025',
        name: 'Заказ 10025',
        price: 15990,
        pipeline_id: 7000001,
        status_id: 60000002,
        responsible_user_id: 9000002,
        created_at: 1767225600,
        custom_fields_values: [field(500001, '10025'), field('UTM_SOURCE', 'yandex')],
        tags_to_add: [{ name: 'Сайт' }],
        _embedded: {
          contacts: [{ first_name: 'Анна', last_name: 'Петрова', custom_fields_values: [phone] }],
          companies: [{ name: 'ООО Пример' }],
        },
      },
      { name: 'Без людей' },
    ])
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual([
      { id: 4200001, contact_id: 5100001, company_id: 5400001, request_id: ['order-10025'], merged: false },
      { id: 4200002, contact_id: null, company_id: null, request_id: ['1'], merged: false },
    ])
    const world = amo.amo.world
    expect(world.lead(4200001)).toMatchObject({
      price: 15990,
      responsibleUserId: 9000002,
      createdAt: 1767225600,
      tags: ['Сайт'],
      contactIds: [5100001],
      mainContactId: 5100001,
      companyId: 5400001,
      fields: { SHOP_ORDER_ID: ['10025'], UTM_SOURCE: ['yandex'] },
    })
    expect(world.contact(5100001)).toMatchObject({ name: 'Анна Петрова', companyId: 5400001, fields: { PHONE: ['+79990001122'] } })
  })

  test('takes existing people by id, without joining them with each other', async () => {
    await using amo = await startFixture()
    const contact = amo.amo.world.createContact({ firstName: 'Анна' })
    const company = amo.amo.world.createCompany({ name: 'ООО' })
    const answer = await amo.post('/leads/complex', [{ _embedded: { contacts: [{ id: contact.id }], companies: [{ id: company.id }] } }])
    expect(answer.body).toMatchObject([{ contact_id: contact.id, company_id: company.id }])
    expect(amo.amo.world.contact(contact.id)?.companyId).toBeNull()
  })

  test.each([
    {
      note: 'id and model mixed',
      item: { _embedded: { contacts: [{ id: 5100001, name: 'А' }] } },
      errors: ['0 FieldNotExpected _embedded.contacts.0.name'],
    },
    {
      note: 'an unknown contact',
      item: { _embedded: { contacts: [{ id: 99 }] } },
      errors: ['0 NotSupportedChoice _embedded.contacts.0.id'],
    },
    {
      note: 'two contacts',
      item: { _embedded: { contacts: [{ name: 'А' }, { name: 'Б' }] } },
      errors: ['0 NotSupportedChoice _embedded.contacts'],
    },
    {
      note: 'a wrong field of the contact',
      item: { request_id: 'x', _embedded: { contacts: [{ custom_fields_values: [field('NOPE', '1')] }] } },
      errors: ['x NotSupportedChoice _embedded.contacts.0.custom_fields_values.0.field_code'],
    },
    { note: 'the unsorted status', item: { status_id: 60000001 }, errors: ['0 NotSupportedChoice status_id'] },
  ])('refuses the whole request for $note', async ({ item, errors }) => {
    await using amo = await startFixture()
    amo.amo.world.createContact({ name: 'А' })
    const answer = await amo.post('/leads/complex', [item, { name: 'good' }])
    expect(answer.status).toBe(400)
    expect(errorsOf(answer)).toEqual(errors)
    expect(amo.amo.world.leads()).toEqual([])
    expect(amo.amo.world.contacts()).toHaveLength(1)
  })

  test('takes at most 50 leads and 40 values of fields each', async () => {
    await using amo = await startFixture()
    const leads = (count: number) => Array.from({ length: count }, () => ({ name: 'A' }))
    expect((await amo.post('/leads/complex', leads(50))).status).toBe(200)
    expect((await amo.post('/leads/complex', leads(51))).status).toBe(400)
    const values = (count: number) => Array.from({ length: count }, () => field(500001, '1'))
    expect((await amo.post('/leads/complex', [{ custom_fields_values: values(40) }])).status).toBe(200)
    expect((await amo.post('/leads/complex', [{ _embedded: { contacts: [{ custom_fields_values: values(41) }] } }])).status).toBe(400)
    expect(amo.amo.world.leads()).toHaveLength(51)
  })

  test('makes a lead with metadata unsorted and keeps its people out of the lists until it is taken in', async () => {
    await using amo = await startFixture()
    const metadata = {
      category: 'forms',
      form_id: 'callback',
      form_name: 'Звонок',
      form_page: 'https://shop.example.test/',
      form_sent_at: 1767225601,
      ip: '192.0.2.10',
      referer: '',
    }
    const answer = await amo.post('/leads/complex', [
      { status_id: 60000003, _embedded: { metadata, contacts: [{ first_name: 'Олег', custom_fields_values: [phone] }] } },
    ])
    expect(answer.body).toMatchObject([{ id: 4200001, contact_id: 5100001 }])
    expect(amo.amo.world.lead(4200001)?.statusId).toBe(60000001)
    expect((await amo.get('/contacts')).status).toBe(204)
    await amo.patch('/leads/4200001', { price: 5 })
    expect(amo.amo.world.lead(4200001)?.statusId).toBe(60000002)
    expect(idsOf(await amo.get('/contacts?query=79990001122'))).toEqual([5100001])
  })
})
