import { describe, expect, test } from 'vitest'
import { startShop } from './emulator.ts'
import { acceptAll, connectionName, type Reply, startFakeService } from './testing/fake-service.ts'
import { buyer, startPair } from './testing/fixture.ts'

describe("the module's own calls", () => {
  test('an order leaves as it stands when it is sent, not as it was saved', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    pair.shop.editOrder(id, { comment: 'позвонить до 18' })
    pair.shop.setStatus(id, 'P')
    await pair.shop.sendNow()

    const [event, ...others] = pair.service.events()
    expect(others).toEqual([])
    expect(event).toMatchObject({
      type: 'order.saved',
      origin: null,
      data: {
        id,
        status: 'P',
        comment: 'позвонить до 18',
        total: '8245.00',
        buyer: { firstName: 'Анна', lastName: 'Петрова', phone: '8 (999) 000-11-22', email: 'Anna@Example.test' },
      },
    })
    expect(pair.service.received[0]?.headers['amobridge-connection']).toBe(connectionName)
    expect(pair.shop.pendingEvents()).toEqual([])
  })

  test('revisions rise, the epoch stays until a backup is restored', async () => {
    await using pair = await startPair()
    for (const _ of [1, 2, 3]) pair.shop.placeOrder()
    await pair.shop.sendNow()
    const revs = pair.service.events().map((event) => Number(event.rev))
    expect(revs).toEqual([...revs].sort((a, b) => a - b))
    expect(new Set(revs).size).toBe(3)

    pair.shop.restoreBackup()
    pair.shop.placeOrder()
    await pair.shop.sendNow()
    expect(new Set(pair.service.events().map((event) => event.epoch)).size).toBe(2)
  })

  const keeps: { note: string; reply: Reply }[] = [
    { note: 'not signed', reply: { body: {}, flaw: 'unsigned' } },
    { note: 'signed by a stranger', reply: { body: {}, flaw: 'secret' } },
    { note: 'for another request', reply: { body: {}, flaw: 'id' } },
    { note: 'not JSON', reply: { body: {}, flaw: 'html' } },
    { note: '409', reply: { status: 409, body: { error: { code: 'installation', message: '' } } } },
    { note: '500', reply: { status: 500, body: { error: { code: 'failed', message: '' } } } },
  ]
  test.each(keeps)('an answer that is $note changes nothing, and the event comes again under its id', async ({ reply }) => {
    await using pair = await startPair()
    pair.shop.placeOrder(buyer)
    // What such an answer says is not believed either.
    pair.service.answer((body) => ({ ...reply, body: { ...Object(acceptAll(body).body), ...Object(reply.body) } }))
    await pair.shop.sendNow()
    expect(pair.shop.pendingEvents()).toHaveLength(1)

    pair.service.answer(acceptAll)
    await pair.shop.sendNow()
    const [first, second] = pair.service.events()
    expect(second?.id).toBe(first?.id)
    expect(Number(second?.rev)).toBeGreaterThan(Number(first?.rev))
    expect(pair.shop.pendingEvents()).toEqual([])
  })

  test('an order saved while its event is on the way stays dirty, under a new id', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    pair.service.answer((body) => {
      if (pair.service.received.length === 1) pair.shop.setStatus(id, 'P')
      return acceptAll(body)
    })
    await pair.shop.sendNow()
    expect(pair.shop.pendingEvents()).toHaveLength(1)
    await pair.shop.sendNow()
    const [first, second] = pair.service.events()
    expect(second?.id).not.toBe(first?.id)
    expect(second?.data.status).toBe('P')
    expect(pair.shop.pendingEvents()).toEqual([])
  })

  test('a rejected event is kept, marked, and never sent again', async () => {
    await using pair = await startPair()
    pair.shop.placeOrder(buyer)
    pair.service.answer((body) => ({
      body: { accepted: [], rejected: body.events.map(({ id }) => ({ id, code: 'malformed', message: 'нет суммы' })), commands: [] },
    }))
    await pair.shop.sendNow()
    await pair.shop.sendNow()
    expect(pair.service.events()).toHaveLength(1)
    expect(pair.shop.rejectedEvents()).toMatchObject([{ reason: { code: 'malformed', message: 'нет суммы' } }])
  })

  test.each([429, 503])('%i with Retry-After is waited out', async (status) => {
    await using pair = await startPair()
    pair.shop.placeOrder()
    pair.service.answer(() => ({ status, body: { error: { code: 'busy', message: '' } }, headers: { 'retry-after': '20' } }))
    expect(await pair.shop.sendNow()).toMatchObject({ kind: 'refused', status, retryAfterSec: 20 })
    pair.service.answer(acceptAll)
    pair.advance(19_000)
    expect(await pair.shop.sendNow()).toMatchObject({ kind: 'not-sent', why: 'waiting' })
    pair.advance(1_000)
    expect(await pair.shop.sendNow()).toMatchObject({ kind: 'done', accepted: 1 })
  })

  test('a wrong clock is corrected by the answer, for a day', async () => {
    await using pair = await startPair()
    const aheadSec = 3_600
    const serviceMs = () => pair.nowMs() + aheadSec * 1000
    pair.service.answer((body, headers) => {
      const isOff = Math.abs(serviceMs() / 1000 - Number(headers['webhook-timestamp'])) > 300
      return isOff ? { status: 401, body: { error: { code: 'clock', time: new Date(serviceMs()).toISOString() } } } : acceptAll(body)
    })
    pair.shop.placeOrder()
    expect(await pair.shop.sendNow()).toMatchObject({ kind: 'done', accepted: 1 })
    expect(pair.shop.clockCorrectionMs()).toBe(aheadSec * 1000)
    await pair.shop.sendNow()
    expect(pair.service.received).toHaveLength(3)

    pair.advance(24 * 3_600_000)
    expect(pair.shop.clockCorrectionMs()).toBe(0)
    await pair.shop.sendNow()
    expect(pair.service.received).toHaveLength(5)
  })

  test('commands come back on the call, their results go with the next one, once', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    const command = { id: 'c1', type: 'order.set_status', data: { orderId: id, status: 'P', ifStatus: 'N', notifyCustomer: true, seq: 1 } }
    pair.service.answer((body) => ({
      body: { ...Object(acceptAll(body).body), commands: pair.service.received.length <= 2 ? [command] : [] },
    }))
    await pair.shop.sendNow()
    await pair.shop.sendNow()
    await pair.shop.sendNow()
    await pair.shop.sendNow()

    const expected = { id: 'c1', ok: true, changed: true, data: { before: 'N', after: 'P', warnings: [] } }
    expect(pair.service.results()).toEqual([expected, expected])
    expect(pair.service.events().map((event) => event.origin)).toEqual([null, 'c1'])
    expect(pair.shop.commandsSeen()).toMatchObject([{ id: 'c1', repeats: 1, via: 'exchange' }])
    expect(pair.shop.mails().map((mail) => mail.event)).toEqual(['SALE_NEW_ORDER', 'SALE_STATUS_CHANGED_P'])
  })

  test('a copy of the shop says nothing', async () => {
    await using pair = await startPair()
    pair.shop.placeOrder()
    pair.shop.faults.set({ copy: true })
    expect(await pair.shop.sendNow()).toEqual({ kind: 'not-sent', why: 'installation-changed' })
    expect(pair.service.received).toEqual([])
    const { events, results } = await pair.call([{ id: 'c1', type: 'ping', data: {} }])
    expect(events).toEqual([])
    expect(results).toMatchObject([{ id: 'c1', ok: false, error: { code: 'installation_changed', retry: false } }])
  })

  test('never more than 100 events or 900 KB at once, and all of them in the end', async () => {
    await using pair = await startPair()
    pair.shop.placeMany(150)
    const letters = 'щ'.repeat(1900)
    for (let count = 0; count < 400; count += 1) pair.shop.placeOrder({ ...buyer, comment: letters, managerComment: letters })
    while (pair.shop.pendingEvents().length > 0) await pair.shop.sendNow()
    expect(new Set(pair.service.events().map((event) => event.id)).size).toBe(550)
    for (const { body, bytes } of pair.service.received) {
      expect(body.events.length).toBeLessThanOrEqual(100)
      expect(bytes).toBeLessThanOrEqual(900 * 1024 + 300)
    }
  })

  test('a very large order goes with 500 lines and whole sums', async () => {
    await using pair = await startPair()
    const lines = Array.from({ length: 3000 }, () => ({ productId: '509', quantity: 2 }))
    pair.shop.placeOrder({ ...buyer, lines, delivery: 'Самовывоз' })
    await pair.shop.sendNow()
    const data = pair.service.events()[0]?.data
    expect(data).toMatchObject({ linesTotal: 3000, total: '2340000.00' })
    expect(data?.lines).toHaveLength(500)
  })

  test('deleted, archived and unreadable orders, forms and users have their own events', async () => {
    await using pair = await startPair()
    const [deleted, archived, unreadable] = pair.shop.placeMany(3)
    if (deleted === undefined || archived === undefined || unreadable === undefined) throw new Error('three orders')
    await pair.shop.sendNow()
    pair.shop.deleteOrder(deleted.id)
    pair.shop.archiveOrder(archived.id)
    pair.shop.faults.set({ unreadableOrders: [unreadable.id] })
    pair.shop.pay(unreadable.id)
    pair.shop.submitForm({
      form: 'CALLBACK',
      answers: { NAME: 'Олег', PHONE: '+7 999 000-33-44' },
      page: '/contacts/',
      touch: { last: { utm_source: 'vk' } },
    })
    const known = pair.shop.placeOrder({ ...buyer, email: 'unique@example.test' })
    await pair.shop.sendNow()
    pair.shop.editCustomer(known.userId, { lastName: 'Сидорова' })
    pair.shop.changeProfile()
    await pair.shop.sendNow()

    expect(pair.service.events().slice(3)).toMatchObject([
      { type: 'order.deleted', data: { id: deleted.id, site: 's1' } },
      { type: 'order.archived', data: { id: archived.id } },
      { type: 'order.unreadable', data: { id: unreadable.id } },
      {
        type: 'form.submitted',
        data: {
          source: 'webform',
          formId: '3',
          formCode: 'CALLBACK',
          resultId: '1',
          answers: [{ code: 'NAME', title: 'Имя', value: 'Олег' }, { code: 'PHONE' }],
          touch: { last: { utm_source: 'vk' } },
        },
      },
      { type: 'order.saved' },
      { type: 'customer.saved', data: { userId: known.userId, lastName: 'Сидорова' } },
      { type: 'profile.changed' },
    ])
  })

  test('the visit that brought an order travels until the service has it', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder({ ...buyer, touch: { last: { utm_source: 'vk' } } })
    pair.service.answer(() => ({ body: {}, flaw: 'unsigned' }))
    await pair.shop.sendNow()
    pair.shop.setStatus(id, 'P')
    pair.service.answer(acceptAll)
    await pair.shop.sendNow()
    pair.shop.setStatus(id, 'S')
    await pair.shop.sendNow()
    const touches = pair.service.events().map((event) => event.data.touch)
    const touch = { first: null, last: { utm_source: 'vk' } }
    expect(touches).toEqual([touch, touch, { first: null, last: null }])
  })
})

describe('by itself', () => {
  test('a burst of saves makes one exchange', async () => {
    await using pair = await startPair({ autoSend: true })
    const arrived = Promise.withResolvers<void>()
    pair.service.answer((body) => {
      arrived.resolve()
      return acceptAll(body)
    })
    const { id } = pair.shop.placeOrder(buyer)
    for (const status of ['P', 'S', 'F']) pair.shop.setStatus(id, status)
    await arrived.promise
    await pair.shop.sendNow()
    expect(pair.service.events()).toHaveLength(1)
    expect(pair.service.received).toHaveLength(2)
  })

  test('ten thousand orders leave in a hundred calls', async () => {
    await using pair = await startPair({ autoSend: true })
    const all = Promise.withResolvers<void>()
    let events = 0
    pair.service.answer((body) => {
      events += body.events.length
      if (events === 10_000) all.resolve()
      return acceptAll(body)
    })
    pair.shop.placeMany(10_000)
    await all.promise
    expect(pair.service.received.length).toBeLessThan(150)
    expect(new Set(pair.service.events().map((event) => event.data.id)).size).toBe(10_000)
  })
})

describe('pairing', () => {
  test('a code is spent for a connection; the module then speaks with its secret', async () => {
    await using service = await startFakeService()
    await using shop = await startShop({ autoSend: false })
    expect(await shop.sendNow()).toEqual({ kind: 'not-sent', why: 'not-connected' })
    await shop.pair(`${service.url}#0123456789AB`)
    expect(service.pairings).toMatchObject([
      { code: '0123456789AB', endpoint: shop.endpoint, host: new URL(shop.url).host, profile: { name: 'Кофе и приборы' } },
    ])
    expect(shop.connection).toMatchObject({ name: connectionName, shopKey: 'kqzvma' })
    expect(await shop.sendNow()).toMatchObject({ kind: 'done' })
  })

  test('a secret is not spoken over plain HTTP to another machine', async () => {
    await using shop = await startShop({ autoSend: false })
    await expect(shop.pair('http://bridge.example#0123456789AB')).rejects.toThrow('https')
  })
})
