import { parseArgs } from 'node:util'
import { startShop } from './emulator.ts'
import { type CommandFamily, commandFamilies } from './module.ts'

/** node sandbox/shop/main.ts --port 9102 --service http://127.0.0.1:8080 [--pair CODE] [--connection NAME --secret whsec_…] [--seed 1] */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9102' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string', default: '1' },
    service: { type: 'string' },
    connection: { type: 'string' },
    secret: { type: 'string' },
    pair: { type: 'string' },
    'agent-ms': { type: 'string' },
    'first-order': { type: 'string' },
    /** Families separated by commas, or `all`. */
    commands: { type: 'string', default: 'statuses' },
  },
})

const isFamily = (text: string): text is CommandFamily => commandFamilies.some((family) => family === text)

const shop = await startShop({
  port: Number(values.port),
  host: values.host,
  seed: Number(values.seed),
  ticks: values.commands === 'all' ? commandFamilies : values.commands.split(',').filter(isFamily),
  ...(values.service === undefined ? {} : { serviceUrl: values.service }),
  ...(values.connection === undefined ? {} : { connection: values.connection }),
  ...(values.secret === undefined ? {} : { secret: values.secret }),
  ...(values['agent-ms'] === undefined ? {} : { agentEveryMs: Number(values['agent-ms']) }),
  ...(values['first-order'] === undefined ? {} : { firstOrderId: Number(values['first-order']) }),
  log: (line) => process.stderr.write(`${line}\n`),
})
process.stdout.write(`shop: ${shop.url}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shop.close().then(() => process.exit(0)))

if (values.pair !== undefined) await shop.pair(values.pair.includes('#') ? values.pair : `${values.service ?? ''}#${values.pair}`)
