import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportSettings, withoutSecrets } from './export.ts'
import { parseSettings } from './parse.ts'
import { exampleFile } from './testing/example.ts'
import type { WrittenConnection } from './written.ts'

const example = parseSettings(exampleFile).settings?.connections ?? []

describe(exportSettings, () => {
  test('keeps names as written, leaves secrets out, and can be applied again', () => {
    const text = exportSettings(example, 7)
    expect(text).toContain('base: 7')
    expect(text).toContain('Отказ клиента')
    for (const secret of ['SHOP_1_SECRET', 'AMO_TOKEN', 'env:']) expect(text).not.toContain(secret)
    expect(parseSettings(text)).toMatchObject({ problems: [], settings: { version: 1, base: 7, connections: example.map(withoutSecrets) } })
  })

  test('the order of keys is that of the documentation, whatever order they came in', () => {
    const shuffled: WrittenConnection = { privacy: { retentionDays: 1 }, orders: { tags: ['a'], enabled: true }, name: 'a' }
    const sorted: WrittenConnection = { name: 'a', orders: { enabled: true, tags: ['a'] }, privacy: { retentionDays: 1 } }
    expect(exportSettings([shuffled], 1)).toBe(exportSettings([sorted], 1))
    expect(exportSettings([shuffled], 1).indexOf('enabled')).toBeLessThan(exportSettings([shuffled], 1).indexOf('tags'))
  })

  test('what is exported is read back the same', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
    const name = fc.oneof(
      fc.integer({ min: 1 }),
      text,
      fc.constantFrom('N', 'Y', 'NO', 'yes', '0x10', '1e3', 'null', '~', '12:30', '# a', '- b', ' c '),
    )
    const key = fc.oneof(fc.constantFrom('N', 'Y', '1', '7000001:142', 'true'), text).filter((one) => one !== '__proto__')
    const connection = fc.record(
      {
        orders: fc.record(
          {
            enabled: fc.boolean(),
            pipeline: name,
            stages: fc.dictionary(key, name, { maxKeys: 5 }),
            statuses: fc.dictionary(key, text, { maxKeys: 5 }),
            tags: fc.array(text, { maxLength: 3 }),
            currencies: fc.constant({ USD: 92.5, EUR: 'skip' as const }),
            fields: fc.array(
              fc.record({
                from: fc.constant('order.number'),
                to: name,
                transform: fc.constant<string[]>(['join(", ")', 'map({N: "a: b"})']),
              }),
            ),
            rules: fc.array(
              fc.record({
                when: fc.record({ minTotal: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0) }),
                skip: fc.boolean(),
              }),
            ),
          },
          { requiredKeys: [] },
        ),
        contacts: fc.constant({ direction: 'off' as const }),
        privacy: fc.record({ retentionDays: fc.integer({ min: 1, max: 36_500 }) }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(connection, fc.nat(), (written, base) => {
        const connections: WrittenConnection[] = [{ name: 'shop-1', ...written }]
        const read = parseSettings(exportSettings(connections, base))
        expect(read.problems).toEqual([])
        expect(read.settings).toEqual({ version: 1, base, connections })
      }),
    )
  })
})

describe(withoutSecrets, () => {
  test('takes a section away that held nothing else, and leaves the original alone', () => {
    const connection: WrittenConnection = { name: 'a', shop: { secret: 'env:S' }, amocrm: { domain: 'a.amocrm.ru', token: 'env:T' } }
    expect(withoutSecrets(connection)).toEqual({ name: 'a', amocrm: { domain: 'a.amocrm.ru' } })
    expect(connection.shop).toEqual({ secret: 'env:S' })
  })
})
