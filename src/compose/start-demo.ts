import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Demo, DemoOptions } from '../cli/demo.ts'
import type { Config } from '../config.ts'
import { createAdmin } from './admin.ts'
import { openApp } from './open-app.ts'
import { realClock } from './real-clock.ts'
import { startService } from './service.ts'

const connection = 'demo'
const readyWithinMs = 20_000

/** Starts both emulators as processes of their own and the service in this one, applies settings, pairs. Its data folder is made anew each time. */
export async function startDemo(config: Config, { ports, latency }: DemoOptions, log: (line: string) => void): Promise<Demo> {
  const dataDir = join(config.dataDir, 'demo')
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const children: Emulator[] = []
  const token = randomBytes(24).toString('hex')
  const crmPort = await freePort(ports.crm)
  const servicePort = await freePort(ports.service)
  const shopPort = await freePort(ports.shop)
  const demoConfig: Config = {
    ...config,
    dataDir,
    databaseUrl: undefined,
    secretKey: { file: join(dataDir, 'secret.key') },
    host: '127.0.0.1',
    port: servicePort,
    publicUrl: `http://127.0.0.1:${servicePort}`,
    listensOnLoopback: true,
  }
  const app = await openApp(demoConfig, realClock)
  const service = await startService(app)
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()))
    await service.close()
    await app.close()
  }
  try {
    children.push(await startEmulator('amocrm', ['--port', String(crmPort), '--token', token, '--latency', latency], log))
    const crmUrl = `http://127.0.0.1:${crmPort}`
    const admin = createAdmin(app, process.env, 'en', false)
    const applied = await admin.apply({ text: demoSettings(crmUrl, token), dryRun: false, force: false, remove: [] })
    if (!applied.ok) throw new Error(`the demo's own settings were refused: ${applied.problems.join('; ')}`)
    const { code } = await admin.pair(connection)
    children.push(await startEmulator('shop', ['--port', String(shopPort), '--service', demoConfig.publicUrl, '--commands', 'all'], log))
    const shopUrl = `http://127.0.0.1:${shopPort}`
    const paired = await post(`${shopUrl}/_control/pair`, { code })
    if (!paired.ok) throw new Error(`the shop did not pair: ${await paired.text()}`)
    return {
      shopUrl,
      crmUrl,
      serviceUrl: demoConfig.publicUrl,
      async placeOrders(count) {
        const answer = await post(`${shopUrl}/_control/place-many`, { count })
        const { first } = Placed.parse(await answer.json()).result
        return Array.from({ length: count }, (_, index) => String(Number(first) + index))
      },
      dealOf: async (id) => (await admin.findOrder(id, connection))?.pair?.dealId,
      close: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const Placed = z.object({ result: z.object({ first: z.string() }) })

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

function demoSettings(crmUrl: string, token: string): string {
  return `version: 1
connections:
  - name: ${connection}
    amocrm:
      baseUrl: ${crmUrl}
      token: ${token}
    orders:
      enabled: true
      since: 2020-01-01T00:00:00Z
      pipeline: Интернет-магазин
      name: "Заказ №{{order.number}}"
      stages: { N: Интернет-магазин / Новый заказ, cancelled: 143, F: 142 }
      lossReason: { cancelled: Отказ покупателя }
      responsible: { rule: fixed, users: [Мария] }
      tags: [Сайт]
      lines: note
`
}

interface Emulator {
  stop(): Promise<void>
}

/** Runs `sandbox/<name>/main`, as source or as built, and waits for its line on stdout. */
async function startEmulator(name: 'amocrm' | 'shop', args: string[], log: (line: string) => void): Promise<Emulator> {
  const here = fileURLToPath(new URL(`../../sandbox/${name}/main`, import.meta.url))
  const file = existsSync(`${here}.js`) ? `${here}.js` : `${here}.ts`
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.setEncoding('utf8').on('data', (text: string) => log(`${name}: ${text.trimEnd()}`))
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (code) => reject(new Error(`the ${name} emulator ended with code ${code}`)))
    AbortSignal.timeout(readyWithinMs).addEventListener('abort', () => reject(new Error(`the ${name} emulator did not start`)))
  })
  return { stop: () => endProcess(child) }
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** The wished port, or any free one where it is taken. */
function freePort(wished: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () => (wished === 0 ? reject(new Error('no free port')) : freePort(0).then(resolve, reject)))
    probe.listen(wished, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wished))
    })
  })
}
