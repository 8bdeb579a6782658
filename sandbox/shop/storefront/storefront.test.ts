import { describe, expect, test } from 'vitest'
import { startShop } from '../emulator.ts'
import type { Shop } from '../shop.ts'

/** A browser without scripts: keeps cookies, follows redirects. */
function createBrowser(shop: Shop) {
  const cookies = new Map<string, string>()
  async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, shop.url), { ...init, redirect: 'manual', headers: { cookie, ...init.headers } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    return location === null ? { status: response.status, text: await response.text() } : ask(location)
  }
  return {
    open: (path: string, headers: Record<string, string> = {}) => ask(path, { headers }),
    submit: (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
      ask(path, { method: 'POST', body: new URLSearchParams(form), headers }),
  }
}

const filled = {
  name: 'Анна Петрова',
  phone: '8 (999) 000-11-22',
  email: 'Anna@Example.test',
  delivery: 'СДЭК',
  comment: 'позвонить до 18',
}
const quiet = { autoSend: false }

describe('the buyer', () => {
  test('chooses, orders, and sees the status change', async () => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    expect((await browser.open('/')).text).toContain('data-testid="product-501"')
    await browser.submit('/cart/add', { product: '5012' })
    expect((await browser.submit('/cart/add', { product: '509' })).text).toContain('data-testid="checkout-form"')
    await browser.submit('/cart/change', { 5012: '2', 509: '0' })
    const placed = await browser.submit('/checkout', { ...filled, address: 'Москва, Арбат, 1' })

    const [order] = shop.orders()
    expect(order).toMatchObject({
      lines: [{ productId: '5012', parentId: '501', quantity: 2 }],
      comment: 'позвонить до 18',
      properties: { ADDRESS: 'Москва, Арбат, 1' },
    })
    expect(placed.text).toContain(`data-testid="order-status-${order?.id}">Принят, ожидается оплата<`)

    shop.setStatus(order?.id ?? '', 'S')
    shop.pay(order?.id ?? '')
    const states = JSON.parse((await browser.open('/orders/state.json')).text)
    expect(states[order?.id ?? '']).toMatchObject({ status: 'Отгружен', paid: 'Оплачен' })
    expect((await createBrowser(shop).open('/orders')).text).not.toContain(`order-${order?.id}`)
  })

  test('is remembered by the advertisement they came from', async () => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    await browser.open('/?utm_source=yandex&utm_campaign=osen', { referer: 'https://ya.ru/' })
    await browser.open('/p/502/?utm_source=vk')
    await browser.submit('/cart/add', { product: '502' })
    await browser.submit('/checkout', filled)
    const [row] = shop.pendingEvents()
    expect(row?.touch).toMatchObject({
      first: { utm_source: 'yandex', utm_campaign: 'osen', referrer: 'https://ya.ru/' },
      last: { utm_source: 'vk', landing: `${shop.url}/p/502/` },
    })
    expect(shop.orders()[0]?.properties.UTM_SOURCE).toBe('vk')
  })

  test('buys for a company', async () => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    await browser.submit('/cart/add', { product: '502' })
    await browser.submit('/checkout', { ...filled, company: 'ООО Пример', inn: '77 0000 0000' })
    expect(shop.orders()[0]).toMatchObject({
      personType: '2',
      properties: { COMPANY: 'ООО Пример', INN: '7700000000', FIO: 'Анна Петрова' },
    })
  })

  test.each([
    { note: 'no name', form: { ...filled, name: ' ' }, mistake: 'name-error' },
    { note: 'no phone', form: { ...filled, phone: 'нет' }, mistake: 'phone-error' },
    { note: 'a wrong tax number', form: { ...filled, inn: '123' }, mistake: 'inn-error' },
  ])('is told about $note and keeps what was typed', async ({ form, mistake }) => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    await browser.submit('/cart/add', { product: '502' })
    const answer = await browser.submit('/checkout', form)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(`id="${mistake}"`)
    expect(answer.text).toContain('позвонить до 18')
    expect(shop.orders()).toEqual([])
  })

  test('asks a question', async () => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    expect((await browser.submit('/feedback', { message: 'Есть ли самовывоз?' })).status).toBe(422)
    await browser.submit('/feedback', { message: 'Есть ли самовывоз?', phone: '+7 999 000-33-44', name: 'Олег' })
    expect(shop.pendingEvents()).toMatchObject([{ kind: 'form.submitted' }])
  })

  test('cannot put markup into a page', async () => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    const evil = '<script>alert("1")</script>'
    await browser.submit('/cart/add', { product: '502' })
    await browser.submit('/checkout', { ...filled, name: evil, comment: evil, address: `"><b>${evil}` })
    const [order] = shop.orders()
    shop.cancel(order?.id ?? '', evil)
    for (const path of ['/orders', '/admin', `/admin/orders/${order?.id}`]) {
      const { status, text } = await browser.open(path)
      expect(status).toBe(200)
      expect(text).not.toContain(evil)
    }
  })

  test('reads Russian first and English when asked', async () => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    expect((await browser.open('/')).text).toContain('<html lang="ru">')
    await browser.open('/?lang=en')
    expect((await browser.open('/cart')).text).toContain('The cart is empty.')
  })
})

describe('the administrator', () => {
  const acts = [
    { verb: 'edit', form: { quantity: '3' }, expected: { lines: [{ quantity: 3 }] } },
    { verb: 'status', form: { status: 'P' }, expected: { status: 'P' } },
    { verb: 'pay', form: {}, expected: { payments: [{ paidAtMs: expect.any(Number) }] } },
    { verb: 'ship', form: { tracking: 'RU1' }, expected: { shipments: [{ shipped: true, trackingNumber: 'RU1' }] } },
    { verb: 'cancel', form: { reason: 'нет' }, expected: { cancelled: true, cancelReason: 'нет' } },
    { verb: 'delete', form: {}, expected: undefined },
    { verb: 'archive', form: {}, expected: undefined },
  ]
  test.each(acts)('can $verb an order', async ({ verb, form, expected }) => {
    await using shop = await startShop(quiet)
    const { id, lines } = shop.placeOrder()
    const named = 'quantity' in form ? { [`quantity-${lines[0]?.id}`]: '3' } : form
    const answer = await createBrowser(shop).submit(`/admin/orders/${id}/${verb}`, { ...named })
    expect(answer.status).toBe(200)
    if (expected === undefined) expect(shop.order(id)).toBeUndefined()
    else expect(shop.order(id)).toMatchObject(expected)
  })

  test('reads why the shop says no', async () => {
    await using shop = await startShop(quiet)
    const { id } = shop.placeOrder()
    shop.pay(id)
    expect((await createBrowser(shop).submit(`/admin/orders/${id}/cancel`, {})).text).toContain('Заказ оплачен')
    expect(shop.order(id)?.cancelled).toBe(false)
  })

  test('breaks the shop and mends it', async () => {
    await using shop = await startShop(quiet)
    const browser = createBrowser(shop)
    await browser.submit('/admin/faults', { down: 'on', slowMs: '250' })
    expect(shop.faults.now).toMatchObject({ down: true, copy: false, slowMs: 250 })
    await browser.submit('/admin/clear-faults', {})
    expect(shop.faults.now).toEqual({})
  })

  test('is not obeyed through a page of another site', async () => {
    await using shop = await startShop(quiet)
    const { id } = shop.placeOrder()
    const answer = await createBrowser(shop).submit(`/admin/orders/${id}/delete`, {}, { origin: 'https://evil.example' })
    expect(answer.status).toBe(403)
    expect(shop.order(id)).toBeDefined()
  })
})
