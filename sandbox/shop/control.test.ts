import { describe, expect, test } from 'vitest'
import { startShop } from './emulator.ts'
import type { Shop } from './shop.ts'

async function control(shop: Shop, verb: string, input: unknown = {}, headers: Record<string, string> = {}) {
  const response = await fetch(`${shop.url}/_control/${verb}`, { method: 'POST', body: JSON.stringify(input), headers })
  return { status: response.status, body: await response.json() }
}

describe('control by other processes', () => {
  test('an order lives its whole life', async () => {
    await using shop = await startShop({ autoSend: false })
    const placed = await control(shop, 'place-order', {
      name: 'Анна Петрова',
      phone: '8 999 000 11 22',
      lines: [{ productId: '502', quantity: 2 }],
    })
    const { id, lines } = Object(placed.body).result
    await control(shop, 'edit', { id, lines: [{ id: lines[0].id, quantity: 1 }], comment: 'один' })
    await control(shop, 'pay', { id })
    await control(shop, 'ship', { id, tracking: 'RU1' })
    await control(shop, 'set-status', { id, status: 'F' })
    const order = await (await fetch(`${shop.url}/_control/order?id=${id}`)).json()
    expect(order).toMatchObject({
      status: 'F',
      paid: true,
      comment: 'один',
      lines: [{ quantity: 1 }],
      shipments: [{ trackingNumber: 'RU1' }],
    })
    await control(shop, 'delete', { id })
    expect(await (await fetch(`${shop.url}/_control/state`)).json()).toMatchObject({ orders: 0, pending: 1 })
  })

  test.each([
    { verb: 'cancel', input: { id: '99' }, status: 409, code: 'order_missing' },
    { verb: 'set-status', input: { id: '10001', status: 'ZZ' }, status: 409, code: 'status_unknown' },
    { verb: 'edit', input: { lines: 3 }, status: 400, code: 'malformed' },
    { verb: 'toString', input: {}, status: 404, code: 'unknown_verb' },
    { verb: 'faults', input: { slowMs: 'long' }, status: 400, code: 'malformed' },
  ])('$verb $input answers $status $code', async ({ verb, input, status, code }) => {
    await using shop = await startShop({ autoSend: false })
    shop.placeOrder()
    expect(await control(shop, verb, input)).toMatchObject({ status, body: { error: { code } } })
  })

  test('history comes without events, spread over its span', async () => {
    await using shop = await startShop({ autoSend: false, nowMs: () => 1_795_420_800_000 })
    await control(shop, 'place-many', { count: 100, spanMs: 100 * 86_400_000 })
    expect(shop.pendingEvents()).toEqual([])
    const days = new Set(shop.orders().map((order) => Math.floor(order.createdAtMs / 86_400_000)))
    expect(days.size).toBe(100)
  })

  test('a page of another site may not speak', async () => {
    await using shop = await startShop({ autoSend: false })
    expect((await control(shop, 'place-order', {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect(shop.orders()).toEqual([])
  })
})
