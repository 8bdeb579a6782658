import { describe, expect, test } from 'vitest'
import { type Installation, startInstallation, usualOrders } from './support/installation.ts'
import { until } from './support/until.ts'

const create = { method: 'POST', path: '/api/v4/leads/complex' }
const city = 500_013

async function startWorking(options: Parameters<typeof startInstallation>[0] = {}): Promise<Installation> {
  const here = await startInstallation(options)
  await here.dealOf(here.shop.placeOrder({ phone: '+79160000000' }).id)
  return here
}

const failedItems = (here: Installation) => here.admin.listQueue({ status: 'failed' }, 100)
const noteOf = (here: Installation, dealId: number) => JSON.stringify(here.amo.world.notes('leads', dealId)[0]?.params)

describe('of fifty orders in one request', () => {
  test('one whose values amoCRM refuses does not hold the others, and comes too', async () => {
    const fields = 'fields: [ { from: order.properties.CITY, to: Город } ]'
    await using here = await startWorking({ orders: `${usualOrders}\n${fields}` })
    here.shop.autoSend = false
    here.amo.world.refuseField({ entity: 'leads', field: city })
    const orders = Array.from({ length: 50 }, (_, index) =>
      here.shop.placeOrder({
        phone: `+7916100${String(index).padStart(4, '0')}`,
        ...(index === 33 ? { properties: { CITY: 'Казань' } } : {}),
      }),
    )
    await here.shop.sendNow()
    here.shop.autoSend = true
    await here.settled()
    expect(orders.map(({ id }) => here.dealsOf(id).length)).toEqual(orders.map(() => 1))
    expect(await failedItems(here)).toEqual([])
    expect(here.amo.requests().counters().byRoute['POST /api/v4/leads/complex']).toBeLessThanOrEqual(5)
    const bad = here.dealsOf(orders[33]?.id ?? '')[0]
    expect(noteOf(here, bad?.id ?? 0)).toContain('Казань')
    expect(await here.incident('field-refused')).toMatchObject({ params: { field: 'Город', setting: expect.stringContaining('fields') } })
  })
})

describe('amoCRM was changed since it was read', () => {
  test('an option that was deleted costs its field alone', async () => {
    const fields = 'fields: [ { from: order.properties.PAY, to: "Способ оплаты" } ]'
    await using here = await startInstallation({ orders: usualOrders })
    const select = here.amo.world.account.fields.leads.all().find(({ type, enums }) => type === 'select' && enums !== null)
    const option = select?.enums?.[0]
    if (select === undefined || option === undefined) throw new Error('the account has no list')
    await here.applyOrders(`${usualOrders}\n${fields.replace('Способ оплаты', select.name)}`)
    await here.dealOf(here.shop.placeOrder({ phone: '+79160000000' }).id)
    here.amo.world.deleteEnum('leads', select.id, option.id)
    const deal = await here.dealOf(here.shop.placeOrder({ phone: '+79161234567', properties: { PAY: option.value } }).id)
    expect(deal.fields[select.code ?? String(select.id)]).toBeUndefined()
    expect(noteOf(here, deal.id)).toContain(option.value)
    expect(await here.incident('field-refused')).toMatchObject({ params: { field: select.name } })
  })

  test.each(['the stage of new orders', 'its whole pipeline'] as const)(
    '%s was deleted: the order goes to a stage that is there',
    async (what) => {
      await using here = await startWorking()
      const { pipelines } = here.amo.world.account
      if (what === 'its whole pipeline') pipelines.delete(7_000_001)
      else pipelines.get(7_000_001)?.statuses.delete(60_000_002)
      for (const pipeline of pipelines.values()) pipeline.isMain = true
      const order = here.shop.placeOrder({ phone: '+79161234567' })
      const deal = await here.dealOf(order.id)
      expect(pipelines.get(deal.pipelineId)?.statuses.get(deal.statusId)?.type).toBe(0)
      expect(await here.incident('stage-refused')).toMatchObject({ params: { setting: 'orders.stages' } })
      expect(await failedItems(here)).toEqual([])
    },
  )

  test('the stage of a later status was deleted: the rest of the change comes, a person is told', async () => {
    await using here = await startWorking()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    await here.dealOf(order.id)
    here.amo.world.account.pipelines.get(7_000_001)?.statuses.delete(60_000_004)
    here.shop.autoSend = false
    here.shop.setStatus(order.id, 'P')
    here.shop.editOrder(order.id, { deliveryPriceKopecks: 99_900 })
    here.shop.autoSend = true
    await here.settled()
    const [deal] = here.dealsOf(order.id)
    expect(deal).toMatchObject({ statusId: 60_000_002 })
    expect(deal?.price).toBe(Math.round(totalOf(here, order.id) / 100))
    expect(await here.incident('stage-refused')).toMatchObject({ closedAt: null })
  })

  test('every manager of the list left: the order comes all the same', async () => {
    await using here = await startWorking()
    here.amo.world.deactivateUser(9_000_002)
    const deal = await here.dealOf(here.shop.placeOrder({ phone: '+79161234567' }).id)
    expect(deal.responsibleUserId).not.toBe(9_000_002)
    expect(await here.incident('responsible-refused')).toMatchObject({ params: { setting: 'orders.responsible' } })
  })

  test('the field of the marker was deleted: it is made again, then the order goes', async () => {
    await using here = await startWorking()
    const key = here.amo.world.account.fields.leads.all().find(({ code }) => code === 'AMOBRIDGE_KEY')
    here.amo.world.deleteField('leads', key?.id ?? 0)
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    await here.dealOf(order.id)
    expect(here.dealsOf(order.id)).toHaveLength(1)
    expect(await failedItems(here)).toEqual([])
  })

  test('the field of the marker is refused: no deal is made until it is taken, and none is lost', async () => {
    await using here = await startWorking({ speed: 100 })
    const key = here.amo.world.account.fields.leads.all().find(({ code }) => code === 'AMOBRIDGE_KEY')
    here.amo.world.refuseField({ entity: 'leads', field: key?.id ?? 0 })
    const leads = here.amo.world.leads().length
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    expect(await here.incident('marker-refused')).toMatchObject({ closedAt: null })
    expect(here.amo.world.leads()).toHaveLength(leads)
    here.amo.world.acceptFields()
    await here.dealOf(order.id)
    expect(here.dealsOf(order.id)).toHaveLength(1)
    expect((await here.incident('marker-refused')).closedAt).not.toBeNull()
  })
})

describe('a buyer whose values amoCRM refuses', () => {
  test.each([
    ['PHONE', '+79161234567'],
    ['EMAIL', 'anna@example.test'],
  ])('(%s) costs the value alone', async (code, value) => {
    await using here = await startWorking()
    const field = here.amo.world.account.fields.contacts.all().find((one) => one.code === code)
    here.amo.world.refuseField({ entity: 'contacts', field: field?.id ?? 0 })
    const deal = await here.dealOf(here.shop.placeOrder({ name: 'Иванова Анна', phone: '+79161234567', email: 'anna@example.test' }).id)
    expect(here.amo.world.contact(deal.mainContactId ?? 0)).toMatchObject({ firstName: 'Анна' })
    expect(noteOf(here, deal.id)).toContain(value)
    expect(await failedItems(here)).toEqual([])
  })

  test('is known: the deal goes to him, what was not taken stands in the note', async () => {
    await using here = await startWorking()
    const known = here.amo.world.createContact({ name: 'Анна', phone: '+79161234567' })
    const field = here.amo.world.account.fields.contacts.all().find(({ code }) => code === 'EMAIL')
    here.amo.world.refuseField({ entity: 'contacts', field: field?.id ?? 0 })
    await here.clockPasses(2_000)
    const deal = await here.dealOf(here.shop.placeOrder({ phone: '+79161234567', email: 'new@example.test' }).id)
    expect(deal.mainContactId).toBe(known.id)
    expect(noteOf(here, deal.id)).toContain('new@example.test')
    expect(await here.incident('field-refused')).toMatchObject({ params: { setting: 'contacts' } })
    expect(await failedItems(here)).toEqual([])
  })
})

describe('rights', () => {
  test('an order that our rights do not reach waits for a person, who tries it again at once', async () => {
    await using here = await startWorking()
    here.amo.faults.plan({ match: create, do: '403-json' })
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    expect(await here.incident('order-failed')).toMatchObject({ closedAt: null })
    await until('a failed item', async () => (await failedItems(here)).length === 1)
    const before = here.clock.now()
    expect(await here.admin.retry({ status: 'failed' })).toBe(1)
    await here.dealOf(order.id)
    expect(here.clock.now() - before).toBeLessThan(10_000)
    expect(here.dealsOf(order.id)).toHaveLength(1)
    expect((await here.incident('order-failed')).closedAt).not.toBeNull()
  })
})

function totalOf({ shop }: Installation, id: string): number {
  const order = shop.order(id)
  return (order?.lines ?? []).reduce((sum, line) => sum + line.priceKopecks * line.quantity, order?.deliveryPriceKopecks ?? 0)
}
