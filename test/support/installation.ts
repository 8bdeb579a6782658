import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AmoEmulator, type AmoEmulatorOptions, startAmoEmulator } from '../../sandbox/amocrm/emulator.ts'
import type { LeadSnapshot } from '../../sandbox/amocrm/snapshot.ts'
import { startShop } from '../../sandbox/shop/emulator.ts'
import type { Shop, ShopOptions } from '../../sandbox/shop/shop.ts'
import type { RunningService } from '../../src/cli/serve.ts'
import { createAdmin } from '../../src/compose/admin.ts'
import type { App } from '../../src/compose/open-app.ts'
import { startService } from '../../src/compose/service.ts'
import type { Config } from '../../src/config.ts'
import type { Admin } from '../../src/ports/admin.ts'
import type { Incident } from '../../src/ports/incidents.ts'
import { createSeal } from '../../src/storage/seal.ts'
import { createFastClock, type FastClock } from './fast-clock.ts'
import { openTempDatabase } from './temp-database.ts'
import { until } from './until.ts'

const connectionName = 'shop-1'

export interface InstallationOptions {
  amo?: AmoEmulatorOptions
  shop?: ShopOptions
  /** What is in the account, or goes wrong there, before the service first asks it. */
  before?(amo: AmoEmulator): void
  /** YAML lines below `orders:`, without indentation; they take the place of the usual ones. */
  orders?: string
  /** YAML lines below `amocrm:` beside address and token. */
  amocrm?: string
  /** YAML lines below `notify:`. */
  notify?: string
  /** Where mail goes. */
  mail?: Config['mail']
  /** Another connection, `shop-2`, to the same account; its shop is yours to start and pair. */
  secondConnection?: boolean
  /** YAML lines below `contacts:`. */
  contacts?: string
  /** How many seconds of the installation pass in one of ours. */
  speed?: number
}

/** Everything of one installation in this process: both neighbours over HTTP, the service, its database; all on one fast clock. */
export interface Installation extends AsyncDisposable {
  amo: AmoEmulator
  shop: Shop
  clock: FastClock
  app: App
  admin: Admin
  /** Writes the settings anew with these lines below `orders:`; throws what apply refused. */
  applyOrders(orders: string): Promise<void>
  /** Ends the service as SIGTERM does, and starts it again over the same database. */
  restart(between?: () => Promise<void> | void): Promise<void>
  /** Deals whose marker names the order, wherever they are but in the bin. */
  dealsOf(orderId: string): LeadSnapshot[]
  /** Waits for the first deal of the order and for an empty queue. */
  dealOf(orderId: string): Promise<LeadSnapshot>
  /** Waits until all was sent that can be sent: outbox, queue and commands are empty. Failed items do not hold it up. */
  settled(): Promise<void>
  /** Lets so much of the installation's time go by, at its pace: what falls due happens meanwhile. */
  clockPasses(ms: number): Promise<void>
  incidents(): Promise<Incident[]>
  incident(code: string): Promise<Incident>
}

export const usualOrders = `enabled: true
since: 2020-01-01T00:00:00Z
pipeline: Интернет-магазин
name: "Заказ №{{order.number}}"
stages: { N: Новый заказ, P: Оплачен, F: 142, cancelled: 143 }
lossReason: { cancelled: Отказ покупателя }
responsible: { rule: fixed, users: [Мария] }
tags: [Сайт]
lines: note`

/** Starts an installation that is paired, whose account was read, and whose settings are applied. */
export async function startInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const clock = createFastClock(options.speed ?? 20)
  const temp = await openTempDatabase(clock.now)
  const amo = await startAmoEmulator({
    nowMs: clock.now,
    token: 'test-token',
    requestsPerSecond: 50,
    log: () => undefined,
    ...options.amo,
  })
  options.before?.(amo)
  const shop = await startShop({ nowMs: clock.now, ticks: ['statuses'], ...options.shop })
  const folder = mkdtempSync(join(tmpdir(), 'amobridge-installation-'))
  const app: App = {
    config: configOf(await freePort(), folder, options.mail),
    clock,
    database: temp.database,
    seal: createSeal([randomBytes(32)]),
    close: async () => undefined,
  }
  const admin = createAdmin(app, {}, 'en', false)
  const apply = async (orders: string) => {
    const text = settingsText(amo.url, orders, options)
    const report = await admin.apply({ text, dryRun: false, force: true, remove: [] })
    if (!report.ok) throw new Error(report.problems.join('\n'))
  }
  await apply(options.orders ?? usualOrders)
  let service: RunningService = await startService(app)
  await shop.pair((await admin.pair(connectionName)).code)

  const incidents = () => admin.listIncidents({ closedToo: true })
  const dealsOf = (orderId: string) =>
    amo.world.leads().filter(({ fields }) => fields.AMOBRIDGE_KEY?.some((value) => String(value).endsWith(`-${orderId}`)))

  async function isIdle(): Promise<boolean> {
    if (shop.pendingEvents().length > 0) return false
    const counts = await app.database.read
      .selectFrom('amocrm_queue')
      .select((eb) => eb.fn.countAll<number | string>().as('open'))
      .where('status', 'in', ['pending', 'running'])
      .executeTakeFirstOrThrow()
    if (Number(counts.open) > 0) return false
    const waiting = await app.database.read.selectFrom('commands').select('id').where('status', '=', 'pending').limit(1).execute()
    return waiting.length === 0
  }

  const installation: Installation = {
    amo,
    shop,
    clock,
    app,
    admin,
    applyOrders: apply,
    async restart(between) {
      await service.close()
      await between?.()
      service = await startService(app)
    },
    dealsOf,
    async dealOf(orderId) {
      const deal = await until(`a deal of order ${orderId}`, () => dealsOf(orderId)[0])
      await installation.settled()
      return dealsOf(orderId)[0] ?? deal
    },
    settled: async () => {
      await until('everything to be sent', isIdle)
    },
    clockPasses: (ms) => clock.sleep(ms, new AbortController().signal),
    incidents,
    incident: (code) => until(`an incident ${code}`, async () => (await incidents()).find((incident) => incident.code === code)),
    async [Symbol.asyncDispose]() {
      await shop.close()
      await service.close()
      await amo.close()
      await temp[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return installation
}

function configOf(port: number, dataDir: string, mail: Config['mail']): Config {
  return {
    host: '127.0.0.1',
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    dataDir,
    databaseUrl: undefined,
    secretKey: { file: join(dataDir, 'secret.key') },
    metricsToken: undefined,
    trustedProxies: [],
    privateNetworks: [],
    mail,
    dealsPerCall: 50,
    logLevel: process.env.AMOBRIDGE_TEST_LOG ?? 'silent',
    listensOnLoopback: true,
  }
}

function settingsText(
  crmUrl: string,
  orders: string,
  { amocrm = 'requestsPerSecond: 40', secondConnection = false, ...parts }: InstallationOptions,
): string {
  const indented = (text: string) => text.replaceAll('\n', '\n      ')
  const part = (name: 'contacts' | 'notify') => {
    const text = parts[name]
    return text === undefined ? '' : `    ${name}:\n      ${indented(text)}\n`
  }
  const connection = (name: string) => `  - name: ${name}
    amocrm:
      baseUrl: ${crmUrl}
      token: test-token
      ${indented(amocrm)}
    orders:
      ${indented(orders)}
${part('contacts')}${part('notify')}`
  const names = [connectionName, ...(secondConnection ? ['shop-2'] : [])]
  return `version: 1\nconnections:\n${names.map(connection).join('')}`
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
