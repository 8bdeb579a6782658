import { parseArgs } from 'node:util'
import { startAmoEmulator } from './emulator.ts'

/** node sandbox/amocrm/main.ts --port 9101 --seed 1 --latency stated --token <long-lived token> --search-lag 3000 --filters on */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9101' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string', default: '1' },
    /** `stated` or `none`. */
    latency: { type: 'string', default: 'none' },
    token: { type: 'string' },
    /** Milliseconds. */
    'search-lag': { type: 'string', default: '0' },
    /** `on` or `off`. */
    filters: { type: 'string', default: 'off' },
    'requests-per-second': { type: 'string', default: '7' },
  },
})

const emulator = await startAmoEmulator({
  port: Number(values.port),
  host: values.host,
  seed: Number(values.seed),
  latency: values.latency === 'stated' ? 'stated' : 'none',
  searchLagMs: Number(values['search-lag']),
  filtersOn: values.filters === 'on',
  requestsPerSecond: Number(values['requests-per-second']),
  ...(values.token === undefined ? {} : { token: values.token }),
})
const { account } = emulator.world
process.stdout.write(`amoCRM emulator: ${emulator.url} account ${account.id} token ${emulator.tokens.longLived()}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void emulator.close().then(() => process.exit(0)))
