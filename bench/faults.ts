import { parseArgs } from 'node:util'
import { runFaults } from './fault-run.ts'

/** npm run faults -- --orders 1000 --seed 7 --kills 10. Exit code 1 when an order was lost, doubled or differs. */
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    kills: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
})
const whole = (name: 'orders' | 'seed' | 'kills') => {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} takes a whole number, not "${values[name]}"`)
  return number
}

process.stderr.write(`seed ${whole('seed')}\n`)
const report = await runFaults({
  orders: whole('orders'),
  seed: whole('seed'),
  kills: whole('kills'),
  which: 'built',
  say: (text) => process.stderr.write(`${text}\n`),
})
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
else {
  const { injected, ...figures } = report
  for (const [name, value] of Object.entries({ ...figures, ...injected })) process.stdout.write(`${name.padEnd(24)}${value}\n`)
}
const right = report.doubles + report.lost + report.unequal === 0 && report.deals === report.orders
process.exitCode = right ? 0 : 1
