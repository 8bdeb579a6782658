import { describe, expect, test } from 'vitest'
import { parseProblems, problemDetail } from './problems.ts'

describe(parseProblems, () => {
  test('reads the list of items with their errors', () => {
    const body = {
      'validation-errors': [
        {
          request_id: 'order-1',
          errors: [{ code: 'NotSupportedChoice', path: 'custom_fields_values.0.field_id', detail: 'Not a valid choice.' }],
        },
        { request_id: 1, errors: [{ code: 'FieldMissing', path: 'name' }, { code: 12 }] },
      ],
      status: 400,
    }
    expect(parseProblems(body)).toEqual([
      { item: 'order-1', code: 'NotSupportedChoice', path: 'custom_fields_values.0.field_id', detail: 'Not a valid choice.' },
      { item: '1', code: 'FieldMissing', path: 'name', detail: '' },
      { item: '1', code: '12', path: '', detail: '' },
    ])
  })

  test('reads the map by entity id', () => {
    const body = { errors: { '4200001': 'Loss reason can be specified only for lost lead' }, status: 400 }
    expect(parseProblems(body)).toEqual([
      { item: '4200001', code: '', path: '', detail: 'Loss reason can be specified only for lost lead' },
    ])
  })

  test.each([undefined, null, 'text', [], {}, { errors: [] }, { 'validation-errors': 'no' }])('finds none in %j', (body) => {
    expect(parseProblems(body)).toEqual([])
  })
})

test('the detail of a problem is kept short', () => {
  expect(problemDetail({ detail: 'x'.repeat(10_000) })).toHaveLength(500)
  expect(problemDetail('<html>')).toBe('')
})
