import { describe, expect, test } from 'vitest'
import { openStore, type Store } from '../../test/support/store.ts'
import { companyId, contactId } from '../core/ids.ts'
import type { KnownContact } from '../core/plan-person.ts'
import { findCompanies, findContacts, findIndexedContact, forgetContact, putCompany, putContact } from './contact-index.ts'

function aContact(change: Partial<KnownContact> = {}): KnownContact {
  return {
    id: contactId(1),
    name: 'Анна Петрова',
    firstName: 'Анна',
    lastName: 'Петрова',
    phones: [{ value: '8 (999) 000-11-22', enumCode: 'WORK' }],
    emails: [{ value: 'Anna@Example.test', enumCode: 'WORK' }],
    companyId: null,
    responsibleId: null,
    ...change,
  }
}
const phone = '+79990001122'
const email = 'anna@example.test'

const put = (store: Store, contact: KnownContact, updatedAtMs = 1_000) =>
  store.write((tx) => putContact(tx, store.account, contact, updatedAtMs))
async function find(store: Store, keys: { phones?: string[]; emails?: string[] }) {
  const found = await findContacts(store.database, store.account, { phones: [], emails: [], ...keys })
  const ids = (matches: Map<string, KnownContact[]>) =>
    Object.fromEntries([...matches].map(([key, contacts]) => [key, contacts.map(({ id }) => id).toSorted()]))
  return { phones: ids(found.phones), emails: ids(found.emails) }
}

describe('a contact', () => {
  test('is found by its phone in E.164 and its e-mail in lower case, with the values as the account has them', async () => {
    await using store = await openStore()
    await put(store, aContact({ companyId: companyId(9) }))
    expect(await find(store, { phones: [phone, '+70000000000'], emails: [email] })).toEqual({
      phones: { [phone]: [1] },
      emails: { [email]: [1] },
    })
    expect(await findIndexedContact(store.database, store.account, contactId(1))).toEqual(aContact({ companyId: companyId(9) }))
  })

  test('is found by each of its values, written twice or not', async () => {
    await using store = await openStore()
    await put(
      store,
      aContact({
        phones: [{ value: phone }, { value: '8 999 000 11 22' }, { value: '+7 999 000-33-44' }, { value: 'доб. 5' }],
        emails: [],
      }),
    )
    expect(await find(store, { phones: [phone, '+79990003344'] })).toEqual({ phones: { [phone]: [1], '+79990003344': [1] }, emails: {} })
  })

  test('shares a value with others: all are found', async () => {
    await using store = await openStore()
    await put(store, aContact())
    await put(store, aContact({ id: contactId(2), emails: [] }))
    expect(await find(store, { phones: [phone], emails: [email] })).toEqual({ phones: { [phone]: [1, 2] }, emails: { [email]: [1] } })
  })

  test('is not found by a value it lost', async () => {
    await using store = await openStore()
    await put(store, aContact())
    await put(store, aContact({ phones: [{ value: '+79990005566' }], emails: [] }), 2_000)
    expect(await find(store, { phones: [phone, '+79990005566'], emails: [email] })).toEqual({ phones: { '+79990005566': [1] }, emails: {} })
  })

  test('stays as the newest reading saw it: an older one is not taken', async () => {
    await using store = await openStore()
    await put(store, aContact(), 2_000)
    await put(store, aContact({ name: 'Старое имя', phones: [{ value: '+79990005566' }] }), 1_999)
    expect(await findIndexedContact(store.database, store.account, contactId(1))).toEqual(aContact())
    expect(await find(store, { phones: [phone, '+79990005566'] })).toMatchObject({ phones: { [phone]: [1] } })
  })

  test('is found in its own account only, and nowhere once it was deleted', async () => {
    await using store = await openStore()
    const second = await store.addAccount('second')
    await put(store, aContact())
    expect((await findContacts(store.database, second, { phones: [phone], emails: [email] })).phones.size).toBe(0)
    expect(await findIndexedContact(store.database, second, contactId(1))).toBeUndefined()
    await store.write((tx) => forgetContact(tx, store.account, contactId(1)))
    expect(await find(store, { phones: [phone], emails: [email] })).toEqual({ phones: {}, emails: {} })
    expect(await findIndexedContact(store.database, store.account, contactId(1))).toBeUndefined()
  })
})

test('companies are found by INN, lowest id first, as last put', async () => {
  await using store = await openStore()
  const company = { id: companyId(5), name: 'ООО Пример', inn: '7700000000', kpp: null }
  await store.write(async (tx) => {
    await putCompany(tx, store.account, company, 1)
    await putCompany(tx, store.account, { ...company, kpp: '770001001' }, 2)
    await putCompany(tx, store.account, { ...company, id: companyId(4), kpp: '770002002' }, 3)
    await putCompany(tx, store.account, { ...company, id: companyId(6), inn: null }, 4)
  })
  expect(await findCompanies(store.database, store.account, ['7700000000'])).toEqual([
    { ...company, id: companyId(4), kpp: '770002002' },
    { ...company, kpp: '770001001' },
  ])
  expect(await findCompanies(store.database, store.account, [])).toEqual([])
})
