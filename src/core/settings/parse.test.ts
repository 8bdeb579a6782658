import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSettings, placeInFile } from './parse.ts'
import { describeProblem, renderProblem } from './problems.ts'
import { exampleFile } from './testing/example.ts'

/** A file of one connection; `body` stands below it, indented by four. */
const file = (body: string) => `version: 1
connections:
  - name: shop-1
${body
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`
const tell = (text: string) =>
  parseSettings(text).problems.map(({ place, code, suggestion }) => [place.replace('connections[0].', ''), code, suggestion])

describe('a good file', () => {
  test('may use the whole vocabulary', () => {
    const { settings, problems } = parseSettings(exampleFile)
    expect(problems).toEqual([])
    expect(settings?.connections[0]).toMatchObject({
      name: 'shop-1',
      orders: { statuses: { '7000001:60000003': 'P', '7000001:142': 'F' }, rules: [{ when: { personType: ['2'] } }, { skip: true }] },
      notify: { telegram: { botToken: 'env:TG', chatId: '1' } },
    })
  })

  test('N, Y and NO are texts, secrets stay references, numbers may be codes', () => {
    const { settings } = parseSettings(
      file(
        'shop: { secret: file:/run/s }\norders: { stages: { N: NO, Y: Y }, rules: [ { when: { personType: [1], property: { TEST: Y } } } ] }',
      ),
    )
    const [connection] = settings?.connections ?? []
    expect(connection?.shop?.secret).toBe('file:/run/s')
    expect(connection?.orders?.stages).toEqual({ N: 'NO', Y: 'Y' })
    expect(connection?.orders?.rules?.[0]?.when).toEqual({ personType: ['1'], property: { TEST: 'Y' } })
  })

  test('secrets may be left out', () => {
    const text = file(
      'amocrm: { domain: a.amocrm.ru, oauth: { clientId: x, redirectUri: "https://b.example/cb" } }\nnotify: { telegram: { chatId: -100 } }',
    )
    expect(tell(text)).toEqual([])
  })
})

describe('problems', () => {
  test.each<[string, string, string, string | undefined]>([
    ['order: {}', 'order', 'unknown-key', 'orders'],
    ['pipeline: 1', 'pipeline', 'unknown-key', 'orders.pipeline'],
    ['orders: { respnsible: {} }', 'orders.respnsible', 'unknown-key', 'responsible'],
    ['orders: { rules: [ { when: {}, tag: [] } ] }', 'orders.rules[0].tag', 'unknown-key', 'tags'],
    ['orders: { rules: [ { skip: true } ] }', 'orders.rules[0].when', 'missing', undefined],
    ['orders: { enabled: yes }', 'orders.enabled', 'wrong-type', 'true'],
    ['orders: { tags: Сайт }', 'orders.tags', 'wrong-type', '[Сайт]'],
    ['orders: { tags: [5] }', 'orders.tags[0]', 'wrong-type', '"5"'],
    ['orders: { lines: notes }', 'orders.lines', 'not-one-of', 'note'],
    ['orders: { pipeline: 1.5 }', 'orders.pipeline', 'id-or-name', undefined],
    ['orders: { stages: { N: true } }', 'orders.stages.N', 'id-or-name', undefined],
    ['orders: { since: 2026-11-23 }', 'orders.since', 'instant', '2026-11-23T00:00:00+03:00'],
    ['orders: { since: 2026-02-30T00:00:00Z }', 'orders.since', 'instant', undefined],
    ['orders: { since: вчера }', 'orders.since', 'instant', undefined],
    ['orders: { name: "{{order.nubmer}}" }', 'orders.name', 'path-unknown', 'order.number'],
    ['orders: { name: "{{order.number" }', 'orders.name', 'template-open', undefined],
    ['orders: { name: "{{answers.PHONE}}" }', 'orders.name', 'path-unknown', undefined],
    ['orders: { fields: [ { from: ordr.number, to: price } ] }', 'orders.fields[0].from', 'path-root', 'order.number'],
    ['orders: { fields: [ { from: order.id, to: x, transform: [trm] } ] }', 'orders.fields[0].transform[0]', 'transform-unknown', 'trim'],
    ['orders: { fields: [ { from: order.id } ] }', 'orders.fields[0].to', 'missing', undefined],
    ['orders: { currencies: { usd: 90 } }', 'orders.currencies.usd', 'currency', 'USD'],
    ['orders: { currencies: { USD: 0 } }', 'orders.currencies.USD', 'rate', undefined],
    ['orders: { pipeline: -1 }', 'orders.pipeline', 'id-or-name', undefined],
    ['orders: { currencies: { USD: much } }', 'orders.currencies.USD', 'rate', undefined],
    ['orders: { rules: [ { when: { minTotal: 5, maxTotal: 1 } } ] }', 'orders.rules[0].when.minTotal', 'min-above-max', undefined],
    ['orders: { notifyBuyer: { settleSeconds: -1 } }', 'orders.notifyBuyer.settleSeconds', 'too-small', undefined],
    ['amocrm: { domain: "https://Example.amocrm.ru/leads" }', 'amocrm.domain', 'domain', 'example.amocrm.ru'],
    ['amocrm: { token: env:T }', 'amocrm', 'domain-or-base-url', undefined],
    ['amocrm: { baseUrl: "http://10.0.0.1" }', 'amocrm.baseUrl', 'base-url', undefined],
    ['amocrm: { domain: a.kommo.com, requestsPerSecond: 51 }', 'amocrm.requestsPerSecond', 'too-big', undefined],
    ['amocrm: { domain: a.kommo.com, pollSeconds: 4 }', 'amocrm.pollSeconds', 'too-small', undefined],
    ['amocrm: { domain: a.kommo.com, pollSeconds: "60" }', 'amocrm.pollSeconds', 'wrong-type', '60'],
    [
      'amocrm: { domain: a.kommo.com, token: x, oauth: { clientId: x, redirectUri: "https://b.example" } }',
      'amocrm.oauth',
      'token-or-oauth',
      undefined,
    ],
    ['amocrm: { domain: a.kommo.com, token: "env:A B" }', 'amocrm.token', 'secret-reference', undefined],
    ['shop: { endpoint: "http://shop.example/x" }', 'shop.endpoint', 'endpoint', 'https://shop.example/x'],
    ['shop: { secret: hunter2 }', 'shop.secret', 'shop-secret', undefined],
    ['shopKey: KQZVMA', 'shopKey', 'shop-key', 'kqzvma'],
    ['forms: { rules: [ { form: 3, target: unsorted, stage: 1 } ] }', 'forms.rules[0].stage', 'stage-without-deal', undefined],
    ['forms: { rules: [ { form: 3, target: lead } ] }', 'forms.rules[0].target', 'not-one-of', 'deal'],
    ['contacts: { name: add }', 'contacts.name', 'not-one-of', undefined],
    ['contacts: { stopList: [все] }', 'contacts.stopList[0]', 'stop-value', undefined],
    ['catalog: { schedule: "0 25 * * *" }', 'catalog.schedule', 'schedule', undefined],
    ['catalog: { schedule: daily }', 'catalog.schedule', 'schedule', undefined],
    ['catalog: { timeZone: Europe/Moskow }', 'catalog.timeZone', 'time-zone', 'Europe/Moscow'],
    ['notify: { email: [owner] }', 'notify.email[0]', 'email', undefined],
    ['notify: { webhook: { url: hooks.example/a } }', 'notify.webhook.url', 'url', 'https://hooks.example/a'],
    ['privacy: { retentionDays: 0 }', 'privacy.retentionDays', 'too-small', undefined],
  ])('%s', (body, place, code, suggestion) => expect(tell(file(body))).toEqual([[place, code, suggestion]]))

  test('are told all together, in the order of the file, each with line and column', () => {
    const text = `version: 2
connections:
  - name: Shop 1
    orders:
      lines: notes
      lines: note
      fields:
        - { from: order.x, to: 5 }
    amocrm: { requestsPerSecond: 0 }
  - { name: Shop 1, shop: 5, extra: 1 }
`
    expect(parseSettings(text).problems.map(({ place, line, column, code }) => [place, line, column, code])).toEqual([
      ['version', 1, 1, 'version'],
      ['connections[0].name', 3, 5, 'connection-name'],
      ['connections[0].orders.lines', 6, 7, 'duplicate-key'],
      ['connections[0].orders.fields[0].from', 8, 13, 'path-unknown'],
      ['connections[0].amocrm', 9, 5, 'domain-or-base-url'],
      ['connections[0].amocrm.requestsPerSecond', 9, 15, 'too-small'],
      ['connections[1].name', 10, 7, 'connection-name'],
      ['connections[1].name', 10, 7, 'duplicate-name'],
      ['connections[1].shop', 10, 21, 'wrong-type'],
      ['connections[1].extra', 10, 30, 'unknown-key'],
    ])
  })

  test('a shop key belongs to one shop', () => {
    const text = 'version: 1\nconnections:\n  - { name: a, shopKey: kqzvma }\n  - { name: b, shopKey: kqzvma }\n'
    expect(parseSettings(text).problems).toMatchObject([{ place: 'connections[1].shopKey', code: 'duplicate-shop-key' }])
  })

  test.each([
    ['', 'missing'],
    ['just text', 'wrong-type'],
    ['a: "open', 'yaml-quote'],
    ['a: [1', 'yaml-quote'],
    ['a:\n\t- 1', 'yaml-tab'],
    ['a: 1\n---\nb: 2', 'yaml-documents'],
    ['a: *nobody', 'yaml'],
    ['version: !mine 1', 'yaml-tag'],
  ])('%j is told as %s', (text, code) => {
    const { settings, problems } = parseSettings(text)
    expect(settings).toBeNull()
    expect(problems.map((problem) => problem.code)).toContain(code)
  })

  test('never show a secret', () => {
    const secrets = `shop: { secret: hunter2 }
amocrm: { domain: x, token: { a: hunter2 }, oauth: { clientSecret: [hunter2] } }
notify: { telegram: { botToken: 48151623 }, webhook: { secret: { a: hunter2 } } }`
    const { problems } = parseSettings(file(secrets))
    expect(problems.length).toBeGreaterThan(5)
    for (const language of ['ru', 'en'] as const)
      for (const problem of problems) expect(renderProblem(problem, language)).not.toMatch(/hunter2|48151623/)
  })

  test('no text makes reading throw', () => {
    const line = fc.constantFrom(
      'version: 1',
      'connections:',
      '  - name: a',
      '    orders:',
      '      stages: { N: 1 }',
      '- x',
      '? [a]',
      '<<: *a',
      '&a b',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(line).map((lines) => lines.join('\n')),
    )
    fc.assert(
      fc.property(text, (written) => {
        const { settings, problems } = parseSettings(written)
        expect(settings === null).toBe(problems.length > 0)
      }),
    )
  })
})

describe('in words', () => {
  test('with the place, the mending and the nearest right value, in both languages', () => {
    const [problem] = parseSettings(file('orders: { name: "№ {{order.nubmer}}" }')).problems
    if (problem === undefined) throw new Error('no problem')
    expect(renderProblem(problem, 'ru')).toMatch(
      /^4:15 connections\[0\]\.orders\.name: здесь нет «order\.nubmer»; есть: id, .* \(знак 5\)\. Возможно, «order\.number»\?$/,
    )
    expect(describeProblem(problem, 'en')).toMatchObject({ line: 4, column: 15, suggestion: 'order.number' })
  })

  test('types are named in words', () => {
    const [problem] = parseSettings(file('orders: { enabled: maybe }')).problems
    expect(problem && renderProblem(problem, 'en')).toBe('4:15 connections[0].orders.enabled: what is wanted here: true or false')
  })
})

test('a problem that the account gave gets its place in the file', () => {
  const { locate } = parseSettings(file('orders: { stages: { N: Новы } }'))
  const told = placeInFile({ place: 'shop-1.orders.stages.N', path: ['orders', 'stages', 'N'], code: 'no-stage' }, 0, locate)
  expect(told).toMatchObject({ place: 'connections[0].orders.stages.N', line: 4, column: 25 })
})
