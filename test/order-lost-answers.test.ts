import { describe, expect, test } from 'vitest'
import { type Installation, startInstallation, usualOrders } from './support/installation.ts'
import { until } from './support/until.ts'

const create = { method: 'POST', path: '/api/v4/leads/complex' }
const stages = { new: 60_000_002, lost: 143, wholesale: 60_000_102 }

async function startWorking(options: Parameters<typeof startInstallation>[0] = {}): Promise<Installation> {
  const here = await startInstallation(options)
  await here.dealOf(here.shop.placeOrder({ phone: '+79160000000' }).id)
  return here
}

/** Places an order, and answers once amoCRM's answer to its create was lost. Nothing more goes out of the shop by itself. */
async function loseCreateOf(here: Installation, input: Parameters<Installation['shop']['placeOrder']>[0], when: 'before' | 'after') {
  here.shop.autoSend = false
  here.amo.faults.plan({ match: create, do: '504', when })
  const order = here.shop.placeOrder(input)
  await here.shop.sendNow()
  await until('the lost answer', () => here.amo.requests().all.some(({ status }) => status === 504))
  return order
}

describe('while the answer to a create is lost', () => {
  test.each(['before', 'after'] as const)(
    'a second order of the same stranger makes no second contact (lost %s it was made)',
    async (when) => {
      await using here = await startWorking()
      const buyer = { phone: '+79161234567', email: 'anna@example.test' }
      const first = await loseCreateOf(here, buyer, when)
      const second = here.shop.placeOrder(buyer)
      here.shop.autoSend = true
      await here.shop.sendNow()
      const deals = [await here.dealOf(first.id), await here.dealOf(second.id)]
      expect(here.amo.world.contacts()).toHaveLength(2)
      expect(new Set(deals.map(({ mainContactId }) => mainContactId)).size).toBe(1)
      expect(here.dealsOf(first.id)).toHaveLength(1)
      expect(here.dealsOf(second.id)).toHaveLength(1)
    },
  )

  test('an order deleted in the shop has its deal found and closed, not forgotten', async () => {
    await using here = await startWorking({ orders: usualOrders.replace('cancelled: 143', 'cancelled: 143, deleted: 143') })
    const order = await loseCreateOf(here, { phone: '+79161234567' }, 'after')
    here.shop.deleteOrder(order.id)
    here.shop.autoSend = true
    await here.settled()
    expect(here.dealsOf(order.id)).toMatchObject([{ statusId: stages.lost }])
    expect((await here.admin.findOrder(order.id, undefined))?.pair).toMatchObject({ state: 'live' })
  })

  test('an order deleted in the shop gets no deal where none was made', async () => {
    await using here = await startWorking()
    const order = await loseCreateOf(here, { phone: '+79161234567' }, 'before')
    here.shop.deleteOrder(order.id)
    here.shop.autoSend = true
    await here.settled()
    expect(here.dealsOf(order.id)).toEqual([])
  })

  test('a rule that fits only now does not move the deal that another rule made', async () => {
    const rules = 'rules: [ { when: { minTotal: 100000 }, pipeline: Опт, stages: { N: Заявка }, tags: [Опт] } ]'
    await using here = await startWorking({ orders: `${usualOrders}\n${rules}` })
    const order = await loseCreateOf(here, { phone: '+79161234567' }, 'after')
    here.shop.editOrder(order.id, { deliveryPriceKopecks: 20_000_000 })
    here.shop.autoSend = true
    const deal = await here.dealOf(order.id)
    expect(deal).toMatchObject({ statusId: stages.new, tags: ['Сайт'] })
    expect(deal.price).toBeGreaterThan(200_000)
  })

  test('settings taken up at that moment let no order go', async () => {
    await using here = await startWorking()
    const order = await loseCreateOf(here, { phone: '+79161234567' }, 'after')
    here.shop.autoSend = true
    const more = []
    for (let times = 0; times < 5; times += 1) {
      await here.applyOrders(usualOrders.replace('[Сайт]', `[Сайт, "${times}"]`))
      more.push(here.shop.placeOrder({ phone: `+7916777000${times}` }))
      await here.clockPasses(1_000)
    }
    await here.settled()
    expect([order, ...more].map(({ id }) => here.dealsOf(id).length)).toEqual([1, 1, 1, 1, 1, 1])
  })
})

describe('one request of several', () => {
  test('the loss reason comes though its own request fails', async () => {
    await using here = await startWorking()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    await here.dealOf(order.id)
    here.amo.faults.plan({ match: { method: 'PATCH', path: '/api/v4/leads', nth: 2 }, do: '500' })
    here.shop.cancel(order.id, 'передумал')
    await here.settled()
    expect(here.dealsOf(order.id)).toMatchObject([{ statusId: stages.lost, lossReasonId: 300_001 }])
  })

  test('an order that comes cancelled is lost for its reason from the start', async () => {
    await using here = await startWorking()
    here.shop.autoSend = false
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    here.shop.cancel(order.id, 'передумал')
    here.shop.autoSend = true
    expect(await here.dealOf(order.id)).toMatchObject({ statusId: stages.lost, lossReasonId: 300_001 })
  })

  test('a loss reason that was deleted costs the reason alone', async () => {
    await using here = await startWorking()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    await here.dealOf(order.id)
    here.amo.world.account.lossReasons.delete(300_001)
    here.shop.cancel(order.id, 'передумал')
    await here.settled()
    expect(here.dealsOf(order.id)).toMatchObject([{ statusId: stages.lost, lossReasonId: null }])
    expect(await here.incident('field-refused')).toMatchObject({ params: { setting: 'orders.lossReason.cancelled' } })
    expect((await here.admin.listQueue({ status: 'failed' }, 10)).length).toBe(0)
  })
})

describe('while the answer to an update is lost', () => {
  test('an order that goes back to what it was takes its deal along', async () => {
    await using here = await startWorking()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const before = await here.dealOf(order.id)
    here.shop.autoSend = false
    here.amo.faults.plan({ match: { method: 'PATCH', path: '/api/v4/leads' }, do: '504', when: 'after' })
    here.shop.setStatus(order.id, 'P')
    here.shop.editOrder(order.id, { deliveryPriceKopecks: 99_900 })
    await here.shop.sendNow()
    await until('the lost answer', () => here.amo.requests().all.some(({ status }) => status === 504))
    here.shop.setStatus(order.id, 'N')
    here.shop.editOrder(order.id, { deliveryPriceKopecks: order.deliveryPriceKopecks })
    here.shop.autoSend = true
    await here.settled()
    expect(here.dealsOf(order.id)).toMatchObject([{ statusId: stages.new, price: before.price }])
  })
})
