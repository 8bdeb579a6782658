import { setTimeout as pause } from 'node:timers/promises'
import { type AmoEmulator, startAmoEmulator } from '../sandbox/amocrm/emulator.ts'
import type { FaultRule } from '../sandbox/amocrm/faults.ts'
import { startShop } from '../sandbox/shop/emulator.ts'
import { totalKopecks } from '../sandbox/shop/model.ts'
import { createRandom, type Random } from '../sandbox/shop/random.ts'
import type { Shop } from '../sandbox/shop/shop.ts'
import { createServiceProcess, type ServiceProcess } from './service-process.ts'
import { createWorkload } from './workload.ts'

export interface FaultRunOptions {
  orders: number
  seed: number
  /** Ends of the service without a word, at random moments. */
  kills: number
  which: 'built' | 'source'
  /** Of the service, such as the address of a PostgreSQL. */
  env?: Record<string, string>
  say(text: string): void
}

export interface FaultReport {
  seed: number
  orders: number
  deals: number
  doubles: number
  lost: number
  /** Deals whose stage or sum is not that of their order. */
  unequal: number
  contactsBeyondPeople: number
  /** Requests in the busiest rolling second; 6 is what the service was allowed. */
  busiestSecond: number
  requests: number
  /** What was injected, as it came out. */
  injected: Record<string, number>
  seconds: number
}

const requestsPerSecond = 40
const connection = 'faults'
const stages: Record<string, number> = { N: 60_000_002, P: 60_000_004, F: 142 }
const lostStage = 143

/** Writes and reads of amoCRM that go wrong, each with its chance. */
const faults: FaultRule[] = [
  { match: { method: 'POST', probability: 0.03 }, do: '504', when: 'after' },
  { match: { method: 'POST', probability: 0.02 }, do: 'reset', when: 'after' },
  { match: { method: 'POST', probability: 0.02 }, do: 'malformed', when: 'after' },
  { match: { method: 'POST', probability: 0.01 }, do: 'reset', when: 'before' },
  { match: { method: 'PATCH', probability: 0.03 }, do: '504', when: 'after' },
  { match: { probability: 0.003 }, do: '429-html' },
  { match: { probability: 0.003 }, do: '429-json' },
  { match: { probability: 0.02 }, do: '500' },
  { match: { probability: 0.005 }, do: '401' },
  { match: { method: 'POST', probability: 0.01 }, do: 'slow', delayMs: 3_000 },
]

/**
 * Orders, edits and cancellations while everything around the service fails and the service itself is killed; then the failures stop and it
 * has its time. Counts from inside the emulators. Repeats with its seed, as far as the moments of processes can repeat.
 */
export async function runFaults({ orders, seed, kills, which, env = {}, say }: FaultRunOptions): Promise<FaultReport> {
  const begunAt = performance.now()
  const random = createRandom(seed)
  const workload = createWorkload(orders, seed)
  await using amo = await startAmoEmulator({ seed, requestsPerSecond: 50, log: () => undefined })
  amo.world.createContacts(workload.known)
  await using service = await createServiceProcess(which, env)
  await service.apply(settingsFor(amo))
  await service.start()
  await using shop = await startShop({ seed, agentEveryMs: 1_000 })
  const { code } = JSON.parse(await service.cli('pair', connection, '--json')) as { code: string }
  await shop.pair(code)

  for (const rule of faults) amo.faults.plan(rule)
  const killing = killAtWork(service, amo, kills, createRandom(seed + 1), say)
  for (const [index, input] of workload.orders.entries()) {
    shop.placeOrder(input)
    changeSomething(shop, random)
    if (random.happens(0.01)) await loseAnswers(shop)
    if (index % 25 === 24) await pause(random.between(50, 500))
  }
  await killing
  // The last few would meet a failure each for ever so long.
  await settle(service, shop, say, Math.ceil(orders / 20))
  say('the failures end; what is left has its time')
  amo.faults.clear()
  await settle(service, shop, say, 0)
  return {
    ...count(amo, shop, workload.people),
    seed,
    injected: { kills, ...amo.requests().counters().byAnswer },
    seconds: (performance.now() - begunAt) / 1000,
  }
}

function changeSomething(shop: Shop, random: Random): void {
  const placed = shop.orders()
  const order = placed[random.between(0, placed.length - 1)]
  if (order === undefined) return
  if (random.happens(0.3)) shop.editOrder(order.id, { deliveryPriceKopecks: random.between(0, 100_000) })
  if (order.cancelled) {
    if (random.happens(0.2)) shop.uncancel(order.id)
  } else if (random.happens(0.3)) shop.setStatus(order.id, random.pick(['N', 'P', 'F']))
  else if (random.happens(0.1)) shop.cancel(order.id, 'передумал')
}

async function loseAnswers(shop: Shop): Promise<void> {
  shop.faults.set({ loseServiceAnswers: true })
  await shop.sendNow()
  shop.faults.clear()
}

/** Each time while it sends: after a kill its successor waits until the lane's lease is over. */
async function killAtWork(
  service: ServiceProcess,
  amo: AmoEmulator,
  kills: number,
  random: Random,
  say: (text: string) => void,
): Promise<void> {
  for (let killed = 1; killed <= kills; killed += 1) {
    const sent = amo.requests().all.length
    while (amo.requests().all.length < sent + 10) await pause(20)
    await pause(random.between(0, 1_000))
    await service.stop('SIGKILL')
    say(`kill -9, ${killed} of ${kills}`)
    await service.start()
  }
}

interface Status {
  connections: { queue: { pending: number; running: number; failed: number }; breaker: string }[]
}

/** Until so little is left to do. A person's part is played too: a closed breaker is probed, failed items are tried again. */
async function settle(service: ServiceProcess, shop: Shop, say: (text: string) => void, mayBeLeft: number): Promise<void> {
  for (;;) {
    const text = await service.cli('status', '--json').catch((error: { stdout?: string }) => error.stdout ?? '')
    const { connections } = JSON.parse(text) as Status
    const [one] = connections
    if (one === undefined) throw new Error('the connection is gone')
    const { pending, running, failed } = one.queue
    say(`  pending ${pending}, running ${running}, failed ${failed}, events ${shop.pendingEvents().length}, breaker ${one.breaker}`)
    if (pending + running + failed + shop.pendingEvents().length <= mayBeLeft) return
    if (one.breaker === 'open') await service.cli('resume', connection)
    if (failed > 0) await service.cli('queue', 'retry', '--all').catch(() => undefined)
    await pause(2_000)
  }
}

function count(amo: AmoEmulator, shop: Shop, people: number) {
  const deals = amo.world.leads()
  const byOrder = Map.groupBy(deals, ({ fields }) => String(fields.AMOBRIDGE_KEY?.[0] ?? '').replace(/^.*-/, ''))
  const placed = shop.orders()
  const unequal = placed.filter((order) => {
    const deal = byOrder.get(order.id)?.[0]
    const stage = order.cancelled ? lostStage : stages[order.status]
    return deal !== undefined && (deal.statusId !== stage || deal.price !== Math.round(totalKopecks(order) / 100))
  })
  return {
    orders: placed.length,
    deals: deals.length,
    doubles: placed.reduce((sum, { id }) => sum + Math.max(0, (byOrder.get(id)?.length ?? 0) - 1), 0),
    lost: placed.filter(({ id }) => !byOrder.has(id)).length,
    unequal: unequal.length,
    contactsBeyondPeople: Math.max(0, amo.world.contacts().length - people),
    busiestSecond: amo.requests().maxInAnySecond(),
    requests: amo.requests().all.length,
  }
}

const settingsFor = ({ url, tokens }: AmoEmulator) => `version: 1
connections:
  - name: ${connection}
    amocrm:
      baseUrl: ${url}
      token: ${tokens.longLived()}
      requestsPerSecond: ${requestsPerSecond}
    orders:
      enabled: true
      since: 2020-01-01T00:00:00Z
      pipeline: Интернет-магазин
      name: "Заказ {{order.number}}"
      stages: { N: Новый заказ, P: Оплачен, F: 142, cancelled: 143 }
      lossReason: { cancelled: Отказ покупателя }
      lines: note
`
