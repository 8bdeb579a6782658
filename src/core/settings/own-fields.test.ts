import { describe, expect, test } from 'vitest'
import { missingFields, ownFields, wrongOwnFields } from './own-fields.ts'
import { anAccount, field } from './testing/account.ts'

const ours = [
  field(1, 'Ключ Amobridge', 'AMOBRIDGE_KEY', 'text'),
  field(2, 'Заказ на сайте', 'AMOBRIDGE_URL', 'url'),
  field(3, 'ИНН', 'AMOBRIDGE_INN', 'text', 'company'),
  field(4, 'КПП', 'AMOBRIDGE_KPP', 'text', 'company'),
]

describe('our own fields', () => {
  test('all are missing in a new account', () => {
    const account = anAccount({ fields: [] })
    expect(ownFields(account)).toEqual({ dealKey: null, dealUrl: null, companyInn: null, companyKpp: null })
    expect(missingFields(account)).toEqual([
      { entity: 'deal', code: 'AMOBRIDGE_KEY', name: 'Ключ Amobridge', type: 'text', apiOnly: true },
      { entity: 'deal', code: 'AMOBRIDGE_URL', name: 'Заказ на сайте', type: 'url', apiOnly: false },
      { entity: 'company', code: 'AMOBRIDGE_INN', name: 'ИНН', type: 'text', apiOnly: false },
      { entity: 'company', code: 'AMOBRIDGE_KPP', name: 'КПП', type: 'text', apiOnly: false },
    ])
  })

  test('those that are there are found by code', () => {
    const account = anAccount({ fields: ours })
    expect(ownFields(account)).toEqual({ dealKey: 1, dealUrl: 2, companyInn: 3, companyKpp: 4 })
    expect(missingFields(account)).toEqual([])
  })

  test.each([
    ['инн', null, 'numeric', true],
    ['Налоговый номер', 'INN', 'text', true],
    ['ИНН', null, 'legal_entity', false],
    ['ИНН покупателя', null, 'text', false],
  ])('a company field %s (code %s, %s) is taken for the INN: %s', (name, code, type, taken) => {
    const account = anAccount({ fields: [field(9, name, code, type, 'company')] })
    expect(ownFields(account).companyInn).toBe(taken ? 9 : null)
    expect(missingFields(account).some((one) => one.code === 'AMOBRIDGE_INN')).toBe(!taken)
  })

  test('a deal field called ИНН is not the company one', () =>
    expect(ownFields(anAccount({ fields: [field(9, 'ИНН', 'INN', 'text')] })).companyInn).toBeNull())

  test('one of ours with a wrong type is told', () => {
    const account = anAccount({ fields: [field(1, 'Ключ', 'AMOBRIDGE_KEY', 'numeric')] })
    expect(ownFields(account).dealKey).toBeNull()
    expect(wrongOwnFields(account)).toEqual([{ code: 'AMOBRIDGE_KEY', type: 'numeric', wanted: 'text' }])
  })
})
