import { describe, expect, test } from 'vitest'
import { type SentBatch, toRefusal } from './map-refusal.ts'

const phone = { field_code: 'PHONE', values: [{ value: '+79990001122', enum_code: 'MOB' }] }
const text = (id: number) => ({ field_id: id, values: [{ value: 'x' }] })
const sent: SentBatch = {
  entity: 'deal',
  keys: ['order-1', 'order-2'],
  rows: [
    { custom_fields_values: [text(500), text(501)] },
    { custom_fields_values: [text(600)], _embedded: { contacts: [{ custom_fields_values: [phone, text(700)] }], companies: [{ id: 52 }] } },
  ],
}
const problem = (item: string | null, path: string) => ({ item, code: 'NotSupportedChoice', path, detail: 'no' })

describe('the field', () => {
  test.each([
    ['custom_fields_values.1.field_id', 'order-1', 'deal', { kind: 'custom', index: 1, fieldId: 501 }],
    ['custom_fields_values.0.values.0.value', 'order-2', 'deal', { kind: 'custom', index: 0, fieldId: 600 }],
    ['custom_fields_values.9.field_id', 'order-1', 'deal', { kind: 'custom', index: 9, fieldId: null }],
    [
      '_embedded.contacts.0.custom_fields_values.0.values.0.enum_code',
      'order-2',
      'contact',
      { kind: 'custom', index: 0, fieldId: null, fieldCode: 'PHONE' },
    ],
    ['_embedded.contacts.0.custom_fields_values.1.field_id', 'order-2', 'contact', { kind: 'custom', index: 1, fieldId: 700 }],
    ['_embedded.contacts.0.first_name', 'order-2', 'contact', { kind: 'name' }],
    ['_embedded.contacts.0.responsible_user_id', 'order-2', 'contact', { kind: 'responsible' }],
    ['_embedded.contacts.0.id', 'order-2', 'contact', { kind: 'contact' }],
    ['_embedded.companies.0.id', 'order-2', 'company', { kind: 'company' }],
    ['responsible_user_id', 'order-1', 'deal', { kind: 'responsible' }],
    ['status_id', 'order-1', 'deal', { kind: 'stage' }],
    ['pipeline_id', 'order-1', 'deal', { kind: 'stage' }],
    ['price', 'order-1', 'deal', { kind: 'price' }],
    ['name', 'order-1', 'deal', { kind: 'name' }],
    ['tags_to_add.0.name', 'order-1', 'deal', { kind: 'tags' }],
    ['created_at', 'order-1', 'deal', null],
    ['', 'order-1', 'deal', null],
  ])('%s of %s', (path, item, entity, field) => {
    expect(toRefusal(problem(item, path), sent)).toEqual({ key: item, code: 'NotSupportedChoice', entity, field, path, detail: 'no' })
  })

  test('of a link says whose id was refused', () => {
    const links: SentBatch = { entity: 'deal', keys: ['4200001'], rows: [{ to_entity_type: 'companies' }] }
    expect(toRefusal(problem('0', 'to_entity_id'), links)).toMatchObject({ key: '4200001', field: { kind: 'company' } })
  })
})

describe('the item', () => {
  test.each([
    ['its request id', 'order-2', sent.keys, 'order-2'],
    ['its position', '1', sent.keys, 'order-2'],
    ['an id that is a number, before any position', '1', ['0', '1', '2'], '1'],
    ['its entity id', '4200002', ['4200001', '4200002'], '4200002'],
    ['a position beyond the batch', '7', sent.keys, null],
    ['nothing, in a batch of several', null, sent.keys, null],
    ['nothing, in a batch of one', null, ['order-1'], 'order-1'],
    ['something unknown', 'order-3', sent.keys, null],
  ])('is named by %s', (_note, item, keys, key) => {
    expect(toRefusal(problem(item, 'name'), { ...sent, keys }).key).toBe(key)
  })
})
