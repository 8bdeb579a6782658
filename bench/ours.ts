import { setTimeout as pause } from 'node:timers/promises'
import type { AmoEmulator } from '../sandbox/amocrm/emulator.ts'
import { startShop } from '../sandbox/shop/emulator.ts'
import type { OrderInput } from '../sandbox/shop/inputs.ts'
import type { Shop } from '../sandbox/shop/shop.ts'
import { createServiceProcess, type ServiceProcess } from './service-process.ts'

const connection = 'bench'
const lookEveryMs = 10
const longestMs = 30_000

/** Our own way: both neighbours in this process, the service in one of its own, as on a real machine. */
export interface OurSide extends AsyncDisposable {
  service: ServiceProcess
  shop: Shop
  /** Waits until the queue holds nothing that can still be sent. */
  drained(onProgress?: (left: number) => void): Promise<void>
}

export interface OurOptions {
  lines: 'note' | 'none'
  requestsPerSecond: number
  /** 50 unless told. */
  dealsPerCall?: number
}

export async function startOurSide(amo: AmoEmulator, { lines, requestsPerSecond, dealsPerCall = 50 }: OurOptions): Promise<OurSide> {
  const service = await createServiceProcess('built', { AMOBRIDGE_DEALS_PER_CALL: String(dealsPerCall) })
  await service.apply(settingsFor(amo, lines, requestsPerSecond))
  await service.start()
  const shop = await startShop({ autoSend: false })
  const { code } = JSON.parse(await service.cli('pair', connection, '--json')) as { code: string }
  await shop.pair(code)
  const side: OurSide = {
    service,
    shop,
    async drained(onProgress) {
      for (;;) {
        const { connections } = JSON.parse(await service.cli('status', '--json').catch(readNotWell)) as Status
        const left = connections.reduce((sum, { queue }) => sum + queue.pending + queue.running, 0)
        onProgress?.(left)
        if (left === 0) return
        await pause(Math.min(2_000, 200 + left))
      }
    },
    async [Symbol.asyncDispose]() {
      await shop.close()
      await service[Symbol.asyncDispose]()
    },
  }
  return side
}

interface Status {
  connections: { queue: { pending: number; running: number } }[]
}

/** `status` exits with 1 when something is wrong; what it says is wanted all the same. */
function readNotWell(error: unknown): string {
  const stdout = (error as { stdout?: unknown }).stdout
  if (typeof stdout === 'string' && stdout.startsWith('{')) return stdout
  throw error
}

/** Everything is accepted while the connection is paused; the time is from `resume` to the last request. */
export async function drainBacklog(amo: AmoEmulator, side: OurSide, orders: OrderInput[], onProgress: (left: number) => void) {
  const { service, shop } = side
  await service.cli('pause', connection)
  const ids = orders.map((input) => shop.placeOrder(input).id)
  const acceptedFrom = performance.now()
  while (shop.pendingEvents().length > 0) await shop.sendNow()
  const eventsPerSecond = (orders.length / (performance.now() - acceptedFrom)) * 1000
  const cpuBefore = service.cpuSeconds()
  const fromMs = amo.clock.nowMs()
  await service.cli('resume', connection)
  await side.drained(onProgress)
  const toMs = amo.requests().all.at(-1)?.at ?? fromMs
  return {
    ids,
    eventsPerSecond,
    fromMs,
    toMs,
    cpuPerThousand: ((service.cpuSeconds() - cpuBefore) / orders.length) * 1000,
    residentBytes: service.residentBytes(),
  }
}

/** Places orders one by one, each when the one before has its deal; milliseconds from the save in the shop to the deal in the account. */
export async function orderToDeal(amo: AmoEmulator, side: OurSide, orders: OrderInput[]): Promise<number[]> {
  const { shop } = side
  shop.autoSend = true
  const times: number[] = []
  for (const input of orders) {
    const dealsBefore = amo.world.account.leads.liveCount
    const placedAt = performance.now()
    shop.placeOrder(input)
    while (amo.world.account.leads.liveCount === dealsBefore) {
      if (performance.now() - placedAt > longestMs) {
        const facts = { waiting: shop.pendingEvents().length, lastExchange: shop.lastExchange() }
        throw new Error(`no deal within ${longestMs / 1000} s: ${JSON.stringify(facts)} ${await side.service.cli('queue', 'list')}`)
      }
      await pause(lookEveryMs)
    }
    times.push(performance.now() - placedAt)
  }
  shop.autoSend = false
  return times
}

const settingsFor = ({ url, tokens }: AmoEmulator, lines: string, requestsPerSecond: number) => `version: 1
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
      stages: { N: Новый заказ, cancelled: 143, F: 142 }
      lines: ${lines}
`
