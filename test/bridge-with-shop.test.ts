import { describe, expect, test } from 'vitest'
import { startShop } from '../sandbox/shop/emulator.ts'
import type { Shop } from '../sandbox/shop/shop.ts'
import { putCommand } from '../src/storage/commands.ts'
import { listIncidents } from '../src/storage/incidents.ts'
import { listQueue } from '../src/storage/queue.ts'
import { listTimeline } from '../src/storage/timeline.ts'
import { type Bridge, startBridge } from './support/bridge.ts'

async function startPaired(): Promise<{ bridge: Bridge; shop: Shop } & AsyncDisposable> {
  const bridge = await startBridge()
  const shop = await startShop({ nowMs: bridge.clock.now, autoSend: false })
  await shop.pair(await bridge.pairingCode())
  await bridge.giveAccount()
  return {
    bridge,
    shop,
    async [Symbol.asyncDispose]() {
      await shop.close()
      await bridge[Symbol.asyncDispose]()
    },
  }
}

async function storedOrders({ database }: Bridge) {
  const rows = await database.read.selectFrom('shop_orders').selectAll().orderBy('order_id').execute()
  return rows.map((row) => ({ id: row.order_id, deleted: row.deleted, archived: row.archived, ...JSON.parse(row.snapshot ?? '{}') }))
}

describe('a shop and the service', () => {
  test('pair, and orders arrive with what changes later', async () => {
    await using both = await startPaired()
    const { bridge, shop } = both
    expect(await bridge.read()).toMatchObject({
      shop: {
        endpoint: shop.endpoint,
        installation: shop.module.installation,
        host: shop.module.host,
        profile: { name: expect.any(String) },
      },
    })

    const first = shop.placeOrder({ touch: { first: { utm_source: 'yandex' }, last: { utm_source: 'vk' } } })
    shop.placeOrder()
    expect(await shop.sendNow()).toMatchObject({ kind: 'done', accepted: 2, rejected: 0 })
    expect(shop.pendingEvents()).toEqual([])
    shop.pay(first.id)
    shop.editOrder(first.id, { comment: 'позвонить' })
    expect(await shop.sendNow()).toMatchObject({ accepted: 1 })

    const [order] = await storedOrders(bridge)
    expect(order).toMatchObject({ id: first.id, paid: true, comment: 'позвонить' })
    // Known only at the checkout: a later snapshot comes without it.
    expect(order.touch).toEqual({ first: { utm_source: 'yandex' }, last: { utm_source: 'vk' } })
    const items = await listQueue(bridge.database, {}, 10)
    expect(items.map(({ type, entityKey, status }) => ({ type, entityKey, status }))).toEqual(
      expect.arrayContaining([{ type: 'order', entityKey: `order:${first.id}`, status: 'pending' }]),
    )
    expect(items).toHaveLength(2)
    expect(bridge.news).toContain(bridge.connection)
    const timeline = await listTimeline(bridge.database, bridge.connection, `order:${first.id}`)
    expect(timeline.map(({ step }) => step)).toEqual(['received', 'received'])
  })

  test('commands ride back on the shop’s own calls, and their results end them', async () => {
    await using both = await startPaired()
    const { bridge, shop } = both
    const { id } = shop.placeOrder()
    await shop.sendNow()
    await bridge.database.write((tx) =>
      putCommand(
        tx,
        {
          connection: bridge.connection,
          orderId: id,
          type: 'order.set_deal',
          data: { orderId: id, dealId: 5001, dealUrl: null },
          dueAtMs: 0,
        },
        bridge.clock.now(),
      ),
    )
    // The call before fetched the ping of the pairing. This one brings its result and fetches the command, the next one brings that result.
    expect(await shop.sendNow()).toMatchObject({ results: 1, commands: 1 })
    expect(await shop.sendNow()).toMatchObject({ results: 1, commands: 0 })
    expect(shop.order(id)?.deal).toEqual({ id: '5001', url: null })
    const commands = await bridge.database.read.selectFrom('commands').select(['type', 'status']).execute()
    expect(commands.every(({ status }) => status === 'done')).toBe(true)
    const timeline = await listTimeline(bridge.database, bridge.connection, `order:${id}`)
    expect(timeline.map(({ step }) => step)).toContain('command-done')
  })

  test('an answer lost on its way costs nothing and doubles nothing', async () => {
    await using both = await startPaired()
    const { bridge, shop } = both
    shop.placeOrder()
    shop.submitForm({ answers: { NAME: 'Олег' } })
    shop.faults.set({ loseServiceAnswers: true })
    expect(await shop.sendNow()).toMatchObject({ kind: 'no-answer' })
    shop.faults.clear()
    expect(await shop.sendNow()).toMatchObject({ accepted: 2 })
    expect(await storedOrders(bridge)).toHaveLength(1)
    const items = await listQueue(bridge.database, {}, 10)
    expect(items.map(({ type }) => type).sort()).toEqual(['lead', 'order'])
    expect(await listTimeline(bridge.database, bridge.connection, 'order:10001')).toHaveLength(1)
  })

  test('a shop that cannot reach us is called: events come, commands go', async () => {
    await using both = await startPaired()
    const { bridge, shop } = both
    shop.faults.set({ noOutgoing: true })
    const orders = shop.placeMany(120)
    await bridge.callShops()
    expect(bridge.called).toEqual([{ kind: 'done', rounds: expect.any(Number) }])
    expect(shop.pendingEvents()).toEqual([])
    expect(await storedOrders(bridge)).toHaveLength(120)
    expect(shop.commandsSeen().map(({ type, via }) => ({ type, via }))).toEqual([{ type: 'ping', via: 'endpoint' }])

    // Heard a moment ago and nothing to say: left alone until it was silent for a minute.
    await bridge.callShops()
    expect(bridge.called).toHaveLength(1)
    shop.cancel(orders[0]?.id ?? '')
    bridge.moveClock(61_000)
    await bridge.callShops()
    expect((await storedOrders(bridge))[0]).toMatchObject({ cancelled: true })
  })

  test('a shop that is down loses nothing', async () => {
    await using both = await startPaired()
    const { bridge, shop } = both
    shop.placeOrder()
    shop.faults.set({ down: true })
    await bridge.callShops()
    expect(bridge.called).toEqual([{ kind: 'no-answer', why: expect.any(String) }])
    expect(await shop.sendNow()).toMatchObject({ kind: 'no-answer' })
    shop.faults.clear()
    // Left alone for a while after a failure.
    await bridge.callShops()
    expect(bridge.called).toHaveLength(1)
    bridge.moveClock(2_000)
    await bridge.callShops()
    expect(bridge.called.at(-1)).toMatchObject({ kind: 'done' })
    expect(await storedOrders(bridge)).toHaveLength(1)
  })

  test('a shop whose clock is wrong by hours is heard and called', async () => {
    await using both = await startPaired()
    const { bridge, shop } = both
    shop.moveClock(3 * 3_600_000)
    shop.placeOrder()
    expect(await shop.sendNow()).toMatchObject({ kind: 'done', accepted: 1 })
    bridge.moveClock(61_000)
    await bridge.callShops()
    expect(bridge.called).toMatchObject([{ kind: 'done' }])
    expect((await bridge.read()).shop.clockOffsetMs).toBe(3 * 3_600_000)
  })

  test('a copied shop does nothing and its commands wait', async () => {
    await using both = await startPaired()
    const { bridge, shop } = both
    shop.faults.set({ copy: true })
    await bridge.callShops()
    const incidents = () => listIncidents(bridge.database, { closedToo: false, limit: 10 })
    expect(await incidents()).toMatchObject([{ code: 'shop-copied' }])
    shop.faults.clear()
    bridge.moveClock(601_000)
    await bridge.callShops()
    expect(await incidents()).toEqual([])
    expect(shop.commandsSeen().at(-1)?.result).toMatchObject({ ok: true })
  })
})
