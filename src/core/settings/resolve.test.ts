import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Order } from '../order.ts'
import { parseSettings } from './parse.ts'
import { resolveConnection, settingsFor, settingsForRule } from './resolve.ts'
import { formRuleFor } from './resolve-forms.ts'
import { anAccount, field } from './testing/account.ts'
import { exampleFile } from './testing/example.ts'
import { anOrder } from './testing/order.ts'
import type { WrittenConnection, WrittenOrders } from './written.ts'

const since = new Date('2026-11-01T00:00:00Z')
const resolve = (orders: WrittenOrders, more: Partial<WrittenConnection> = {}, account = anAccount()) =>
  resolveConnection({ name: 'shop-1', orders, ...more }, account, since)
const tell = (orders: WrittenOrders, more: Partial<WrittenConnection> = {}, account = anAccount()) =>
  resolve(orders, more, account).problems.map(({ place, code, suggestion }) => [place.replace('shop-1.', ''), code, suggestion])

describe('the example', () => {
  const { settings } = parseSettings(exampleFile)
  const [connection] = settings?.connections ?? []
  const { resolved } = resolveConnection(connection ?? { name: 'x' }, anAccount(), since)

  test('is resolved down to ids', () => {
    expect(resolved.base).toMatchObject({
      enabled: true,
      since: new Date('2026-11-22T21:00:00Z'),
      pipelineId: 7000001,
      stages: { N: { pipelineId: 7000001, statusId: 60000002 }, F: { pipelineId: 7000001, statusId: 142 } },
      lossReasons: { cancelled: 41 },
      responsible: { rule: 'fixed', users: [9000002] },
      fields: [
        { place: 'shop-1.orders.fields[0]', to: { kind: 'custom', fieldId: 500001, type: 'tracking_data' }, owner: 'shop' },
        { to: { fieldId: 500002 }, transforms: ['trim'] },
      ],
    })
    expect([...resolved.statuses]).toEqual([
      ['7000001:60000003', 'P'],
      ['7000001:142', 'F'],
      ['7000001:143', 'cancelled'],
    ])
    expect(resolved.forms.rules).toMatchObject([
      { form: '*', target: 'unsorted', stage: null, fields: [{ to: { kind: 'phone', entity: 'contact' } }] },
    ])
    expect(resolved.contacts.stopList).toEqual(['+74950000000', '*@shop.example'])
    expect(resolved).toMatchObject({ catalog: { priceType: 'BASE' }, notify: { telegram: { chatId: '1' } }, retentionDays: 365 })
  })

  test('a rule of another pipeline takes over the stages that pipeline has', () => {
    expect(resolved.rules[0]?.settings).toMatchObject({ pipelineId: 7000002, tags: ['Опт'], name: 'Order #{{order.number}}' })
    expect(resolved.rules[0]?.settings.stages).toEqual({
      N: { pipelineId: 7000002, statusId: 60000011 },
      F: { pipelineId: 7000002, statusId: 142 },
      cancelled: { pipelineId: 7000002, statusId: 143 },
      deleted: { pipelineId: 7000002, statusId: 143 },
    })
  })
})

test('nothing written means the documented defaults', () => {
  const { resolved, problems } = resolveConnection({ name: 'shop-1' }, anAccount(), since)
  expect(problems).toEqual([])
  expect(resolved).toMatchObject({
    base: { enabled: false, since, pipelineId: 7000001, name: 'Order #{{order.number}}', stages: {}, lines: 'note', tags: [], fields: [] },
    conflict: 'newest',
    notifyBuyer: { enabled: true, maxOrderAgeDays: 60, settleSeconds: 0 },
    reuseOpenDeal: { enabled: false, withinDays: 7, pipelines: [] },
    contacts: { toCrm: true, toShop: true, name: 'fill-if-empty', phone: 'add', email: 'add', updateShopUser: false },
    forms: { rules: [] },
    catalog: { enabled: false, catalog: 'Товары', schedule: '0 4 * * *', timeZone: 'Europe/Moscow', priceType: 'BASE' },
    retentionDays: 365,
  })
})

describe('names', () => {
  test('mean the same as ids', () => {
    const byId: WrittenOrders = {
      pipeline: 7000001,
      stages: { N: 60000002, P: 60000004 },
      lossReason: { cancelled: 41 },
      responsible: { users: [9000001, 9000004] },
      statuses: { '7000001:60000003': 'P', '7000002:60000012': 'S', '142': 'F' },
      fields: [
        { from: 'order.id', to: 500002 },
        { from: 'order.id', to: 'contact.500011' },
      ],
      reuseOpenDeal: { pipelines: [7000002] },
    }
    const byName: WrittenOrders = {
      pipeline: 'интернет-магазин',
      stages: { N: 'Интернет-магазин / Новый заказ', P: 'оплачен' },
      lossReason: { cancelled: 'отказ  клиента' },
      responsible: { users: ['иван иванов', 'anna.1@example.test'] },
      statuses: { 'В работе': 'P', 'Опт / Счет: выставлен': 'S', 'Успешно реализовано': 'F' },
      fields: [
        { from: 'order.id', to: 'способ оплаты' },
        { from: 'order.id', to: 'contact.Город' },
      ],
      reuseOpenDeal: { pipelines: ['Опт'] },
    }
    expect(resolve(byName)).toEqual(resolve(byId))
    expect(resolve(byName).problems).toEqual([])
  })

  test('mean the same as ids, whichever case and spaces they are written with', () => {
    const account = anAccount()
    const stages = account.pipelines.flatMap((pipeline) =>
      pipeline.statuses.filter(({ unsorted }) => !unsorted).map((status) => ({ pipeline, status })),
    )
    const disguise = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => ` ${text} `,
      (text) => text.replaceAll('ё', 'е'),
    )
    fc.assert(
      fc.property(fc.constantFrom(...stages), disguise, ({ pipeline, status }, change) => {
        const named = resolve({ pipeline: change(pipeline.name), stages: { N: change(`${pipeline.name} / ${status.name}`) } })
        expect(named).toEqual(resolve({ pipeline: pipeline.id, stages: { N: status.id } }))
        expect(named.problems).toEqual([])
      }),
    )
  })

  test.each<[string, WrittenOrders, string, string, string | undefined]>([
    ['a pipeline with a slip', { pipeline: 'Интернет магазин' }, 'orders.pipeline', 'no-pipeline', 'Интернет-магазин'],
    ['a stage with a slip', { stages: { N: 'Новй заказ' } }, 'orders.stages.N', 'no-stage', 'Новый заказ'],
    ['a stage id of another pipeline', { stages: { N: 60000011 } }, 'orders.stages.N', 'no-stage', undefined],
    ['a stage of another pipeline', { stages: { N: 'Опт / Новый заказ' } }, 'orders.stages.N', 'stage-elsewhere', undefined],
    ['the unsorted stage', { stages: { N: 'Неразобранное' } }, 'orders.stages.N', 'unsorted-stage', undefined],
    [
      'the unsorted stage by id',
      { statuses: { '7000001:60000001': 'N' } },
      'orders.statuses.7000001:60000001',
      'unsorted-stage',
      undefined,
    ],
    ['one stage twice', { statuses: { '142': 'F', '7000001:142': 'P' } }, 'orders.statuses.7000001:142', 'same-stage-twice', undefined],
    ['nobody', { responsible: { users: ['Мари'] } }, 'orders.responsible.users[0]', 'no-user', 'Мария'],
    ['somebody who left', { responsible: { users: ['Петр'] } }, 'orders.responsible.users[0]', 'inactive-user', undefined],
    ['one of two', { responsible: { users: ['Анна'] } }, 'orders.responsible.users[0]', 'ambiguous', undefined],
    ['no users at all', { responsible: { rule: 'round-robin' } }, 'orders.responsible.users', 'users-needed', undefined],
    ['an unknown field', { fields: [{ from: 'order.id', to: 'UTM_SORCE' }] }, 'orders.fields[0].to', 'no-field', 'UTM_SOURCE'],
    [
      'an unknown contact field',
      { fields: [{ from: 'order.id', to: 'contact.phon' }] },
      'orders.fields[0].to',
      'no-field',
      'contact.PHONE',
    ],
    ['a word with a slip', { fields: [{ from: 'order.id', to: 'prce' }] }, 'orders.fields[0].to', 'no-field', 'price'],
    ['a file field', { fields: [{ from: 'order.id', to: 'Договор' }] }, 'orders.fields[0].to', 'field-type', undefined],
    ['our own field', { fields: [{ from: 'order.id', to: 'AMOBRIDGE_KEY' }] }, 'orders.fields[0].to', 'own-field', undefined],
    ['an unknown reason', { lossReason: { cancelled: 'Отказ' } }, 'orders.lossReason.cancelled', 'no-loss-reason', 'Отказ клиента'],
    ['a slip in a rule', { rules: [{ when: {}, pipeline: 'Опд' }] }, 'orders.rules[0].pipeline', 'no-pipeline', 'Опт'],
  ])('%s', (_, orders, place, code, suggestion) => expect(tell(orders)).toEqual([[place, code, suggestion]]))

  test('may hold the marks that part a pipeline from its stage', () => {
    const [first, second] = anAccount().pipelines
    const pipelines = [...(first ? [first] : []), ...(second ? [{ ...second, name: 'Опт / Юг: склад' }] : [])]
    const statuses = { 'Опт / Юг: склад / Счёт: выставлен': 'A', 'Опт / Юг: склад:60000011': 'B' }
    const { resolved, problems } = resolve({ statuses }, {}, anAccount({ pipelines }))
    expect(problems).toEqual([])
    expect([...resolved.statuses.keys()]).toEqual(['7000002:60000012', '7000002:60000011'])
  })

  test('where users are hidden an id is taken and a name is not', () => {
    const account = anAccount({ users: null })
    expect(tell({ responsible: { users: [7, '8'] } }, {}, account)).toEqual([])
    expect(tell({ responsible: { users: ['Мария'] } }, {}, account)).toEqual([['orders.responsible.users[0]', 'users-hidden', undefined]])
  })

  test('an account without pipelines is told', () => {
    expect(tell({}, {}, anAccount({ pipelines: [] }))).toEqual([['orders.pipeline', 'no-pipelines', undefined]])
  })

  test('our code on a field that cannot hold the value is told', () => {
    const account = anAccount({ fields: [field(1, 'Ключ', 'AMOBRIDGE_KEY', 'numeric')] })
    expect(tell({}, {}, account)).toEqual([['amocrm', 'own-field-type', undefined]])
  })
})

describe('rules', () => {
  const { resolved } = resolve({
    stages: { N: 60000002, P: 60000003 },
    responsible: { rule: 'round-robin', users: [9000001] },
    fields: [
      { from: 'order.id', to: 500002 },
      { from: 'order.number', to: 'tags' },
    ],
    rules: [
      { when: { property: { TEST: 'Y' } }, skip: true },
      { when: { site: ['s2'], minTotal: 1000 }, stages: { P: 60000004 }, responsible: { users: [9000002] } },
      {
        when: { personType: ['2'], maxTotal: 999.99 },
        fields: [
          { from: 'order.comment', to: 500002 },
          { from: 'order.site', to: 'tags' },
        ],
      },
      { when: { currency: ['USD'] }, lines: 'none' },
    ],
  })
  const ruleOf = (order: Partial<Order>) => settingsFor(anOrder(order), resolved).rule

  test.each<[string, Partial<Order>, number | null]>([
    ['no rule fits', {}, null],
    ['a property', { properties: { TEST: 'Y' } }, 0],
    ['one of several values', { properties: { TEST: ['N', 'Y'] } }, 0],
    ['the first of two that fit', { properties: { TEST: 'Y' }, site: 's2', total: '5000.00' }, 0],
    ['all conditions', { site: 's2', total: '1000.00' }, 1],
    ['one kopeck short', { site: 's2', total: '999.99' }, null],
    ['the most', { personType: '2', total: '999.99' }, 2],
    ['one kopeck above', { personType: '2', total: '1000.00' }, null],
    ['nobody knows the person type', { personType: null, total: '1' }, null],
    ['a currency', { currency: 'USD' }, 3],
  ])('%s', (_, order, rule) => expect(ruleOf(order)).toBe(rule))

  test('lay maps key by key, replace lists, and replace a field for the same place', () => {
    const [, second, third] = resolved.rules
    expect(second?.settings.stages).toMatchObject({ N: { statusId: 60000002 }, P: { statusId: 60000004 } })
    expect(second?.settings.responsible).toEqual({ rule: 'round-robin', users: [9000002] })
    expect(third?.settings.fields.map(({ from }) => from)).toEqual(['order.number', 'order.comment', 'order.site'])
    expect(resolved.rules[0]?.settings.skip).toBe(true)
  })

  test('the kept rule holds; one that is gone leaves the base', () => {
    expect(settingsForRule(resolved, 1)).toBe(resolved.rules[1]?.settings)
    expect(settingsForRule(resolved, 9)).toBe(resolved.base)
    expect(settingsForRule(resolved, null)).toBe(resolved.base)
  })
})

describe('forms', () => {
  const { resolved, problems } = resolve(
    { pipeline: 'Опт' },
    {
      forms: {
        rules: [
          { form: 'CALLBACK', source: 'webform', target: 'deal', stage: 'Интернет-магазин / В работе', responsible: { users: ['Мария'] } },
          { form: '3', target: 'none' },
          { form: '*', target: 'unsorted', pipeline: 7000001 },
        ],
      },
    },
  )

  test('are resolved', () => {
    expect(problems).toEqual([])
    expect(resolved.forms.rules).toMatchObject([
      {
        place: 'shop-1.forms.rules[0]',
        pipelineId: 7000001,
        stage: { statusId: 60000003 },
        name: '{{form.name}}',
        responsible: { users: [9000002] },
      },
      { pipelineId: 7000002, source: '*', stage: null },
      { pipelineId: 7000001 },
    ])
  })

  test.each([
    [{ source: 'webform', id: '9', code: 'CALLBACK' }, 'deal'],
    [{ source: 'iblock', id: '9', code: 'CALLBACK' }, 'unsorted'],
    [{ source: 'mail', id: '3', code: null }, 'none'],
  ])('%j goes to %s', (form, target) => expect(formRuleFor(form, resolved.forms)?.target).toBe(target))

  test('cannot go to an unsorted list that is switched off', () => {
    expect(tell({}, { forms: { rules: [{ form: '*', target: 'unsorted', pipeline: 'Опт' }] } })).toEqual([
      ['forms.rules[0].target', 'unsorted-off', undefined],
    ])
  })
})

test('stop values are kept as they are compared', () => {
  const { resolved } = resolve(
    {},
    { contacts: { direction: 'to-crm', stopList: ['8 (495) 000-00-00', 'Info@Shop.example', '*@Shop.example'] } },
  )
  expect(resolved.contacts).toMatchObject({ toCrm: true, toShop: false, stopList: ['+74950000000', 'info@shop.example', '*@shop.example'] })
})
