import { describe, expect, test } from 'vitest'
import { companyId, contactId, fieldId, pipelineId, statusId, userId } from '../core/ids.ts'
import { toAmoLead, toComplexLead, toCreatedDeals, toDeal, toNewLead } from './map-deal.ts'

const stage = { pipelineId: pipelineId(7), statusId: statusId(60) }

describe(toAmoLead, () => {
  test('writes what is given and nothing else', () => {
    expect(toAmoLead({})).toEqual({})
    expect(toAmoLead({ price: 0 })).toEqual({ price: 0 })
    expect(toAmoLead({ fields: [], tagsToAdd: [], tagsToDelete: [] })).toEqual({})
  })

  test('says each thing in amoCRM’s words', () => {
    const write = {
      name: 'Order 1',
      price: 15_990,
      stage,
      responsibleId: userId(9),
      lossReasonId: 3,
      createdAt: new Date('2026-01-01T00:00:00.900Z'),
      tagsToAdd: ['Сайт', '2024'],
      tagsToDelete: ['Old'],
      fields: [
        { fieldId: fieldId(500), values: [{ value: 'a' }] },
        { fieldId: fieldId(501), values: [{ enumId: 8 }] },
        { fieldId: fieldId(502), values: [] },
      ],
    }
    expect(toAmoLead(write)).toEqual({
      name: 'Order 1',
      price: 15_990,
      pipeline_id: 7,
      status_id: 60,
      responsible_user_id: 9,
      loss_reason_id: 3,
      created_at: 1_767_225_600,
      tags_to_add: [{ name: 'Сайт' }, { name: '2024' }],
      tags_to_delete: [{ name: 'Old' }],
      custom_fields_values: [
        { field_id: 500, values: [{ value: 'a' }] },
        { field_id: 501, values: [{ enum_id: 8 }] },
        { field_id: 502, values: null },
      ],
    })
  })
})

describe(toComplexLead, () => {
  test('a new contact’s phone is mobile and its e-mail for work unless it says otherwise', () => {
    const phones = [{ value: '+79990001122' }, { value: '+74950000000', enumCode: 'WORK' }]
    const lead = toComplexLead({
      key: 'order-1',
      deal: { stage },
      contact: { create: { firstName: 'Анна', phones, emails: [{ value: 'anna@example.test' }] } },
      company: { id: companyId(52) },
    })
    expect(lead).toEqual({
      request_id: 'order-1',
      pipeline_id: 7,
      status_id: 60,
      _embedded: {
        contacts: [
          {
            first_name: 'Анна',
            custom_fields_values: [
              {
                field_code: 'PHONE',
                values: [
                  { value: '+79990001122', enum_code: 'MOB' },
                  { value: '+74950000000', enum_code: 'WORK' },
                ],
              },
              { field_code: 'EMAIL', values: [{ value: 'anna@example.test', enum_code: 'WORK' }] },
            ],
          },
        ],
        companies: [{ id: 52 }],
      },
    })
  })

  test('nobody goes along when there is nobody', () => {
    expect(toComplexLead({ key: 'k', deal: { stage }, contact: null, company: null })).not.toHaveProperty('_embedded')
  })
})

test('a plain deal takes existing people alone', () => {
  const item = { key: 'k', deal: { stage }, company: null }
  expect(toNewLead({ ...item, contact: { id: contactId(5) } })._embedded).toEqual({ contacts: [{ id: 5, is_main: true }] })
  expect(() => toNewLead({ ...item, contact: { create: {} } })).toThrow(TypeError)
})

describe(toCreatedDeals, () => {
  const keys = new Set(['a', 'b', 'c'])

  test('one row for several items: the first has the deal, the others were merged into it', () => {
    const row = { id: 1, contact_id: 2, company_id: null, request_id: ['b', 'a'], merged: false }
    expect(toCreatedDeals(row, keys)).toEqual([
      { key: 'b', dealId: 1, contactId: 2, companyId: null, merged: false },
      { key: 'a', dealId: 1, contactId: 2, companyId: null, merged: true },
    ])
  })

  test('an id that nobody sent is nobody’s', () => {
    expect(toCreatedDeals({ id: 1, request_id: ['0', 'c'], merged: true }, keys)).toEqual([
      { key: 'c', dealId: 1, contactId: null, companyId: null, merged: true },
    ])
  })
})

test('a deal is read with its main contact, its company and its filled fields', () => {
  const deal = toDeal({
    id: 1,
    name: null,
    pipeline_id: 7,
    status_id: 142,
    created_at: 1_767_225_600,
    updated_at: 1_767_225_700,
    closed_at: 1_767_225_700,
    custom_fields_values: [
      { field_id: 500, field_code: null, values: [{ value: '12', enumId: undefined, enumCode: undefined }] },
      { field_id: 501, field_code: null, values: [{ value: { vat_id: '77' }, enumId: undefined, enumCode: undefined }] },
      { field_id: 502, field_code: null, values: [{ value: null, enumId: 8, enumCode: 'card' }] },
    ],
    _embedded: {
      tags: [{ name: 'Сайт' }],
      companies: [{ id: 52 }],
      contacts: [
        { id: 5, is_main: false },
        { id: 6, is_main: true },
      ],
    },
  })
  expect(deal).toMatchObject({ name: '', price: 0, deleted: false, tags: ['Сайт'], contactIds: [5, 6], mainContactId: 6, companyId: 52 })
  expect(deal.closedAt).toEqual(new Date('2026-01-01T00:01:40Z'))
  expect([...deal.fields]).toEqual([
    [500, [{ value: '12' }]],
    [501, [{ value: '{"vat_id":"77"}' }]],
    [502, [{ enumId: 8, enumCode: 'card' }]],
  ])
})
