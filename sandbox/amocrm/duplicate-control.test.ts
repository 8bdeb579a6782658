import { describe, expect, test } from 'vitest'
import { field, startFixture } from './testing/fixture.ts'

const shop = 7000001
const stage = 60000002
const phone = field('PHONE', '+79990001122')

const order = (key: string, contact: object = { first_name: 'Анна', custom_fields_values: [phone] }) => ({
  request_id: key,
  name: `Заказ ${key}`,
  price: 100,
  pipeline_id: shop,
  status_id: stage,
  custom_fields_values: [field(500001, key)],
  _embedded: { contacts: [contact] },
})

/** An account with deals of one buyer, whose phone somebody typed his way. */
async function withDeals(count: number) {
  const amo = await startFixture()
  const { world } = amo.amo
  const contact = world.createContact({ firstName: 'Аня', phone: '8 (999) 000-11-22' })
  const deals = Array.from({ length: count }, (_, index) =>
    world.createLead({ name: `Сделка ${index + 1}`, price: 5, pipelineId: shop, statusId: stage, contactId: contact.id }),
  )
  return { amo, world, contact, deals, ids: deals.map(({ id }) => id) }
}

describe('duplicate control', () => {
  test('is off unless it is switched on', async () => {
    const { amo, world } = await withDeals(1)
    await using _ = amo
    const answer = await amo.post('/leads/complex', [order('a')])
    expect(answer.body).toMatchObject([{ merged: false }])
    expect(world.leads()).toHaveLength(2)
  })

  test('puts a new lead into the stored one: phones are appended, everything else overwritten', async () => {
    const { amo, world, contact, ids } = await withDeals(1)
    await using _ = amo
    world.setDuplicateControl(shop, {})
    const answer = await amo.post('/leads/complex', [order('a')])
    expect(answer.body).toEqual([{ id: ids[0], contact_id: contact.id, company_id: null, request_id: ['a'], merged: true }])
    expect(world.leads()).toMatchObject([{ id: ids[0], name: 'Заказ a', price: 100, fields: { SHOP_ORDER_ID: ['a'] } }])
    expect(world.contacts()).toMatchObject([{ firstName: 'Анна', fields: { PHONE: ['8 (999) 000-11-22', '+79990001122'] } }])
  })

  test('may keep what is stored', async () => {
    const { amo, world, ids } = await withDeals(1)
    await using _ = amo
    world.setDuplicateControl(shop, { onConflict: 'keep' })
    expect((await amo.post('/leads/complex', [order('a')])).body).toMatchObject([{ id: ids[0], merged: true }])
    expect(world.leads()).toMatchObject([{ name: 'Сделка 1', price: 5 }])
  })

  test.each([
    { several: 'update-newest' as const, deals: 3, merged: true, named: ['Сделка 1', 'Сделка 2', 'Заказ a'] },
    { several: 'update-all' as const, deals: 3, merged: true, named: ['Заказ a', 'Заказ a', 'Заказ a'] },
    { several: 'create' as const, deals: 2, merged: false, named: ['Сделка 1', 'Сделка 2', 'Заказ a'] },
    { several: 'update-all' as const, deals: 4, merged: false, named: ['Сделка 1', 'Сделка 2', 'Сделка 3', 'Сделка 4', 'Заказ a'] },
  ])('of $deals duplicates: $several', async ({ several, deals, merged, named }) => {
    const { amo, world } = await withDeals(deals)
    await using _ = amo
    world.setDuplicateControl(shop, { several })
    expect((await amo.post('/leads/complex', [order('a')])).body).toMatchObject([{ merged }])
    expect(world.leads().map(({ name }) => name)).toEqual(named)
  })

  test('does not look inside one request, and answers one row for items that were put into one lead', async () => {
    const { amo, world, ids } = await withDeals(1)
    await using _ = amo
    world.setDuplicateControl(shop, {})
    expect((await amo.post('/leads/complex', [order('a'), order('b')])).body).toMatchObject([{ id: ids[0], request_id: ['a', 'b'] }])
    const stranger = { first_name: 'Олег', custom_fields_values: [field('PHONE', '+79995556677')] }
    expect((await amo.post('/leads/complex', [order('c', stranger), order('d', stranger)])).body).toHaveLength(2)
    expect(world.leads()).toHaveLength(3)
  })

  test.each([
    { note: 'a contact given by its id', rules: {}, contact: (id: number) => ({ id }) },
    { note: 'another status', rules: { statusIds: [60000003] }, contact: undefined },
    { note: 'e-mails alone', rules: { contact: ['EMAIL' as const] }, contact: undefined },
  ])('passes over: $note', async ({ rules, contact: given }) => {
    const { amo, world, contact } = await withDeals(1)
    await using _ = amo
    world.setDuplicateControl(shop, rules)
    expect((await amo.post('/leads/complex', [order('a', given?.(contact.id))])).body).toMatchObject([{ merged: false }])
    expect(world.leads()).toHaveLength(2)
  })

  test('compares custom fields of the lead where told to', async () => {
    const { amo, world } = await withDeals(0)
    await using _ = amo
    world.setDuplicateControl(shop, { contact: [], leadFields: [500001] })
    await amo.post('/leads/complex', [order('a')])
    expect((await amo.post('/leads/complex', [order('a'), order('b')])).body).toMatchObject([{ merged: true }, { merged: false }])
  })

  test('never touches plain leads', async () => {
    const { amo, world, contact } = await withDeals(1)
    await using _ = amo
    world.setDuplicateControl(shop, {})
    await amo.post('/leads', [{ name: 'Ещё', pipeline_id: shop, _embedded: { contacts: [{ id: contact.id }] } }])
    expect(world.leads()).toHaveLength(2)
  })
})
