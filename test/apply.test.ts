import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type AmoEmulator, startAmoEmulator } from '../sandbox/amocrm/emulator.ts'
import { createAdmin } from '../src/compose/admin.ts'
import type { App } from '../src/compose/open-app.ts'
import { readConfig } from '../src/config.ts'
import type { Admin, ApplyReport } from '../src/ports/admin.ts'
import { createSeal } from '../src/storage/seal.ts'
import { createFastClock } from './support/fast-clock.ts'
import { openTempDatabase } from './support/temp-database.ts'

interface Office extends AsyncDisposable {
  amo: AmoEmulator
  admin: Admin
  apply(text: string, change?: { dryRun?: boolean; force?: boolean; remove?: string[]; language?: 'ru' | 'en' }): Promise<ApplyReport>
  fieldCodes(): (string | null)[]
}

/** The command line's side of an installation, before an emulated account. */
async function startOffice(env: Record<string, string> = {}): Promise<Office> {
  const clock = createFastClock(20)
  const temp = await openTempDatabase(clock.now)
  const amo = await startAmoEmulator({ nowMs: clock.now, token: 'token', requestsPerSecond: 50, log: () => undefined })
  const app: App = {
    config: readConfig({}),
    clock,
    database: temp.database,
    seal: createSeal([randomBytes(32)]),
    close: async () => undefined,
  }
  const admin = createAdmin(app, env, 'en', false)
  return {
    amo,
    admin,
    apply: (text, { dryRun = false, force = false, remove = [], language = 'en' } = {}) =>
      createAdmin(app, env, language, false).apply({ text, dryRun, force, remove }),
    fieldCodes: () => amo.world.account.fields.leads.all().map(({ code }) => code),
    async [Symbol.asyncDispose]() {
      await amo.close()
      await temp[Symbol.asyncDispose]()
    },
  }
}

const file = (amo: AmoEmulator, orders: string, { name = 'shop-1', token = 'token', more = '' } = {}) => `version: 1
connections:
  - name: ${name}
    amocrm: { baseUrl: "${amo.url}", token: "${token}", requestsPerSecond: 40 }
    orders:
      enabled: true
      ${orders.replaceAll('\n', '\n      ')}
${more}`

const right = 'pipeline: Интернет-магазин\nstages: { N: Новый заказ, F: 142 }'

describe('apply', () => {
  test('makes the fields of ours that are missing, once, and says what changed', async () => {
    await using office = await startOffice()
    const first = await office.apply(file(office.amo, right))
    expect(first).toMatchObject({ ok: true, problems: [], version: 1 })
    expect(first.changes).toContain('shop-1.orders.pipeline: not set -> "Интернет-магазин"')
    expect(office.fieldCodes()).toContain('AMOBRIDGE_KEY')
    const made = office.fieldCodes().length
    expect(await office.apply(file(office.amo, right))).toMatchObject({ ok: true, changes: [], version: 1 })
    expect(office.fieldCodes()).toHaveLength(made)
  })

  test('with --dry-run says the same and changes nothing', async () => {
    await using office = await startOffice()
    const report = await office.apply(file(office.amo, right), { dryRun: true })
    expect(report.changes.length).toBeGreaterThan(0)
    expect(office.fieldCodes()).not.toContain('AMOBRIDGE_KEY')
    expect((await office.admin.status()).connections).toEqual([])
  })

  test.each([
    { what: 'a stage', orders: right.replace('Новый заказ', 'Новый закас'), place: '7:', meant: 'Новый заказ' },
    { what: 'a pipeline', orders: right.replace('Интернет-магазин', 'Интернет магазн'), place: '7:', meant: 'Интернет-магазин' },
    { what: 'a user', orders: `${right}\nresponsible: { rule: fixed, users: [Марья] }`, place: '9:', meant: 'Мария' },
    {
      what: 'a field',
      orders: `${right}\nfields: [ { from: order.number, to: Номер заказа на сайт } ]`,
      place: '9:',
      meant: 'Номер заказа на сайте',
    },
    { what: 'a loss reason', orders: `${right}\nlossReason: { cancelled: Отказ покупатель }`, place: '9:', meant: 'Отказ покупателя' },
    { what: 'a key', orders: `${right}\npipline: x`, place: '9:', meant: 'pipeline' },
  ])('refuses $what that is not there: names the place in the file and the nearest right one', async ({ orders, place, meant }) => {
    await using office = await startOffice()
    const report = await office.apply(file(office.amo, orders))
    expect(report.ok).toBe(false)
    const [problem = ''] = report.problems
    expect(problem.startsWith(place) || problem.startsWith(`${Number.parseInt(place, 10) + 1}:`)).toBe(true)
    expect(problem).toContain(`"${meant}"`)
    expect((await office.admin.status()).connections).toEqual([])
    const russian = await office.apply(file(office.amo, orders), { language: 'ru' })
    expect(russian.problems[0]).toContain(`«${meant}»`)
  })

  test('tells all mistakes at once', async () => {
    await using office = await startOffice()
    const report = await office.apply(
      file(office.amo, 'pipeline: Нет\nstages: { N: Тоже нет }\nresponsible: { rule: fixed, users: [Никто] }'),
    )
    expect(report.problems.length).toBeGreaterThanOrEqual(2)
  })

  test('changes nothing when one of two connections is wrong', async () => {
    await using office = await startOffice()
    const second = file(office.amo, right.replace('Новый заказ', 'Нет такого'), { name: 'shop-2' }).split('\n').slice(2).join('\n')
    expect((await office.apply(file(office.amo, right, { more: second }))).ok).toBe(false)
    expect((await office.admin.status()).connections).toEqual([])
  })

  test('refuses a wrong token; an account that does not answer is stored unchecked, with a warning', async () => {
    await using office = await startOffice()
    expect((await office.apply(file(office.amo, right, { token: 'another' }))).problems.join()).toContain('amocrm.token')
    const text = file(office.amo, right).replace(office.amo.url, 'http://127.0.0.1:9')
    const stored = await office.apply(text)
    expect(stored.ok).toBe(true)
    expect(stored.warnings.join()).toContain('did not answer')
  })

  test('reads secrets from the environment, and says plainly which one is missing', async () => {
    await using office = await startOffice({ AMO_TOKEN: 'token' })
    expect((await office.apply(file(office.amo, right, { token: 'env:AMO_TOKEN' }))).ok).toBe(true)
    expect((await office.apply(file(office.amo, right, { token: 'env:AMO_TOKN' }))).problems.join()).toContain('AMO_TOKN')
  })

  test('says that mail has no server', async () => {
    await using office = await startOffice()
    const { warnings } = await office.apply(file(office.amo, right, { more: '    notify: { email: [owner@example.test] }' }))
    expect(warnings).toEqual(['shop-1.notify.email: no mail is sent until AMOBRIDGE_SMTP_URL is set'])
  })

  test('says of parts that are not built yet that they have no effect', async () => {
    await using office = await startOffice()
    const { warnings } = await office.apply(file(office.amo, `${right}\nstatuses: { "Новый заказ": P }`))
    expect(warnings).toEqual(['shop-1.orders.statuses: this part is not built yet, the setting has no effect for now'])
  })

  test('names a secret only when it differs, and never shows it', async () => {
    await using office = await startOffice()
    const first = await office.apply(file(office.amo, right))
    expect(first.changes).toContain('shop-1.amocrm.token: changed')
    expect(JSON.stringify(first)).not.toContain('"token"')
    const second = await office.apply(file(office.amo, right.replace('F: 142', 'P: 142')))
    expect(second.changes.filter((line) => line.includes('token'))).toEqual([])
  })
})

describe('export', () => {
  test('gives a file without secrets that changes nothing when applied, and is refused when settings changed after it', async () => {
    await using office = await startOffice()
    await office.apply(file(office.amo, `${right}\ntags: [Сайт]`))
    const exported = await office.admin.exportSettings()
    expect(exported).not.toContain('token:')
    expect(exported).toContain('base: 1')
    expect(await office.apply(exported)).toMatchObject({ ok: true, changes: [] })
    await office.apply(file(office.amo, `${right}\ntags: [Опт]`))
    const stale = await office.apply(exported)
    expect(stale.ok).toBe(false)
    expect(stale.problems.join()).toContain('--force')
    expect((await office.apply(exported, { force: true })).changes).toEqual(['shop-1.orders.tags: ["Опт"] -> ["Сайт"]'])
  })

  test('a connection that is missing from the file is switched off and kept; --delete removes it', async () => {
    await using office = await startOffice()
    await office.apply(file(office.amo, right))
    await office.apply(file(office.amo, right, { name: 'shop-2' }))
    const states = async () => (await office.admin.status()).connections.map(({ name, state }) => `${name} ${state}`)
    expect(await states()).toEqual(expect.arrayContaining(['shop-1 off', 'shop-2 on']))
    await office.apply(file(office.amo, right, { name: 'shop-2' }), { remove: ['shop-1'] })
    expect(await states()).toEqual(['shop-2 on'])
  })
})
