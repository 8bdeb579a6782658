import { describe, expect, test } from 'vitest'
import { type Installation, startInstallation, usualOrders } from './support/installation.ts'
import { until } from './support/until.ts'

const create = { method: 'POST', path: '/api/v4/leads/complex' }

/** An account that was read and has had its first deal, so that a fault meets an order and nothing else. */
async function startWorking(options: Parameters<typeof startInstallation>[0] = {}): Promise<Installation> {
  const here = await startInstallation(options)
  await here.dealOf(here.shop.placeOrder({ phone: '+79160000000' }).id)
  return here
}

describe('an answer that was lost', () => {
  test.each(['reset', '504', 'malformed'] as const)('after the deal was made (%s) leaves one deal, found by its marker', async (fault) => {
    await using here = await startWorking()
    here.amo.faults.plan({ match: create, do: fault, when: 'after' })
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    expect(here.dealsOf(order.id)).toHaveLength(1)
    expect(here.shop.order(order.id)?.deal?.id).toBe(String(deal.id))
    expect(here.amo.world.notes('leads', deal.id)).toHaveLength(1)
    expect(here.amo.world.contacts()).toHaveLength(2)
  })

  test('of an order that changed meanwhile leaves a deal that shows the newest state', async () => {
    await using here = await startWorking()
    here.shop.autoSend = false
    here.amo.faults.plan({ match: create, do: '504', when: 'after' })
    const order = here.shop.placeOrder({ phone: '+79161234567', status: 'F' })
    await here.shop.sendNow()
    await until('the lost answer', () => here.amo.requests().all.some(({ status }) => status === 504))
    here.shop.setStatus(order.id, 'N')
    here.shop.autoSend = true
    await here.settled()
    expect(here.dealsOf(order.id)).toMatchObject([{ statusId: 60_000_002 }])
  })

  test('before anything was made is waited out: the create is not repeated within its time limit and half a minute', async () => {
    await using here = await startWorking()
    here.amo.faults.plan({ match: create, do: 'reset', when: 'before' })
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    await here.dealOf(order.id)
    const creates = here.amo.requests().all.filter(({ path }) => path.startsWith('/api/v4/leads/complex'))
    const [lost, repeated] = creates.slice(-2)
    expect(lost?.status).toBe('reset')
    expect((repeated?.at ?? 0) - (lost?.at ?? 0)).toBeGreaterThanOrEqual(50_000)
    expect(here.dealsOf(order.id)).toHaveLength(1)
  })

  test('holds up its own order alone', async () => {
    await using here = await startWorking()
    here.amo.faults.plan({ match: create, do: 'reset', when: 'before' })
    const waiting = here.shop.placeOrder({ phone: '+79161234567' })
    await until('the lost create', () => here.amo.requests().all.some(({ status }) => status === 'reset'))
    const next = here.shop.placeOrder({ phone: '+79161234568' })
    await until('the deal of the next order', () => here.dealsOf(next.id).length === 1)
    expect(here.dealsOf(waiting.id)).toEqual([])
    await here.settled()
    expect(here.dealsOf(waiting.id)).toHaveLength(1)
  })

  test('of a note leaves one note', async () => {
    await using here = await startWorking()
    here.amo.faults.plan({ match: { method: 'POST', path: '/notes' }, do: '504', when: 'after' })
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    expect(here.amo.world.notes('leads', deal.id)).toHaveLength(1)
  })

  test('while the service is restarted leaves one deal', async () => {
    await using here = await startWorking()
    here.amo.faults.plan({ match: create, do: 'slow', when: 'after', delayMs: 3_000 })
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    await until('the create to be sent', () => here.amo.requests().counters().byRoute['POST /api/v4/leads/complex'] === 2)
    await here.restart()
    await here.dealOf(order.id)
    expect(here.dealsOf(order.id)).toHaveLength(1)
    expect(here.amo.world.contacts()).toHaveLength(2)
  })
})

describe('an account that refuses', () => {
  test.each(['429-html', '429-json', '429-header', '500', '502', '503', '403-html', '402', '401'] as const)(
    'with %s three times over gets the order when it is open again, and no item fails',
    async (fault) => {
      await using here = await startWorking({ speed: 100 })
      here.amo.faults.plan({ match: { path: '/api/v4/' }, do: fault, times: 3 })
      const order = here.shop.placeOrder({ phone: '+79161234567' })
      await until('the faults to strike', () => here.amo.requests().all.filter(({ status }) => Number(status) >= 400).length > 0)
      // 402 is asked again after an hour, a 403 page after ten minutes, then twenty, then forty.
      for (let waits = 0; waits < 3 && here.dealsOf(order.id).length === 0; waits += 1) {
        await here.clockPasses(60_000)
        here.clock.advance(3_600_000)
      }
      await here.dealOf(order.id)
      expect(here.dealsOf(order.id)).toHaveLength(1)
      expect((await here.admin.listQueue({}, 10)).filter(({ status }) => status === 'failed')).toEqual([])
    },
  )

  test('tells people while it is closed and that it is open again', async () => {
    await using here = await startWorking({ speed: 100 })
    here.amo.world.setSubscription('all-refused')
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    expect(await here.incident('account-unpaid')).toMatchObject({ closedAt: null })
    here.amo.world.setSubscription('paid')
    here.clock.advance(3_600_000)
    await here.dealOf(order.id)
    expect((await here.incident('account-unpaid')).closedAt).not.toBeNull()
  })
})

describe('the first reading of all contacts', () => {
  test('goes on after an interruption, and ends', async () => {
    await using here = await startInstallation({
      before: (amo) => {
        amo.world.createContacts(600)
        amo.faults.plan({ match: { path: /contacts\?.*page=2/ }, do: '403-json' })
      },
    })
    const progress = async () => (await here.admin.status()).connections[0]?.contacts
    await until('the interruption', () => here.amo.requests().all.some(({ path, status }) => path.includes('contacts') && status === 403))
    expect(await progress()).toMatchObject({ complete: false })
    here.clock.advance(60_000)
    await until('a full index', async () => (await progress())?.complete)
    expect(await progress()).toEqual({ known: 600, complete: true })
    const order = here.shop.placeOrder({ phone: '+7 900 000-05-99', email: 'somebody@example.test' })
    const deal = await here.dealOf(order.id)
    expect(here.amo.world.contact(deal.mainContactId ?? 0)?.fields.PHONE).toEqual(['+79000000599'])
    expect(here.amo.requests().all.some(({ path }) => path.includes('query='))).toBe(false)
  })
})

describe('one bad value', () => {
  const fields = 'fields: [ { from: order.properties.CITY, to: Город }, { from: order.number, to: SHOP_ORDER_ID } ]'

  test('that amoCRM refuses costs its field alone: the value stands in the note, an incident names the setting', async () => {
    await using here = await startWorking({ orders: `${usualOrders}\n${fields}` })
    here.amo.world.refuseField({ entity: 'leads', field: 500_013 })
    const order = here.shop.placeOrder({ phone: '+79161234567', properties: { CITY: 'Казань' } })
    const deal = await here.dealOf(order.id)
    expect(deal.fields).toMatchObject({ SHOP_ORDER_ID: [order.number] })
    expect(deal.fields['500013']).toBeUndefined()
    expect(JSON.stringify(here.amo.world.notes('leads', deal.id)[0]?.params)).toContain('Казань')
    expect(await here.incident('field-refused')).toMatchObject({ params: { field: 'Город' } })
  })

  test('in one order of many does not hold the others', async () => {
    await using here = await startWorking({ orders: `${usualOrders}\n${fields}` })
    here.shop.autoSend = false
    here.amo.world.refuseField({ entity: 'leads', field: 500_013 })
    const orders = Array.from({ length: 30 }, (_, index) =>
      here.shop.placeOrder({
        phone: `+7916100${String(index).padStart(4, '0')}`,
        ...(index === 7 ? { properties: { CITY: 'Казань' } } : {}),
      }),
    )
    await here.shop.sendNow()
    await here.settled()
    expect(orders.map(({ id }) => here.dealsOf(id).length)).toEqual(orders.map(() => 1))
  })

  test('of a field that was deleted since is left out', async () => {
    await using here = await startWorking({ orders: `${usualOrders}\n${fields}` })
    here.amo.world.deleteField('leads', 500_013)
    const order = here.shop.placeOrder({ phone: '+79161234567', properties: { CITY: 'Казань' } })
    const deal = await here.dealOf(order.id)
    expect(JSON.stringify(here.amo.world.notes('leads', deal.id)[0]?.params)).toContain('Казань')
  })

  test('a manager who left is replaced by the next', async () => {
    await using here = await startWorking({ orders: usualOrders.replace('[Мария]', '[Мария, Пётр]') })
    here.amo.world.deactivateUser(9_000_002)
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    expect(await here.dealOf(order.id)).toMatchObject({ responsibleUserId: 9_000_003 })
    expect((await here.incidents()).map(({ code }) => code)).toContain('responsible-refused')
  })
})

describe('what people do meanwhile', () => {
  test('a contact deleted in amoCRM is made anew for the next order', async () => {
    await using here = await startWorking()
    const first = await here.dealOf(here.shop.placeOrder({ phone: '+79161234567', email: 'a@example.test' }).id)
    here.amo.world.deleteContact(first.mainContactId ?? 0)
    const second = await here.dealOf(here.shop.placeOrder({ phone: '+79161234567', email: 'a@example.test' }).id)
    expect(second.mainContactId).not.toBeNull()
    expect(here.amo.world.contact(second.mainContactId ?? 0)?.place).toBe('live')
  })

  test('a deal deleted in amoCRM is not made again', async () => {
    await using here = await startWorking()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    here.amo.world.deleteLead(deal.id)
    here.shop.editOrder(order.id, { deliveryPriceKopecks: 77_700 })
    await here.settled()
    expect(here.dealsOf(order.id)).toEqual([])
    expect((await here.incidents()).map(({ code }) => code)).toContain('deal-gone')
  })
})
