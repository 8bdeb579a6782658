import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createServiceProcess, type ServiceProcess } from '../bench/service-process.ts'
import { type AmoEmulator, startAmoEmulator } from '../sandbox/amocrm/emulator.ts'
import { startShop } from '../sandbox/shop/emulator.ts'
import type { Shop } from '../sandbox/shop/shop.ts'
import { type OwnDatabase, openOwnDatabase } from './support/own-database.ts'
import { until } from './support/until.ts'

const leaseMs = 30_000
const patience = { longestMs: 150_000 }
const onPostgres = test.runIf(process.env.AMOBRIDGE_TEST_POSTGRES)

const settingsFor = ({ url, tokens }: AmoEmulator, requestsPerSecond: number) => `version: 1
connections:
  - name: shop-1
    amocrm: { baseUrl: "${url}", token: ${tokens.longLived()}, requestsPerSecond: ${requestsPerSecond} }
    orders:
      enabled: true
      since: 2020-01-01T00:00:00Z
      pipeline: Интернет-магазин
      name: "Заказ {{order.number}}"
      stages: { N: Новый заказ, P: Оплачен, F: 142, cancelled: 143 }
      lines: none
`

interface Replicas extends AsyncDisposable {
  amo: AmoEmulator
  shop: Shop
  database: OwnDatabase
  /** The one that works the account, and the one that waits. */
  holder: ServiceProcess
  standby: ServiceProcess
  dealsOf(orderId: string): number
}

/** Two processes of the service on one database, each with both neighbours; real clocks, real leases. */
async function startReplicas(requestsPerSecond: number): Promise<Replicas> {
  const database = await openOwnDatabase()
  if (database === undefined) throw new Error('AMOBRIDGE_TEST_POSTGRES is not set')
  const amo = await startAmoEmulator({ requestsPerSecond: 50, log: () => undefined })
  const env = { AMOBRIDGE_DATABASE_URL: database.url, AMOBRIDGE_SECRET_KEY: randomBytes(32).toString('base64') }
  const holder = await createServiceProcess('source', env)
  const standby = await createServiceProcess('source', env)
  await holder.apply(settingsFor(amo, requestsPerSecond))
  await holder.start()
  const shop = await startShop({ agentEveryMs: 500 })
  const { code } = JSON.parse(await holder.cli('pair', 'shop-1', '--json')) as { code: string }
  await shop.pair(code)
  const dealsOf = (orderId: string) =>
    amo.world.leads().filter(({ fields }) => fields.AMOBRIDGE_KEY?.some((value) => String(value).endsWith(`-${orderId}`))).length
  const first = shop.placeOrder({ phone: '+79160000000' })
  await until('the first deal', () => dealsOf(first.id) === 1, patience)
  await standby.start()
  return {
    amo,
    shop,
    database,
    holder,
    standby,
    dealsOf,
    async [Symbol.asyncDispose]() {
      holder.thaw()
      await Promise.all([holder[Symbol.asyncDispose](), standby[Symbol.asyncDispose]()])
      await shop.close()
      await amo.close()
      await database[Symbol.asyncDispose]()
    },
  }
}

const leaseUntil = async ({ database }: Replicas) => {
  const [lane] = await database.query<{ lease_until: string; owner: string; now: string }>(
    'select lease_until, lease_owner as owner, (extract(epoch from clock_timestamp()) * 1000)::bigint as now from lanes',
  )
  return { owner: lane?.owner, leftMs: Number(lane?.lease_until) - Number(lane?.now) }
}

const phone = (number: number) => `+7916${String(number).padStart(7, '0')}`

onPostgres('a replica that is killed is followed by another: nothing is lost, doubled or sent too fast', { timeout: 300_000 }, async () => {
  await using here = await startReplicas(6)
  const { amo, shop, holder, dealsOf } = here
  const before = await leaseUntil(here)
  const orders = Array.from({ length: 120 }, (_, index) => shop.placeOrder({ phone: phone(1 + index) }))
  await until('some deals', () => amo.world.leads().length > 20, patience)
  await holder.stop('SIGKILL')
  expect((await leaseUntil(here)).leftMs).toBeLessThanOrEqual(leaseMs)
  const late = shop.placeOrder({ phone: phone(500) })
  await until('all deals', () => [...orders, late].every(({ id }) => dealsOf(id) > 0), patience)
  expect([...orders, late].map(({ id }) => dealsOf(id))).toEqual([...orders, late].map(() => 1))
  expect((await leaseUntil(here)).owner).not.toBe(before.owner)
  expect(amo.requests().maxInAnySecond()).toBeLessThanOrEqual(7)
  expect(amo.world.contacts()).toHaveLength(122)
})

onPostgres(
  'a replica frozen with one create on its way and one about to leave wakes up and harms nothing',
  { timeout: 300_000 },
  async () => {
    await using here = await startReplicas(1)
    const { amo, shop, holder, standby, database, dealsOf } = here
    // amoCRM carries this one out long after the holder has stopped to exist for everybody else.
    amo.faults.plan({ match: { method: 'POST', path: '/api/v4/leads/complex' }, do: 'slow', delayMs: 40_000 })
    const onItsWay = shop.placeOrder({ phone: phone(1) })
    const openIntents = async () => {
      const rows = await database.query<{ entity_key: string }>("select entity_key from intents where state = 'open' and kind = 'deal'")
      return rows.map(({ entity_key }) => entity_key)
    }
    await until(
      'a create on its way',
      async () => (await openIntents()).includes(`order:${onItsWay.id}`) && amo.faults.planned().length === 0,
      patience,
    )
    const aboutToLeave = shop.placeOrder({ phone: phone(2) })
    await until('an intent before its request', async () => (await openIntents()).includes(`order:${aboutToLeave.id}`), patience)
    holder.freeze()
    const frozen = dealsOf(aboutToLeave.id)
    const owner = (await leaseUntil(here)).owner

    const later = shop.placeOrder({ phone: phone(3) })
    await until('the standby to work', () => dealsOf(later.id) === 1, patience)
    expect((await leaseUntil(here)).owner).not.toBe(owner)
    await until('both lost creates to be settled', () => dealsOf(onItsWay.id) > 0 && dealsOf(aboutToLeave.id) > 0, patience)
    holder.thaw()
    const afterwards = shop.placeOrder({ phone: phone(4) })
    await until('work as ever', () => dealsOf(afterwards.id) === 1, patience)
    expect(frozen, 'the create had not left when the process was frozen').toBe(0)
    expect([onItsWay, aboutToLeave, later, afterwards].map(({ id }) => dealsOf(id))).toEqual([1, 1, 1, 1])

    // The one that woke up is a sound standby: it follows at once when the other ends in order.
    await standby.stop()
    const last = shop.placeOrder({ phone: phone(5) })
    await until('the thawed one to work', () => dealsOf(last.id) === 1, patience)
    expect(amo.world.contacts()).toHaveLength(6)
    expect(amo.world.leads()).toHaveLength(6)
  },
)
