import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { errorsOf, field, firstId, idsOf, rowsOf, startFixture } from './testing/fixture.ts'

const leadValues = (id: number, ...values: object[]) => [{ custom_fields_values: [{ field_id: id, values }] }]

const Read = z.object({ custom_fields_values: z.array(z.object({ values: z.array(z.looseObject({})) })).nullable() })

describe('values of fields', () => {
  const taken = [
    { note: 'text', id: 500001, value: { value: 'x' }, read: { value: 'x' } },
    { note: 'a numeric string', id: 500005, value: { value: '1.5' }, read: { value: '1.5' } },
    { note: 'a number, read as a string', id: 500005, value: { value: 12 }, read: { value: '12' } },
    { note: 'a checkbox', id: 500008, value: { value: true }, read: { value: true } },
    { note: 'a date in seconds', id: 500007, value: { value: 1767225600 }, read: { value: 1767225600 } },
    { note: 'a date in RFC 3339', id: 500007, value: { value: '2026-01-01T03:00:00+03:00' }, read: { value: 1767225600 } },
    { note: 'a select by text', id: 500002, value: { value: 'Карта' }, read: { value: 'Карта', enum_id: 800001, enum_code: 'card' } },
    {
      note: 'a select by enum id',
      id: 500002,
      value: { enum_id: 800002 },
      read: { value: 'Наличные', enum_id: 800002, enum_code: 'cash' },
    },
    {
      note: 'a select by enum code',
      id: 500002,
      value: { enum_code: 'cash' },
      read: { value: 'Наличные', enum_id: 800002, enum_code: 'cash' },
    },
    { note: 'tracking data', id: 500304, value: { value: 'yandex' }, read: { value: 'yandex' } },
  ]
  test.each(taken)('$note is taken', async ({ id, value, read }) => {
    await using amo = await startFixture()
    await amo.post('/leads', leadValues(id, value))
    expect(Read.parse((await amo.get('/leads/4200001')).body).custom_fields_values?.map(({ values }) => values)).toEqual([[read]])
  })

  const at = 'custom_fields_values.0.values'
  const refused = [
    { note: 'a number for text', id: 500001, value: { value: 1 }, error: `InvalidType ${at}.0.value` },
    { note: 'words for a number', id: 500005, value: { value: 'many' }, error: `InvalidType ${at}.0.value` },
    { note: 'a word for a checkbox', id: 500008, value: { value: 'yes' }, error: `InvalidType ${at}.0.value` },
    { note: 'a date in words', id: 500007, value: { value: '01.01.2026' }, error: `InvalidType ${at}.0.value` },
    { note: 'milliseconds', id: 500007, value: { value: 1767225600000 }, error: `InvalidType ${at}.0.value` },
    { note: 'an unknown text of a select', id: 500002, value: { value: 'Бартер' }, error: `NotSupportedChoice ${at}.0.value` },
    { note: 'an unknown enum id', id: 500002, value: { enum_id: 1 }, error: `NotSupportedChoice ${at}.0.enum_id` },
    { note: 'an unknown enum code', id: 500002, value: { enum_code: 'x' }, error: `NotSupportedChoice ${at}.0.enum_code` },
    { note: 'a key too many', id: 500001, value: { value: 'x', lang: 'ru' }, error: `FieldNotExpected ${at}.0.lang` },
    { note: 'a value without value', id: 500001, value: {}, error: `FieldMissing ${at}.0.value` },
  ]
  test.each(refused)('$note is refused', async ({ id, value, error }) => {
    await using amo = await startFixture()
    expect(errorsOf(await amo.post('/leads', leadValues(id, value)))).toEqual([`0 ${error}`])
    expect(amo.amo.world.account.fields.leads.get(500002)?.enums).toHaveLength(2)
  })

  test.each([
    { note: 'two values of one text', values: [{ value: 'a' }, { value: 'b' }], error: `NotSupportedChoice ${at}` },
    { note: 'an empty list', values: [], error: `InvalidType ${at}` },
    { note: 'no list', values: 'a', error: `InvalidType ${at}` },
  ])('$note is refused', async ({ values, error }) => {
    await using amo = await startFixture()
    const answer = await amo.post('/leads', [{ custom_fields_values: [{ field_id: 500001, values }] }])
    expect(errorsOf(answer)).toEqual([`0 ${error}`])
  })

  test('null clears; a lead without values shows null', async () => {
    await using amo = await startFixture()
    await amo.post('/leads', leadValues(500001, { value: 'x' }))
    await amo.patch('/leads/4200001', { custom_fields_values: [{ field_id: 500001, values: null }] })
    expect(Read.parse((await amo.get('/leads/4200001')).body).custom_fields_values).toBeNull()
  })

  test('a multiselect takes several, and a later write replaces them', async () => {
    await using amo = await startFixture()
    await amo.post('/leads', leadValues(500009, { value: 'Подарок' }, { enum_id: 800022 }))
    expect(amo.amo.world.lead(4200001)?.fields).toEqual({ 500009: ['Подарок', 'Хрупкое'] })
    await amo.patch('/leads/4200001', { custom_fields_values: [{ field_id: 500009, values: [{ value: 'Срочно' }] }] })
    expect(amo.amo.world.lead(4200001)?.fields).toEqual({ 500009: ['Срочно'] })
  })

  test('values go with a deleted field, and its id is refused', async () => {
    await using amo = await startFixture()
    await amo.post('/leads', leadValues(500001, { value: 'x' }))
    expect((await amo.send('DELETE', '/leads/custom_fields/500001')).status).toBe(204)
    expect(Read.parse((await amo.get('/leads/4200001')).body).custom_fields_values).toBeNull()
    expect(errorsOf(await amo.post('/leads', leadValues(500001, { value: 'x' })))).toEqual([
      '0 NotSupportedChoice custom_fields_values.0.field_id',
    ])
  })
})

describe('custom fields', () => {
  test('are listed with totals, by type and page by page', async () => {
    await using amo = await startFixture()
    const tracking = await amo.get('/leads/custom_fields?filter[type][0]=tracking_data&limit=10')
    expect(tracking.body).toMatchObject({ _total_items: 19, _page_count: 2, _links: { next: {}, last: {} } })
    expect(rowsOf(tracking)).toHaveLength(10)
    expect(rowsOf(tracking)[0]).toMatchObject({ code: 'UTM_CONTENT', type: 'tracking_data', is_predefined: true, enums: null })
    const phone = rowsOf(await amo.get('/contacts/custom_fields')).find(({ code }) => code === 'PHONE')
    expect(phone).toMatchObject({ id: 500101, type: 'multitext', entity_type: 'contacts' })
  })

  test('are made by an administrator with 201 and whole models, and take values at once', async () => {
    await using amo = await startFixture()
    const answer = await amo.post('/leads/custom_fields', [
      { type: 'text', name: 'Номер', code: 'MY_NUMBER', is_api_only: true, sort: 510 },
      { type: 'select', name: 'Выбор', enums: [{ value: 'Да', sort: 1, code: 'yes' }], request_id: 'x' },
    ])
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      _total_items: 2,
      _embedded: {
        custom_fields: [
          { code: 'MY_NUMBER', is_api_only: true, request_id: '0' },
          { enums: [{ value: 'Да', code: 'yes' }], request_id: 'x' },
        ],
      },
    })
    await amo.post('/leads', [{ custom_fields_values: [field('MY_NUMBER', '7')] }])
    expect(amo.amo.world.lead(4200001)?.fields).toEqual({ MY_NUMBER: ['7'] })
  })

  test.each([
    { note: 'no type', item: { name: 'A' }, error: '0 FieldMissing type' },
    { note: 'an unknown type', item: { name: 'A', type: 'colour' }, error: '0 NotSupportedChoice type' },
    { note: 'a select without enums', item: { name: 'A', type: 'select' }, error: '0 FieldMissing enums' },
    { note: 'phones on a lead', item: { name: 'A', type: 'multitext' }, error: '0 NotSupportedChoice type' },
  ])('$note is refused', async ({ item, error }) => {
    await using amo = await startFixture()
    expect(errorsOf(await amo.post('/leads/custom_fields', [item]))).toEqual([error])
  })

  test('enums sent without ids take the place of the old ones', async () => {
    await using amo = await startFixture()
    await amo.patch('/leads/custom_fields/500002', { enums: [{ id: 800001, value: 'Картой' }, { value: 'Бартер' }] })
    const enums = amo.amo.world.account.fields.leads.get(500002)?.enums ?? []
    expect(enums.map(({ id, value, code }) => [id, value, code])).toEqual([
      [800001, 'Картой', 'card'],
      [801001, 'Бартер', null],
    ])
  })
})

describe('groups of fields', () => {
  test('are made, changed and deleted; a missing one is 404, a predefined one stays', async () => {
    await using amo = await startFixture()
    const made = await amo.post('/leads/custom_fields/groups', [{ name: 'Магазин' }])
    expect(made.status).toBe(201)
    const [group] = rowsOf(made)
    expect(group).toMatchObject({ id: 'leads_10000000000001', name: 'Магазин', is_predefined: false })
    const path = '/leads/custom_fields/groups/leads_10000000000001'
    expect((await amo.patch(path, { name: 'Заказ' })).body).toMatchObject({ name: 'Заказ' })
    expect(rowsOf(await amo.get('/leads/custom_fields/groups')).map(({ id }) => id)).toEqual([
      'default',
      'statistic',
      'leads_10000000000001',
    ])
    expect((await amo.send('DELETE', path)).status).toBe(204)
    expect((await amo.get(path)).status).toBe(404)
    expect((await amo.send('DELETE', '/leads/custom_fields/groups/default')).status).toBe(400)
  })
})

describe('what only administrators may', () => {
  const asMaria = { 'x-context-user-id': '9000002' }
  test.each([
    ['GET', '/users', undefined],
    ['GET', '/users/9000001', undefined],
    ['POST', '/leads/custom_fields', [{ type: 'text', name: 'A' }]],
    ['PATCH', '/leads/custom_fields', [{ id: 500001, name: 'A' }]],
    ['DELETE', '/leads/custom_fields/500001', undefined],
    ['POST', '/leads/loss_reasons', [{ name: 'A' }]],
  ])('%s %s is 403 for others', async (method, path, body) => {
    await using amo = await startFixture()
    expect(await amo.send(method, path, body, asMaria)).toMatchObject({ status: 403, type: 'application/problem+json' })
    expect((await amo.send(method, path, body)).status).toBeLessThan(300)
  })

  test('X-Context-User-ID acts as that user; free, inactive and unknown ones are refused', async () => {
    await using amo = await startFixture()
    expect((await amo.get('/account', asMaria)).body).toMatchObject({ current_user_id: 9000002 })
    await amo.post('/leads', [{}], asMaria)
    expect(amo.amo.world.lead(4200001)).toMatchObject({ createdBy: 9000002, responsibleUserId: 9000002 })
    for (const id of ['9000008', '9000009', '1']) expect((await amo.get('/account', { 'x-context-user-id': id })).status).toBe(401)
  })
})

describe('account, users, pipelines, loss reasons', () => {
  test('are those of the samples', async () => {
    await using amo = await startFixture()
    expect((await amo.get('/account?with=users_groups,task_types')).body).toMatchObject({
      id: 31000001,
      subdomain: 'shop1',
      _embedded: { users_groups: [{ id: 0 }] },
    })
    expect(rowsOf(await amo.get('/users')).map(({ name }) => name)).toEqual(['Администратор', 'Мария', 'Пётр', 'Ольга', 'Иван'])
    const Pipelines = z.object({
      _total_items: z.int(),
      _embedded: z.object({
        pipelines: z.array(
          z.looseObject({ id: z.int(), _embedded: z.object({ statuses: z.array(z.looseObject({ id: z.int(), type: z.int() })) }) }),
        ),
      }),
    })
    const { _embedded } = Pipelines.parse((await amo.get('/leads/pipelines')).body)
    expect(_embedded.pipelines.map(({ id, _embedded: { statuses } }) => [id, statuses.map((status) => status.id)])).toEqual([
      [7000001, [60000001, 60000002, 60000003, 60000004, 60000005, 142, 143]],
      [7000002, [60000101, 60000102, 60000103, 60000104, 142, 143]],
    ])
    expect(_embedded.pipelines.map(({ _embedded: { statuses } }) => statuses.filter(({ type }) => type === 1).length)).toEqual([1, 1])
    expect((await amo.get('/leads/pipelines/7000001/statuses/142')).body).toMatchObject({
      id: 142,
      pipeline_id: 7000001,
      is_editable: false,
    })
  })

  test('loss reasons are made, changed and deleted', async () => {
    await using amo = await startFixture()
    const id = firstId(await amo.post('/leads/loss_reasons', [{ name: 'Передумал' }]))
    expect((await amo.patch(`/leads/loss_reasons/${id}`, { name: 'Раздумал' })).body).toMatchObject({ id, name: 'Раздумал' })
    expect((await amo.send('DELETE', `/leads/loss_reasons/${id}`)).status).toBe(204)
    expect(idsOf(await amo.get('/leads/loss_reasons'))).not.toContain(id)
  })
})
