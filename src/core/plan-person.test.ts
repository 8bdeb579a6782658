import { describe, expect, test } from 'vitest'
import { contactId } from './ids.ts'
import type { Buyer } from './order.ts'
import { type KnownContact, planPerson, wantedPerson } from './plan-person.ts'

const buyer = (change: Partial<Buyer> = {}): Buyer => ({
  userId: '77',
  firstName: 'Анна',
  lastName: 'Петрова',
  middleName: null,
  phone: '8 (999) 000-11-22',
  email: 'Anna@Example.test',
  company: null,
  ...change,
})
const contact = (id: number, change: Partial<KnownContact> = {}): KnownContact => ({
  id: contactId(id),
  name: 'Анна',
  firstName: 'Анна',
  lastName: '',
  phones: [{ value: '+7 999 000-11-22', enumCode: 'MOB' }],
  emails: [],
  companyId: null,
  responsibleId: null,
  ...change,
})
const rules = { name: 'fill-if-empty', phone: 'add', email: 'add' }
const plan = (byPhone: KnownContact[], byEmail: KnownContact[], who: Buyer = buyer(), stop: string[] = []) =>
  planPerson(wantedPerson(who, stop), { byPhone, byEmail }, rules)

describe(wantedPerson, () => {
  test('a dummy phone is written and never matched', () => {
    expect(wantedPerson(buyer(), ['+79990001122', '*@example.test'])).toMatchObject({
      phones: ['+79990001122'],
      phoneKeys: [],
      emails: ['anna@example.test'],
      emailKeys: [],
    })
  })
  test('an unreadable phone is written as typed', () => {
    expect(wantedPerson(buyer({ phone: 'звонить жене' }), [])).toMatchObject({ phones: ['звонить жене'], phoneKeys: [] })
  })
})

describe(planPerson, () => {
  test('a stranger is made', () => expect(plan([], [])).toEqual({ kind: 'create' }))
  test('nobody needs no contact', () =>
    expect(plan([], [], buyer({ firstName: null, lastName: null, phone: null, email: null }))).toEqual({ kind: 'none' }))
  test('found by phone, a new e-mail is added to the whole array', () => {
    expect(plan([contact(1)], [])).toMatchObject({
      kind: 'use',
      contact: { id: 1 },
      additions: { emails: [{ value: 'anna@example.test', enumCode: 'WORK' }] },
      notice: null,
    })
  })
  test('found by e-mail, the phone is added after those a manager wrote', () => {
    const known = contact(1, { phones: [{ value: '+79995554433', enumCode: 'WORK' }], emails: [{ value: 'anna@example.test' }] })
    expect(plan([], [known])).toMatchObject({ additions: { phones: [{ value: '+79995554433' }, { value: '+79990001122' }] } })
  })
  test('nothing new adds nothing', () => {
    expect(plan([contact(1, { emails: [{ value: 'ANNA@example.test' }] })], [])).toMatchObject({ additions: null })
  })
  test('phone and e-mail at two contacts: the phone takes the order, nothing is added', () => {
    expect(plan([contact(1)], [contact(2)])).toMatchObject({
      contact: { id: 1 },
      additions: null,
      notice: { kind: 'two-contacts', phoneContact: 1, emailContact: 2 },
    })
  })
  test('of several with the same phone the oldest takes it', () => {
    expect(plan([contact(9), contact(3)], [])).toMatchObject({ contact: { id: 3 }, notice: { kind: 'ambiguous' } })
  })
  test("a manager's name is not overwritten, an empty one is filled", () => {
    expect(plan([contact(1, { emails: [{ value: 'anna@example.test' }] })], [])).toMatchObject({ additions: null })
    const unnamed = contact(1, { name: '', firstName: '', emails: [{ value: 'anna@example.test' }] })
    expect(plan([unnamed], [])).toMatchObject({ additions: { firstName: 'Анна', lastName: 'Петрова' } })
  })
})
