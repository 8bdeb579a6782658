import { existsSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type AmoEmulator, startAmoEmulator } from '../sandbox/amocrm/emulator.ts'
import { type Measured, measure, percentile } from './measure.ts'
import { drainBacklog, orderToDeal, startOurSide } from './ours.ts'
import { type RecipeOrder, runInSeries, runWell } from './recipes.ts'
import { type Row, renderMarkdown, renderTable } from './report.ts'
import { createWorkload, type Workload } from './workload.ts'

/** Figures of docs/benchmarks.md, measured side by side in one run. `npm run bench -- --help` says what can be changed. */
const { values } = parseArgs({
  options: {
    /** The backlog of our column. */
    orders: { type: 'string', default: '2000' },
    /** The recipes take their time: they get as many, and the drain time of a backlog is reckoned from their pace. */
    sample: { type: 'string', default: '60' },
    /** Orders of the run with faults, for each column. */
    faulty: { type: 'string', default: '60' },
    idle: { type: 'string', default: '40' },
    /** Contacts that the index has to be filled with while orders go on. */
    contacts: { type: 'string', default: '20000' },
    rate: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    /** Also writes the table to docs/benchmarks.md. */
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const count = (name: 'orders' | 'sample' | 'faulty' | 'idle' | 'contacts' | 'rate' | 'seed') => {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number, not "${values[name]}"`)
  return number
}
const say = (text: string) => process.stderr.write(`${text}\n`)
const backlog = 10_000
const smallBatchOrders = 500

/** The limit amoCRM states, its stated latency, and the contacts that were there before. */
async function startAccount(known: number): Promise<AmoEmulator> {
  const amo = await startAmoEmulator({ latency: 'stated', seed: count('seed'), log: () => undefined })
  if (known > 0) amo.world.createContacts(known)
  return amo
}

/** Every hundredth write loses its answer after it was carried out, every hundredth fails before. */
function planFaults(amo: AmoEmulator): void {
  const writes = { method: 'POST', path: /\/api\/v4\/(leads|contacts)/ }
  amo.faults.plan({ match: { ...writes, probability: 0.04 }, do: '504', when: 'after' })
  amo.faults.plan({ match: { ...writes, probability: 0.04 }, do: '500', when: 'before' })
}

type Recipe = (amo: AmoEmulator, orders: RecipeOrder[]) => Promise<void>
const recipes: { name: string; run: Recipe }[] = [
  { name: 'series', run: runInSeries },
  { name: 'well', run: (amo, orders) => runWell(amo, orders, count('rate')) },
]

async function measureRecipe(run: Recipe, workload: Workload, faults: boolean): Promise<Measured> {
  await using amo = await startAccount(workload.known)
  if (faults) planFaults(amo)
  const orders = workload.orders.map((input, index) => ({ id: String(10_001 + index), input }))
  const fromMs = amo.clock.nowMs()
  await run(amo, orders).catch((error: unknown) => say(`  the recipe gave up: ${String(error)}`))
  const toMs = amo.requests().all.at(-1)?.at ?? fromMs
  return measure(amo, { orders: orders.map(({ id }) => id), people: workload.people, fromMs, toMs })
}

async function measureOurs(workload: Workload, faults: boolean, lines: 'note' | 'none', dealsPerCall = 50) {
  await using amo = await startAccount(workload.known)
  await using side = await startOurSide(amo, { lines, requestsPerSecond: count('rate'), dealsPerCall })
  if (faults) planFaults(amo)
  const { ids, fromMs, toMs, ...cost } = await drainBacklog(amo, side, workload.orders, (left) => say(`  ${left} orders left`))
  return { ...measure(amo, { orders: ids, people: workload.people, fromMs, toMs }), ...cost, startedInMs: side.service.startedInMs }
}

async function measureOrderToDeal(idleOrders: number, contacts: number): Promise<{ idle: number[]; busy: number[] }> {
  const { orders } = createWorkload(idleOrders * 2, count('seed') + 1)
  const half = orders.length / 2
  const measureOne = async (known: number, chosen: typeof orders) => {
    await using amo = await startAccount(known)
    await using side = await startOurSide(amo, { lines: 'note', requestsPerSecond: count('rate') })
    // The first order waits until the account was read: not a part of what is measured.
    await orderToDeal(amo, side, chosen.slice(0, 1))
    // Awaited here: what is in use ends with the block.
    return await orderToDeal(amo, side, chosen)
  }
  const idle = await measureOne(10, orders.slice(0, half))
  const busy = await measureOne(contacts, orders.slice(half))
  return { idle, busy }
}

async function main(): Promise<void> {
  if (values.help) {
    say(
      'npm run bench -- [--orders 2000] [--sample 60] [--faulty 60] [--idle 40] [--contacts 20000] [--rate 6] [--seed 1] [--json] [--write]',
    )
    return
  }
  const rows: Row[] = []
  const clean: Record<string, Measured> = {}
  for (const { name, run } of recipes) {
    say(`the usual recipe (${name}): ${count('sample')} orders`)
    clean[name] = await measureRecipe(run, createWorkload(count('sample'), count('seed')), false)
  }
  say(`Amobridge: a backlog of ${count('orders')} orders`)
  const ours = await measureOurs(createWorkload(count('orders'), count('seed')), false, 'note')
  say(`Amobridge without notes: a backlog of ${count('orders')} orders`)
  const bare = await measureOurs(createWorkload(count('orders'), count('seed')), false, 'none')
  const smaller: { deals: number; measured: Measured }[] = []
  for (const deals of [20, 10]) {
    const orders = Math.min(count('orders'), smallBatchOrders)
    say(`Amobridge with ${deals} deals a call: a backlog of ${orders} orders`)
    smaller.push({ deals, measured: await measureOurs(createWorkload(orders, count('seed')), false, 'note', deals) })
  }
  const faulty: Record<string, Measured> = {}
  for (const { name, run } of recipes) {
    say(`the usual recipe (${name}) with lost answers and errors: ${count('faulty')} orders`)
    faulty[name] = await measureRecipe(run, createWorkload(count('faulty'), count('seed')), true)
  }
  say(`Amobridge with lost answers and errors: ${count('faulty')} orders`)
  const oursFaulty = await measureOurs(createWorkload(count('faulty'), count('seed')), true, 'note')
  say(`one order after the other: ${count('idle')}, then again while the index of ${count('contacts')} contacts is filled`)
  const { idle, busy } = await measureOrderToDeal(count('idle'), count('contacts'))

  const columns = [clean.series, clean.well, ours]
  const of = (what: string, show: (measured: Measured) => string, from = columns) =>
    rows.push({ what, cells: from.map((measured) => (measured ? show(measured) : '')) })
  of('requests per order', ({ requestsPerOrder }) => requestsPerOrder.toFixed(3))
  of('orders per second', ({ ordersPerSecond }) => ordersPerSecond.toFixed(2))
  of('orders measured', ({ orders }) => String(orders))
  of(`a backlog of ${backlog} orders takes`, ({ ordersPerSecond }) => duration(backlog / ordersPerSecond))
  of('most requests in any second', ({ busiestSecond }) => String(busiestSecond))
  of('contacts beyond one per person', ({ extraContacts }) => String(extraContacts))
  const faultyColumns = [faulty.series, faulty.well, oursFaulty]
  of('with faults: deals / orders', ({ deals, orders }) => `${deals} / ${orders}`, faultyColumns)
  of('with faults: doubles', ({ doubles }) => String(doubles), faultyColumns)
  of('with faults: orders without a deal', ({ lost }) => String(lost), faultyColumns)
  of('with faults: contacts beyond one per person', ({ extraContacts }) => String(extraContacts), faultyColumns)
  const own = (what: string, text: string) => rows.push({ what, cells: ['', '', text] })
  const theoretical = count('rate') / ours.requestsPerOrder
  own('lines `none`: requests per order, orders per second', `${bare.requestsPerOrder.toFixed(3)}, ${bare.ordersPerSecond.toFixed(1)}`)
  for (const { deals, measured } of smaller)
    own(
      `${deals} deals a call: requests per order, orders per second`,
      `${measured.requestsPerOrder.toFixed(3)}, ${measured.ordersPerSecond.toFixed(1)}`,
    )
  own('best possible at this call plan, and our share', `${theoretical.toFixed(1)}/s, ${percent(ours.ordersPerSecond / theoretical)}`)
  own('order to deal when idle, p50 / p95 / p99', times(idle))
  own(`the same while ${count('contacts')} contacts are read`, times(busy))
  own('shop events accepted per second', ours.eventsPerSecond.toFixed(0))
  own('memory after the backlog', `${(ours.residentBytes / 2 ** 20).toFixed(0)} MB`)
  own('processor time per 1,000 orders', `${ours.cpuPerThousand.toFixed(2)} s`)
  own('from start to ready', `${(ours.startedInMs / 1000).toFixed(2)} s`)

  const table = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, Node.js ${process.versions.node}`,
    at: new Date().toISOString().slice(0, 10),
    command: `npm run bench -- --orders ${count('orders')} --sample ${count('sample')} --faulty ${count('faulty')} --seed ${count('seed')}`,
    columns: ['usual recipe, in series', 'usual recipe, done well', 'Amobridge'],
    rows,
  }
  process.stdout.write(values.json ? `${JSON.stringify(table, null, 2)}\n` : renderTable(table))
  if (values.write) writeFileSync(benchmarksFile(), renderMarkdown(table))
}

/** The page of this repository; where there is none, a file in the present folder. */
function benchmarksFile(): URL | string {
  const docs = new URL('../docs/', import.meta.url)
  return existsSync(docs) ? new URL('benchmarks.md', docs) : 'benchmarks.md'
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`
const times = (values: number[]) => [50, 95, 99].map((part) => `${(percentile(values, part) / 1000).toFixed(2)} s`).join(' / ')
function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`
  return seconds < 7_200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`
}

await main()
