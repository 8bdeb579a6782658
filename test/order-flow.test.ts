import { describe, expect, test } from 'vitest'
import { startInstallation, usualOrders } from './support/installation.ts'
import { until } from './support/until.ts'

const pipelines = { shop: 7_000_001, wholesale: 7_000_002 }
const stages = { new: 60_000_002, confirmed: 60_000_003, paid: 60_000_004, shipped: 60_000_005, won: 142, lost: 143 }
const maria = 9_000_002

describe('an order', () => {
  test('becomes a deal with its contact, sum, marks, note and link, and learns of it', async () => {
    await using here = await startInstallation()
    const order = here.shop.placeOrder({
      name: 'Иванова Анна Петровна',
      phone: '8 (916) 123-45-67',
      email: 'Anna@Example.test',
      lines: [{ productId: '501', quantity: 2 }],
      touch: { first: { utm_source: 'yandex' }, last: { utm_source: 'vk', utm_campaign: 'autumn' } },
    })
    const deal = await here.dealOf(order.id)
    expect(deal).toMatchObject({
      name: `Заказ №${order.number}`,
      pipelineId: pipelines.shop,
      statusId: stages.new,
      responsibleUserId: maria,
      tags: ['Сайт'],
      fields: {
        UTM_SOURCE: ['vk'],
        UTM_CAMPAIGN: ['autumn'],
        AMOBRIDGE_URL: [`${here.shop.url}/bitrix/admin/sale_order_view.php?ID=${order.id}`],
      },
    })
    expect(here.amo.world.contacts()).toMatchObject([
      {
        id: deal.mainContactId,
        firstName: 'Анна Петровна',
        lastName: 'Иванова',
        fields: { PHONE: ['+79161234567'], EMAIL: ['anna@example.test'] },
      },
    ])
    const [note, ...more] = here.amo.world.notes('leads', deal.id)
    expect(more).toEqual([])
    expect(JSON.stringify(note?.params)).toContain('Кофемашина X1')
    expect(here.shop.order(order.id)?.deal).toEqual({ id: String(deal.id), url: `${here.amo.url}/leads/detail/${deal.id}` })
    // The shop's echo of our own write asks for nothing.
    const { total } = here.amo.requests().counters()
    await here.shop.sendNow()
    await here.settled()
    expect(here.amo.requests().counters().total).toBe(total)
  })

  test('of a stranger costs three requests: what is new among contacts, the create, the note', async () => {
    await using here = await startInstallation()
    await here.dealOf(here.shop.placeOrder({ phone: '+79160000001' }).id)
    // Contacts are read at most once a second: a moment later they are due again.
    await here.clockPasses(2_000)
    const before = here.amo.requests().all.length
    await here.dealOf(here.shop.placeOrder({ phone: '+79160000002' }).id)
    const routes = here.amo
      .requests()
      .all.slice(before)
      .map(({ method, route }) => `${method} ${route}`)
    expect(routes).toEqual(['GET /api/v4/contacts', 'POST /api/v4/leads/complex', 'POST /api/v4/leads/notes'])
  })

  test('takes the shop’s rounding: the price is whole roubles, the exact sum stands in the note', async () => {
    await using here = await startInstallation()
    const order = here.shop.placeOrder({
      lines: [{ productId: '501', quantity: 1, priceKopecks: 150_050 }],
      delivery: 'Курьер',
      deliveryPriceKopecks: 0,
    })
    const deal = await here.dealOf(order.id)
    expect(deal.price).toBe(1501)
    expect(JSON.stringify(here.amo.world.notes('leads', deal.id)[0]?.params)).toContain('1 500,50')
  })

  test('of a company brings the company, linked to contact and deal', async () => {
    await using here = await startInstallation()
    const company = { name: 'ООО «Ромашка»', inn: '7701234567', kpp: '770101001' }
    const first = here.shop.placeOrder({ name: 'Петров Олег', phone: '+79161110001', company })
    const deal = await here.dealOf(first.id)
    expect(here.amo.world.companies()).toMatchObject([{ id: deal.companyId, name: 'ООО «Ромашка»', contactIds: [deal.mainContactId] }])
    const second = await here.dealOf(here.shop.placeOrder({ name: 'Сидорова Ирина', phone: '+79161110002', company }).id)
    expect(second.companyId).toBe(deal.companyId)
    expect(here.amo.world.companies()).toHaveLength(1)
  })
})

describe('a known contact', () => {
  test('is found by a phone written in another way, gains the new e-mail and keeps its name', async () => {
    await using here = await startInstallation()
    const known = here.amo.world.createContact({ name: 'Аня (постоянная)', phone: '8 916 123 45 67' })
    const order = here.shop.placeOrder({ name: 'Иванова Анна', phone: '+7 (916) 123-45-67', email: 'anna@example.test' })
    const deal = await here.dealOf(order.id)
    expect(deal.mainContactId).toBe(known.id)
    expect(here.amo.world.contacts()).toHaveLength(1)
    const contact = here.amo.world.contact(known.id)
    expect(contact?.name).toBe('Аня (постоянная)')
    expect(contact?.fields).toMatchObject({ PHONE: ['8 916 123 45 67'], EMAIL: ['anna@example.test'] })
  })

  test('is found by e-mail alone', async () => {
    await using here = await startInstallation()
    const known = here.amo.world.createContact({ name: 'Олег', email: 'Oleg@Example.test' })
    const deal = await here.dealOf(here.shop.placeOrder({ name: 'Олег', phone: '', email: 'oleg@example.TEST' }).id)
    expect(deal.mainContactId).toBe(known.id)
  })

  test('serves both orders of one person, placed at once', async () => {
    await using here = await startInstallation()
    here.shop.autoSend = false
    const first = here.shop.placeOrder({ phone: '8 916 555-44-33', email: 'one@example.test' })
    const second = here.shop.placeOrder({ phone: '+79165554433', email: 'one@example.test' })
    await here.shop.sendNow()
    const deals = [await here.dealOf(first.id), await here.dealOf(second.id)]
    expect(here.amo.world.contacts()).toHaveLength(1)
    expect(new Set(deals.map(({ mainContactId }) => mainContactId)).size).toBe(1)
  })
})

describe('an order saved again', () => {
  test('updates the same deal, and only what changed', async () => {
    await using here = await startInstallation()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    here.amo.world.editLead(deal.id, { responsibleUserId: 9_000_003, addTags: ['Важный'], fields: { '500013': 'Тверь' } })
    const before = here.amo.requests().all.length
    here.shop.editOrder(order.id, { deliveryPriceKopecks: 100_000 })
    await here.settled()
    const after = here.amo.world.lead(deal.id)
    expect(here.dealsOf(order.id)).toHaveLength(1)
    expect(after).toMatchObject({ responsibleUserId: 9_000_003, tags: ['Сайт', 'Важный'], fields: { '500013': ['Тверь'] } })
    expect(after?.price).toBe(deal.price + 500)
    const bodies = here.amo.requests().all.slice(before)
    expect(bodies.filter(({ method }) => method === 'PATCH').map(({ route }) => route)).toEqual(['/api/v4/leads', '/api/v4/leads/notes'])
  })

  test('ten times in a moment costs one create', async () => {
    await using here = await startInstallation()
    here.shop.autoSend = false
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    for (let price = 1; price <= 10; price += 1) {
      here.shop.editOrder(order.id, { deliveryPriceKopecks: price * 100_000 })
    }
    await here.shop.sendNow()
    const deal = await here.dealOf(order.id)
    const { byRoute } = here.amo.requests().counters()
    expect(byRoute['POST /api/v4/leads/complex']).toBe(1)
    expect(byRoute['PATCH /api/v4/leads']).toBeUndefined()
    const total = here.shop.order(order.id)
    expect(total?.deliveryPriceKopecks).toBe(1_000_000)
    expect(deal.price).toBeGreaterThan(10_000)
  })

  test('with nothing of ours changed asks amoCRM for nothing', async () => {
    await using here = await startInstallation()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    await here.dealOf(order.id)
    const { total } = here.amo.requests().counters()
    here.shop.editOrder(order.id, {})
    expect(here.shop.pendingEvents()).toHaveLength(1)
    await here.settled()
    expect(here.amo.requests().counters().total).toBe(total)
  })
})

describe('the stage', () => {
  test('follows the status, and a manager’s own move stays when other things change', async () => {
    await using here = await startInstallation()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    here.shop.setStatus(order.id, 'P')
    await here.settled()
    expect(here.amo.world.lead(deal.id)?.statusId).toBe(stages.paid)
    here.amo.world.moveLead(deal.id, { pipelineId: pipelines.shop, statusId: stages.shipped })
    here.shop.editOrder(order.id, { deliveryPriceKopecks: 12_300 })
    await here.settled()
    expect(here.amo.world.lead(deal.id)?.statusId).toBe(stages.shipped)
    here.shop.setStatus(order.id, 'F')
    await here.settled()
    expect(here.amo.world.lead(deal.id)?.statusId).toBe(stages.won)
  })

  test('of a cancelled order is lost with its reason, and returns with the order', async () => {
    await using here = await startInstallation()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    here.shop.cancel(order.id, 'передумал')
    await here.settled()
    expect(here.amo.world.lead(deal.id)).toMatchObject({ statusId: stages.lost, lossReasonId: 300_001 })
    here.shop.uncancel(order.id)
    await here.settled()
    expect(here.amo.world.lead(deal.id)?.statusId).toBe(stages.new)
  })

  test('is left alone in another pipeline, and people hear of it', async () => {
    await using here = await startInstallation()
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    here.amo.world.moveLead(deal.id, { pipelineId: pipelines.wholesale, statusId: 60_000_102 })
    here.shop.setStatus(order.id, 'P')
    await here.settled()
    expect(here.amo.world.lead(deal.id)).toMatchObject({ pipelineId: pipelines.wholesale, statusId: 60_000_102 })
    expect((await here.incidents()).map(({ code }) => code)).toContain('stage-other-pipeline')
    here.shop.setStatus(order.id, 'F')
    await here.settled()
    expect(here.amo.world.lead(deal.id)).toMatchObject({ pipelineId: pipelines.wholesale, statusId: stages.won })
  })

  test('of an order deleted in the shop is the one the settings name; the deal stays', async () => {
    await using here = await startInstallation({ orders: usualOrders.replace('cancelled: 143 }', 'cancelled: 143, deleted: 143 }') })
    const order = here.shop.placeOrder({ phone: '+79161234567' })
    const deal = await here.dealOf(order.id)
    here.shop.deleteOrder(order.id)
    await here.settled()
    expect(here.amo.world.lead(deal.id)).toMatchObject({ place: 'live', statusId: stages.lost })
  })
})

describe('what gets no deal', () => {
  test('orders of before `since`, however often they are saved', async () => {
    await using here = await startInstallation({
      orders: usualOrders.replace('since: 2020-01-01T00:00:00Z', 'since: 2999-01-01T00:00:00Z'),
    })
    const orders = Array.from({ length: 120 }, (_, index) => here.shop.placeOrder({ phone: `+7916${String(index).padStart(7, '0')}` }))
    for (const { id } of orders) here.shop.editOrder(id, { managerComment: 'ночная выгрузка' })
    await here.settled()
    expect(here.amo.world.leads()).toEqual([])
    expect(here.amo.requests().counters().byRoute['POST /api/v4/leads/complex']).toBeUndefined()
  })

  test('orders a rule skips, and orders deleted before their deal', async () => {
    const rules = 'rules: [ { when: { property: { TEST: Y } }, skip: true } ]'
    await using here = await startInstallation({ orders: `${usualOrders}\n${rules}` })
    here.shop.autoSend = false
    const skipped = here.shop.placeOrder({ phone: '+79161234567', properties: { TEST: 'Y' } })
    const deleted = here.shop.placeOrder({ phone: '+79161234568' })
    here.shop.deleteOrder(deleted.id)
    const kept = here.shop.placeOrder({ phone: '+79161234569' })
    await here.shop.sendNow()
    await here.dealOf(kept.id)
    expect(here.dealsOf(skipped.id)).toEqual([])
    expect(here.dealsOf(deleted.id)).toEqual([])
  })
})

describe('settings', () => {
  test('send an order by its rule to another pipeline, with its own people and tags', async () => {
    const rules = 'rules: [ { when: { minTotal: 100000 }, pipeline: Опт, tags: [Опт], responsible: { users: [Пётр] } } ]'
    await using here = await startInstallation({ orders: `${usualOrders}\n${rules}` })
    const order = here.shop.placeOrder({ phone: '+79161234567', lines: [{ productId: '501', quantity: 100 }] })
    expect(await here.dealOf(order.id)).toMatchObject({
      pipelineId: pipelines.wholesale,
      statusId: 60_000_102,
      tags: ['Опт'],
      responsibleUserId: 9_000_003,
    })
  })

  test('fill fields of each kind by their paths and transforms', async () => {
    const fields = `fields:
  - { from: order.number, to: SHOP_ORDER_ID }
  - { from: "order.payments[0].system", to: Способ оплаты, transform: ["map({Карта: Карта, Наличные: Наличные})"] }
  - { from: "order.shipments[0].service", to: Служба доставки }
  - { from: order.createdAt, to: Оплачен в }
  - { from: order.paid, to: Оплачен }
  - { from: "order.lines[*].name", to: Комментарий покупателя, transform: ["join(\\"; \\")"] }
  - { from: order.properties.CITY, to: Город }`
    await using here = await startInstallation({ orders: `${usualOrders}\n${fields}` })
    const order = here.shop.placeOrder({
      phone: '+79161234567',
      lines: [{ productId: '501' }, { productId: '502' }],
      properties: { CITY: 'Казань' },
    })
    here.shop.pay(order.id)
    const deal = await here.dealOf(order.id)
    const names = here.shop.order(order.id)?.lines.map(({ name }) => name)
    expect(deal.fields).toMatchObject({
      SHOP_ORDER_ID: [order.number],
      SHOP_PAYMENT: ['Карта'],
      '500003': ['Курьер'],
      '500008': [true],
      '500010': [names?.join('; ')],
      '500013': ['Казань'],
    })
    expect(deal.fields['500011']).toEqual([Math.floor((order.createdAtMs ?? 0) / 1000)])
  })

  test('changed while running count from the next order on', async () => {
    await using here = await startInstallation()
    await here.dealOf(here.shop.placeOrder({ phone: '+79161234567' }).id)
    await here.applyOrders(usualOrders.replace('Новый заказ', 'В работе/Подтверждён'))
    await here.clockPasses(3_000)
    const deal = await here.dealOf(here.shop.placeOrder({ phone: '+79161234568' }).id)
    expect(deal.statusId).toBe(stages.confirmed)
  })

  test('pause and resume: everything is taken in, nothing is sent', async () => {
    await using here = await startInstallation()
    await here.dealOf(here.shop.placeOrder({ phone: '+79161234567' }).id)
    await here.admin.setPaused('shop-1', true)
    await here.clockPasses(3_000)
    const order = here.shop.placeOrder({ phone: '+79161234568' })
    await until('the shop to be heard', () => here.shop.pendingEvents().length === 0)
    await here.clockPasses(5_000)
    expect(here.dealsOf(order.id)).toEqual([])
    await here.admin.setPaused('shop-1', false)
    await here.dealOf(order.id)
  })
})
