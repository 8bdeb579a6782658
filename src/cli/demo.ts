import type { Command } from 'commander'
import { fill } from '../core/messages/language.ts'
import { demoText } from './demo-messages.ts'
import type { Terminal } from './terminal.ts'

/** The running demo: everything paired, ready for orders. */
export interface Demo {
  shopUrl: string
  crmUrl: string
  serviceUrl: string
  /** Places orders of generated buyers; answers their numbers. */
  placeOrders(count: number): Promise<string[]>
  /** The deal of an order, once there is one. */
  dealOf(orderNumber: string): Promise<number | undefined>
  close(): Promise<void>
}

export interface DemoOptions {
  ports: { service: number; crm: number; shop: number }
  latency: 'none' | 'stated'
}

type StartDemo = (options: DemoOptions, log: (line: string) => void) => Promise<Demo>

/** How long placed orders are followed before the demo says that something is wrong. */
const patienceMs = 60_000
const lookEveryMs = 100

interface Flags {
  orders: string
  exit?: boolean
  port: string
  crmPort: string
  shopPort: string
  latency: 'none' | 'stated'
}

export function addDemo(program: Command, terminal: Terminal, startDemo: StartDemo, untilStopped: () => Promise<void>): void {
  program
    .command('demo')
    .description('the service with both neighbours emulated, already paired; places orders and shows them moving')
    .option('--orders <n>', 'orders to place at once', '3')
    .option('--exit', 'end when these orders have become deals; exit code 1 when they have not')
    .option('--port <port>', "the service's port, 0 for a free one", '8080')
    .option('--crm-port <port>', 'of the emulated amoCRM', '9101')
    .option('--shop-port <port>', 'of the emulated shop', '9102')
    .option('--latency <latency>', "amoCRM's answers: none, or stated (as slow as the real one)", 'stated')
    .action(async (flags: Flags) => {
      const { language } = terminal
      terminal.out(demoText('starting', language))
      const ports = { service: Number(flags.port), crm: Number(flags.crmPort), shop: Number(flags.shopPort) }
      const demo = await startDemo({ ports, latency: flags.latency }, (line) => terminal.err(line))
      try {
        terminal.out(`\n${fill(demoText('tour', language), { shop: demo.shopUrl, crm: demo.crmUrl, service: demo.serviceUrl })}\n`)
        const equal = await followOrders(demo, Number(flags.orders), terminal)
        if (!equal) terminal.notWell()
        if (!flags.exit) await untilStopped()
      } finally {
        await demo.close()
      }
    })
}

/** Places orders and tells when each became a deal. False when some did not in time. */
async function followOrders(demo: Demo, count: number, terminal: Terminal): Promise<boolean> {
  if (count === 0) return true
  const { language } = terminal
  terminal.out(fill(demoText('placing', language), { count }))
  const startedMs = performance.now()
  const waiting = new Set(await demo.placeOrders(count))
  const orders = waiting.size
  let deals = 0
  while (waiting.size > 0 && performance.now() - startedMs < patienceMs) {
    for (const number of waiting) {
      const deal = await demo.dealOf(number)
      if (deal === undefined) continue
      waiting.delete(number)
      deals += 1
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
      if (count <= 50) terminal.out(fill(demoText('arrived', language), { number, deal, seconds }))
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  terminal.out(fill(demoText(waiting.size === 0 ? 'equal' : 'late', language), { orders, deals }))
  return waiting.size === 0
}
