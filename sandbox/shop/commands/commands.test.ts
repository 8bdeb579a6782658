import { describe, expect, test } from 'vitest'
import type { FaultChange } from '../faults.ts'
import { commandFamilies } from '../module.ts'
import type { Shop } from '../shop.ts'
import { buyer, startPair } from '../testing/fixture.ts'
import { errorCodes } from './outcome.ts'

const firm = { name: 'ООО Пример', inn: '7700000000', kpp: '770101001' }
const status = (orderId: string, wanted: string, more: Record<string, unknown> = {}) => ({
  id: `set ${orderId} ${wanted} ${JSON.stringify(more)}`,
  type: 'order.set_status',
  data: { orderId, status: wanted, ifStatus: 'N', notifyCustomer: true, seq: 1, ...more },
})

interface Refusal {
  code: (typeof errorCodes)[number]
  retry?: true
  type?: string
  data: Record<string, unknown>
  prepare?: (shop: Shop) => void
  faults?: FaultChange
  ticks?: []
}

/** The shop of each case holds order 10001, new and unpaid, of user 77. */
const refusals: Refusal[] = [
  { code: 'order_missing', data: { orderId: '99' } },
  { code: 'status_unknown', data: { status: 'ZZ' } },
  { code: 'conflict', data: { ifStatus: 'S' } },
  { code: 'conflict', data: { status: 'P' }, prepare: (shop) => shop.cancel('10001') },
  { code: 'cancel_refused', data: { status: 'cancelled' }, prepare: (shop) => shop.pay('10001') },
  { code: 'cancel_refused', data: { status: 'cancelled' }, prepare: (shop) => shop.ship('10001') },
  { code: 'order_locked', retry: true, data: {}, faults: { lockedOrders: ['10001'] } },
  { code: 'busy', retry: true, data: {}, faults: { busyOrders: ['10001'] } },
  { code: 'failed', retry: true, data: {}, faults: { failCommands: true } },
  { code: 'refused', data: {}, faults: { veto: 'Запрещено модулем склада' } },
  { code: 'refused', data: {}, ticks: [] },
  { code: 'refused', data: { seq: 'первый' } },
  { code: 'installation_changed', data: {}, faults: { copy: true } },
  { code: 'unknown_command', type: 'order.explode', data: {} },
  { code: 'unknown_command', type: 'constructor', data: {} },
  { code: 'refused', type: 'order.update', data: { properties: { ADDRESS: 'Москва' } }, ticks: [] },
  { code: 'refused', type: 'order.update', data: { buyer: { phone: '1' } }, ticks: [] },
  { code: 'property_missing', type: 'order.update', data: { properties: { NO_SUCH: '1' } } },
  { code: 'order_missing', type: 'order.update', data: { orderId: '99', properties: {} } },
  { code: 'order_missing', type: 'order.set_deal', data: { orderId: '99', dealId: '1', dealUrl: null } },
  { code: 'user_missing', type: 'customer.update', data: { userId: '99', fields: {} } },
  { code: 'user_protected', type: 'customer.update', data: { userId: '1', fields: { firstName: 'Иван' } } },
  ...['email', 'login', 'phone', 'password', 'groups', 'constructor'].map(
    (field): Refusal => ({
      code: 'field_forbidden',
      type: 'customer.update',
      data: { userId: '77', fields: { firstName: 'Иван', [field]: 'x' } },
    }),
  ),
  { code: 'refused', type: 'customer.update', data: { userId: '77', fields: {} }, ticks: [] },
  { code: 'refused', type: 'products.list', data: {}, ticks: [] },
  { code: 'refused', type: 'orders.list', data: { limit: 201 } },
  { code: 'refused', type: 'orders.get', data: { ids: Array.from({ length: 51 }, String) } },
  { code: 'refused', type: 'orders.digest', data: { by: 'colour' } },
]

describe('refused commands', () => {
  test.each(refusals)('$code: $type $data', async ({ code, retry = false, type = 'order.set_status', data, prepare, faults, ticks }) => {
    await using pair = await startPair({ ticks: ticks ?? commandFamilies })
    pair.shop.placeOrder(buyer)
    prepare?.(pair.shop)
    pair.shop.faults.set(faults ?? {})
    const before = pair.shop.order('10001')
    const defaults = type === 'order.set_status' ? status('10001', 'P').data : { orderId: '10001' }
    const { results } = await pair.call([{ id: 'c1', type, data: { ...defaults, ...data } }])
    expect(results).toMatchObject([{ id: 'c1', ok: false, error: { code, retry } }])
    expect(errorCodes).toContain(results[0]?.error?.code)
    expect(pair.shop.order('10001')).toBe(before)
  })
})

describe('order.set_status', () => {
  test('a conflict names the present state', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    pair.shop.cancel(id, 'передумал')
    const { results } = await pair.call([status(id, 'P')])
    expect(results).toMatchObject([{ error: { code: 'conflict', data: { current: 'cancelled' } } }])
  })

  test('an older decision that arrives late is superseded, the same one is not', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    const { results } = await pair.call([
      status(id, 'S', { seq: 5 }),
      status(id, 'P', { seq: 4, ifStatus: 'S' }),
      status(id, 'F', { seq: 5, ifStatus: 'S' }),
    ])
    expect(results.map((result) => result.error?.code ?? result.data)).toEqual([
      { before: 'N', after: 'S', warnings: [] },
      'superseded',
      { before: 'S', after: 'F', warnings: [] },
    ])
  })

  test('cancels with a reason and brings back in the wanted status', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    await pair.call([status(id, 'cancelled', { reason: 'нет на складе' })])
    expect(pair.shop.order(id)).toMatchObject({ cancelled: true, cancelReason: 'нет на складе', status: 'N' })
    const { results } = await pair.call([status(id, 'P', { ifStatus: 'cancelled', seq: 2 })])
    expect(results).toMatchObject([{ ok: true, data: { before: 'cancelled', after: 'P' } }])
    expect(pair.shop.order(id)).toMatchObject({ cancelled: false, status: 'P' })
  })

  test('an unknown status does not bring a cancelled order back by half', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    pair.shop.cancel(id)
    const { results } = await pair.call([status(id, 'ZZ', { ifStatus: 'cancelled' })])
    expect(results).toMatchObject([{ error: { code: 'status_unknown' } }])
    expect(pair.shop.order(id)?.cancelled).toBe(true)
  })

  test.each([
    { wanted: 'P', notifyCustomer: true, mails: 1 },
    { wanted: 'P', notifyCustomer: false, mails: 0 },
    { wanted: 'cancelled', notifyCustomer: true, mails: 1 },
    { wanted: 'cancelled', notifyCustomer: false, mails: 0 },
  ])('$wanted with notifyCustomer $notifyCustomer mails the buyer $mails times', async ({ wanted, notifyCustomer, mails }) => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    const before = pair.shop.mails().length
    const command = status(id, wanted, { notifyCustomer })
    await pair.call([command])
    await pair.call([command])
    expect(pair.shop.mails().length - before).toBe(mails)
  })

  test('a retryable failure is forgotten: the same id acts later', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    pair.shop.faults.set({ busyOrders: [id] })
    expect((await pair.call([status(id, 'P')])).results).toMatchObject([{ ok: false, error: { retry: true } }])
    pair.shop.faults.clear()
    expect((await pair.call([status(id, 'P')])).results).toMatchObject([{ ok: true, changed: true }])
  })

  test('origin is our command only while nobody else touched the order', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    await pair.shop.sendNow()
    const alone = await pair.call([{ ...status(id, 'P'), id: 'c1' }])
    expect(alone.events).toMatchObject([{ origin: 'c1', data: { status: 'P' } }])
    pair.shop.editOrder(id, { comment: 'ещё раз' })
    const mixed = await pair.call([])
    expect(mixed.events).toMatchObject([{ origin: null }])
  })
})

describe('order.update, order.set_deal, customer.update', () => {
  test.each([
    { note: 'a person', input: buyer, keys: ['FIO', 'PHONE', 'EMAIL'] },
    { note: 'a company', input: { ...buyer, company: firm }, keys: ['FIO', 'PHONE', 'EMAIL'] },
  ])('the buyer of $note goes to the properties marked so', async ({ input, keys }) => {
    await using pair = await startPair({ ticks: commandFamilies })
    const { id } = pair.shop.placeOrder(input)
    const change = {
      orderId: id,
      buyer: { firstName: 'Мария', lastName: 'Смирнова', phone: '+79990003344', email: 'm@example.test' },
      properties: { COMMENT: 'синий' },
    }
    const { results, events } = await pair.call([{ id: 'c1', type: 'order.update', data: change }])
    expect(Object.keys(Object(results[0]?.data?.after)).sort()).toEqual([...keys, 'COMMENT'].sort())
    expect(results[0]?.data?.before).toMatchObject({ FIO: 'Анна Петрова', COMMENT: null })
    expect(events).toMatchObject([
      { data: { buyer: { firstName: 'Мария', lastName: 'Смирнова', phone: '+79990003344', email: 'm@example.test' } } },
    ])
    const again = await pair.call([{ id: 'c2', type: 'order.update', data: change }])
    expect(again.results).toMatchObject([{ ok: true, changed: false }])
  })

  test('the deal is kept and shown in its property', async () => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    await pair.shop.sendNow()
    const { results, events } = await pair.call([
      { id: 'c1', type: 'order.set_deal', data: { orderId: id, dealId: '5001', dealUrl: 'https://e.amocrm.ru/leads/detail/5001' } },
    ])
    expect(results).toMatchObject([{ ok: true, changed: true }])
    expect(pair.shop.order(id)?.deal).toEqual({ id: '5001', url: 'https://e.amocrm.ru/leads/detail/5001' })
    expect(events).toMatchObject([{ origin: 'c1', data: { properties: { AMO_LEAD_ID: '5001' } } }])
  })

  test('a buyer changes in the allowed fields', async () => {
    await using pair = await startPair({ ticks: ['buyers'] })
    const { userId } = pair.shop.placeOrder(buyer)
    const { results, events } = await pair.call([
      { id: 'c1', type: 'customer.update', data: { userId, fields: { lastName: 'Смирнова', workPhone: '+74950000001' } } },
    ])
    expect(results).toMatchObject([
      {
        ok: true,
        changed: true,
        data: { before: { lastName: 'Петрова', workPhone: null }, after: { lastName: 'Смирнова', workPhone: '+74950000001' } },
      },
    ])
    expect(events.at(-1)).toMatchObject({ type: 'customer.saved', origin: 'c1', data: { userId, lastName: 'Смирнова' } })
  })
})

describe('reading', () => {
  async function ask(pair: Awaited<ReturnType<typeof startPair>>, type: string, data: Record<string, unknown>) {
    const { results } = await pair.call([{ id: `${type} ${JSON.stringify(data)}`, type, data }])
    return results[0]?.data ?? {}
  }

  test('the profile tells what an administrator set up', async () => {
    await using pair = await startPair({ ticks: ['statuses', 'products'] })
    expect(await ask(pair, 'profile.get', {})).toMatchObject({
      name: 'Кофе и приборы',
      statuses: [{ id: 'N' }, { id: 'P' }, { id: 'S' }, { id: 'F', final: true }, { id: 'D', final: true }],
      personTypes: [{ id: '1' }, { id: '2' }],
      forms: [{ code: 'CALLBACK' }, { code: 'FEEDBACK' }],
      commands: ['statuses', 'products'],
      time: '2026-11-23T08:00:00Z',
    })
  })

  test.each([
    { type: 'orders.list', list: 'orders', limit: 7 },
    { type: 'orders.digest', list: 'rows', limit: 7 },
    { type: 'products.list', list: 'products', limit: 5 },
    { type: 'customers.list', list: 'customers', limit: 4 },
  ])('$type pages through everything once, in id order', async ({ type, list, limit }) => {
    await using pair = await startPair({ ticks: commandFamilies })
    pair.shop.placeMany(30)
    pair.shop.deleteOrder('10010')
    const extra = type === 'orders.digest' ? { by: 'created' } : {}
    const whole = await ask(pair, type, extra)
    const paged: unknown[] = []
    for (let afterId: unknown = null, first = true; first || afterId !== null; first = false) {
      const page = await ask(pair, type, { ...extra, limit, ...(first ? {} : { afterId }) })
      paged.push(...Object(page[list]))
      afterId = page.next
    }
    const ids = (items: unknown) => Object(items).map((item: { id?: string; userId?: string }) => Number(item.id ?? item.userId))
    expect(ids(paged)).toEqual(ids(whole[list]))
    expect(ids(paged)).toEqual([...ids(paged)].sort((a, b) => a - b))
    if (type.startsWith('orders')) expect(paged).toHaveLength(29)
  })

  test('orders are chosen by when they were made and changed', async () => {
    await using pair = await startPair()
    const dayMs = 86_400_000
    const { id: old } = pair.shop.placeOrder({ ...buyer, createdAtMs: pair.nowMs() - 3 * dayMs })
    const { id: fresh } = pair.shop.placeOrder(buyer)
    pair.advance(dayMs)
    pair.shop.setStatus(old, 'P')
    const instant = (ms: number) => new Date(pair.nowMs() + ms).toISOString()
    const idsOf = (data: Record<string, unknown>) => Object(data.orders ?? data.rows).map((order: { id: string }) => order.id)

    expect(idsOf(await ask(pair, 'orders.list', { createdFrom: instant(-dayMs) }))).toEqual([fresh])
    expect(idsOf(await ask(pair, 'orders.list', { createdTo: instant(-dayMs) }))).toEqual([old])
    expect(idsOf(await ask(pair, 'orders.list', { updatedSince: instant(-1) }))).toEqual([old])
    expect(idsOf(await ask(pair, 'orders.digest', { from: instant(-1), to: instant(1), by: 'updated' }))).toEqual([old])
    expect(idsOf(await ask(pair, 'orders.get', { ids: [fresh, '1', old] }))).toEqual([fresh, old])
  })

  test('results of one form', async () => {
    await using pair = await startPair()
    for (const form of ['CALLBACK', 'FEEDBACK', 'CALLBACK']) pair.shop.submitForm({ form, answers: { NAME: 'Олег' } })
    const { results, next } = await ask(pair, 'form_results.list', { source: 'webform', formId: '3' })
    expect(results).toMatchObject([{ resultId: '1' }, { resultId: '3' }])
    expect(next).toBeNull()
  })

  test('an offer belongs to its product', async () => {
    await using pair = await startPair({ ticks: ['products'] })
    const { products } = await ask(pair, 'products.list', {})
    expect(products).toContainEqual(
      expect.objectContaining({
        id: '5011',
        parentId: '501',
        prices: { BASE: { price: '7745.00', currency: 'RUB' } },
        sections: ['Каталог', 'Кофемашины'],
      }),
    )
  })
})
