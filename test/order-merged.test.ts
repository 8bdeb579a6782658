import { describe, expect, test } from 'vitest'
import { type Installation, startInstallation, usualOrders } from './support/installation.ts'

const pipeline = 7_000_001
const city = 500_013
const orders = `${usualOrders}\nfields: [ { from: order.properties.CITY, to: Город } ]`
const inKazan = { properties: { CITY: 'Казань' } }

/** With duplicate control by the city: whoever orders from Kazan is put into what is there from Kazan. */
async function startMerging(rules: Parameters<Installation['amo']['world']['setDuplicateControl']>[1] = {}): Promise<Installation> {
  const here = await startInstallation({ orders })
  here.amo.world.setDuplicateControl(pipeline, { contact: [], leadFields: [city], ...rules })
  return here
}

const requests = (here: Installation, route: string) => here.amo.requests().counters().byRoute[route] ?? 0

/** Every order has one deal of its own, and it shows that order. */
function expectOwnDeals(here: Installation, placed: { id: string }[]) {
  const ids = placed.map(({ id }) => {
    const own = here.dealsOf(id)
    expect(own, `deals of order ${id}`).toHaveLength(1)
    expect(own[0]).toMatchObject({ name: `Заказ №${id}`, price: Math.round(totalOf(here, id) / 100) })
    return own[0]?.id
  })
  expect(new Set(ids).size).toBe(placed.length)
}

function totalOf({ shop }: Installation, id: string): number {
  const order = shop.order(id)
  return (order?.lines ?? []).reduce((sum, line) => sum + line.priceKopecks * line.quantity, order?.deliveryPriceKopecks ?? 0)
}

describe('duplicate control put an order', () => {
  test.each(['update', 'keep'] as const)(
    "into another order's deal (%s): that one shows its order again, and each has its own",
    async (onConflict) => {
      await using here = await startMerging({ onConflict })
      const first = here.shop.placeOrder({ phone: '+79161110001', ...inKazan })
      await here.dealOf(first.id)
      here.shop.setStatus(first.id, 'P')
      await here.settled()
      const second = here.shop.placeOrder({ phone: '+79161110002', deliveryPriceKopecks: 77_700, ...inKazan })
      await here.dealOf(second.id)
      expectOwnDeals(here, [first, second])
      expect(here.dealsOf(first.id)).toMatchObject([{ statusId: 60_000_004 }])
      expect(here.dealsOf(second.id)).toMatchObject([{ statusId: 60_000_002 }])
      expect(await here.incident('duplicate-control')).toMatchObject({ closedAt: null, params: { deal: here.dealsOf(first.id)[0]?.id } })
      expect(here.amo.world.contacts()).toHaveLength(2)
    },
  )

  test('into a deal that no order has: our key is taken out of it', async () => {
    await using here = await startMerging()
    const foreign = here.amo.world.createLead({ name: 'Звонок из Казани', pipelineId: pipeline, statusId: 60_000_002 })
    here.amo.world.editLead(foreign.id, { fields: { [city]: 'Казань' } })
    const order = here.shop.placeOrder({ phone: '+79161110001', ...inKazan })
    await here.dealOf(order.id)
    expectOwnDeals(here, [order])
    expect(here.amo.world.lead(foreign.id)?.fields.AMOBRIDGE_KEY).toBeUndefined()
  })

  test.each(['before', 'after'] as const)('and the answer was lost (%s it was done)', async (when) => {
    await using here = await startMerging()
    const first = here.shop.placeOrder({ phone: '+79161110001', ...inKazan })
    await here.dealOf(first.id)
    here.amo.faults.plan({ match: { method: 'POST', path: '/api/v4/leads/complex' }, do: '504', when })
    const second = here.shop.placeOrder({ phone: '+79161110002', ...inKazan })
    await here.dealOf(second.id)
    expectOwnDeals(here, [first, second])
  })

  test('with nine others of one request', async () => {
    await using here = await startMerging()
    const first = here.shop.placeOrder({ phone: '+79161110000', ...inKazan })
    await here.dealOf(first.id)
    here.shop.autoSend = false
    const more = Array.from({ length: 10 }, (_, index) => here.shop.placeOrder({ phone: `+7916111000${index}`, ...inKazan }))
    await here.shop.sendNow()
    here.shop.autoSend = true
    await here.settled()
    expectOwnDeals(here, [first, ...more])
    const contacts = here.amo.world.contacts()
    expect(contacts.map(({ fields }) => fields.PHONE?.length)).toEqual(contacts.map(() => 1))
    expect(contacts).toHaveLength(10)
  })
})

/** An account that merged once: people, companies and deals are made by requests of their own. */
async function startPlain(): Promise<Installation> {
  const here = await startMerging()
  await here.dealOf(here.shop.placeOrder({ phone: '+79160000001', ...inKazan }).id)
  await here.dealOf(here.shop.placeOrder({ phone: '+79160000002', ...inKazan }).id)
  return here
}

const stranger = { name: 'Петров Иван', phone: '+79162220001', email: 'ivan@example.test' }
const company = { name: 'ООО Ромашка', inn: '7707083893', kpp: '770701001' }

describe('after that the account', () => {
  test('is spared duplicate control: fifty orders are still one request of each kind', async () => {
    await using here = await startPlain()
    const before = requests(here, 'POST /api/v4/leads/complex')
    const plain = { contacts: requests(here, 'POST /api/v4/contacts'), leads: requests(here, 'POST /api/v4/leads') }
    here.shop.autoSend = false
    const more = Array.from({ length: 50 }, (_, index) =>
      here.shop.placeOrder({ phone: `+7916333${String(index).padStart(4, '0')}`, ...inKazan }),
    )
    await here.shop.sendNow()
    here.shop.autoSend = true
    await here.settled()
    expectOwnDeals(here, more)
    expect(requests(here, 'POST /api/v4/leads/complex')).toBe(before)
    expect(requests(here, 'POST /api/v4/contacts') - plain.contacts).toBeLessThanOrEqual(2)
    expect(requests(here, 'POST /api/v4/leads') - plain.leads).toBeLessThanOrEqual(2)
    expect(here.amo.world.contacts()).toHaveLength(52)
  })

  test.each([
    { what: 'contact', path: '/api/v4/contacts', when: 'before' as const },
    { what: 'contact', path: '/api/v4/contacts', when: 'after' as const },
    { what: 'company', path: '/api/v4/companies', when: 'before' as const },
    { what: 'company', path: '/api/v4/companies', when: 'after' as const },
    { what: 'deal', path: '/api/v4/leads', when: 'after' as const },
  ])('makes one $what though the answer to its create is lost ($when it was made)', async ({ path, when }) => {
    await using here = await startPlain()
    const people = here.amo.world.contacts().length
    here.amo.faults.plan({ match: { method: 'POST', path }, do: '504', when })
    const order = here.shop.placeOrder({ ...stranger, company })
    const deal = await here.dealOf(order.id)
    expectOwnDeals(here, [order])
    expect(here.amo.world.contacts()).toHaveLength(people + 1)
    expect(here.amo.world.contact(deal.mainContactId ?? 0)?.fields).toMatchObject({ PHONE: [stranger.phone], EMAIL: [stranger.email] })
    expect(here.amo.world.companies()).toHaveLength(1)
    expect(deal.companyId).toBe(here.amo.world.companies()[0]?.id)
  })

  test('keeps in the note what amoCRM refuses of a buyer', async () => {
    await using here = await startPlain()
    const email = here.amo.world.account.fields.contacts.all().find(({ code }) => code === 'EMAIL')
    here.amo.world.refuseField({ entity: 'contacts', field: email?.id ?? 0 })
    const deal = await here.dealOf(here.shop.placeOrder(stranger).id)
    expect(here.amo.world.contact(deal.mainContactId ?? 0)?.fields).toMatchObject({ PHONE: [stranger.phone] })
    expect(JSON.stringify(here.amo.world.notes('leads', deal.id)[0]?.params)).toContain(stranger.email)
  })
})
