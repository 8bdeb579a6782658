import { describe, expect, test } from 'vitest'
import { diffConnection, listChanges, renderChange } from './diff.ts'
import type { WrittenConnection } from './written.ts'

const shop = (more: Partial<WrittenConnection>): WrittenConnection => ({ name: 'shop-1', ...more })

describe(diffConnection, () => {
  test.each<[string, Partial<WrittenConnection>, Partial<WrittenConnection>, string[]]>([
    ['nothing', { orders: { lines: 'note' } }, { orders: { lines: 'note' } }, []],
    ['a value', { orders: { lines: 'note' } }, { orders: { lines: 'both' } }, ['shop-1.orders.lines: "note" -> "both"']],
    ['a new value', {}, { orders: { enabled: true } }, ['shop-1.orders.enabled: not set -> true']],
    ['a value taken out', { privacy: { retentionDays: 9 } }, {}, ['shop-1.privacy.retentionDays: 9 -> not set']],
    ['a list', { orders: { tags: ['a'] } }, { orders: { tags: ['a', 'b'] } }, ['shop-1.orders.tags: ["a"] -> ["a","b"]']],
    ['a list emptied', { orders: { tags: ['a'] } }, { orders: { tags: [] } }, ['shop-1.orders.tags: ["a"] -> []']],
    [
      'one value of one rule',
      { orders: { rules: [{ when: { site: ['s1'] }, skip: true }] } },
      { orders: { rules: [{ when: { site: ['s2'] }, skip: true }] } },
      ['shop-1.orders.rules[0].when.site: ["s1"] -> ["s2"]'],
    ],
    ['another order of keys', { orders: { stages: { N: 1, P: 2 } } }, { orders: { stages: { P: 2, N: 1 } } }, []],
    ['a secret', { amocrm: { token: 'env:OLD' } }, { amocrm: { token: 'env:NEW' } }, ['shop-1.amocrm.token: changed']],
    [
      'a new secret',
      {},
      { notify: { telegram: { botToken: 'hush', chatId: '1' } } },
      ['shop-1.notify.telegram.botToken: changed', 'shop-1.notify.telegram.chatId: not set -> "1"'],
    ],
    ['a secret left out stays', { shop: { secret: 'hush' } }, {}, []],
  ])('%s', (_, before, after, lines) => expect(diffConnection(shop(before), shop(after))).toEqual(lines))

  test('a new connection is compared with nothing', () => {
    expect(diffConnection(undefined, shop({ orders: { enabled: true } }))).toEqual(['shop-1.orders.enabled: not set -> true'])
  })
})

test('versions are compared connection by connection', () => {
  const changes = listChanges([shop({}), { name: 'old' }], [{ name: 'new' }, shop({ orders: { lines: 'none' } })])
  expect(changes.map((change) => renderChange(change, 'ru'))).toEqual([
    'new: добавлено подключение',
    'shop-1.orders.lines: не было -> "none"',
    'old: убрано подключение',
  ])
})
