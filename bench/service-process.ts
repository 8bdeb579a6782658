import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** This file itself runs from `dist/bench` when it was built. */
const isBuilt = import.meta.url.endsWith('.js')
const mains = {
  built: fileURLToPath(new URL(isBuilt ? '../src/main.js' : '../dist/src/main.js', import.meta.url)),
  source: fileURLToPath(new URL('../src/main.ts', import.meta.url)),
}
const readyWithinMs = 20_000
const ticksPerSecond = 100

/** The service as a user runs it: a process of its own over a data folder of its own. */
export interface ServiceProcess extends AsyncDisposable {
  url: string
  /** From the start of the process to its first ready answer. */
  startedInMs: number
  /** Runs a command of the same installation; rejects with what it printed when it ends with another code than 0. */
  cli(...args: string[]): Promise<string>
  apply(settings: string): Promise<void>
  start(): Promise<void>
  /** `SIGKILL` asks nobody. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Stops the process where it stands; `thaw` lets it go on as if no time had passed. */
  freeze(): void
  thaw(): void
  residentBytes(): number
  cpuSeconds(): number
}

export async function createServiceProcess(which: keyof typeof mains = 'built', env: Record<string, string> = {}): Promise<ServiceProcess> {
  const main = mains[which]
  const folder = mkdtempSync(join(tmpdir(), 'amobridge-run-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment = {
    ...process.env,
    AMOBRIDGE_DATA_DIR: folder,
    AMOBRIDGE_PORT: String(port),
    AMOBRIDGE_PUBLIC_URL: url,
    AMOBRIDGE_LOG_LEVEL: 'error',
    ...env,
  }
  const run = promisify(execFile)
  let child: ChildProcess | undefined
  let spentCpu = 0

  const service: ServiceProcess = {
    url,
    startedInMs: 0,
    async cli(...args) {
      const { stdout } = await run(process.execPath, [main, ...args], { env: environment })
      return stdout
    },
    async apply(settings) {
      const file = join(folder, 'settings.yaml')
      writeFileSync(file, settings)
      await service.cli('apply', file)
    },
    async start() {
      const begunAt = performance.now()
      child = spawn(process.execPath, ['--max-semi-space-size=2', main, 'serve'], {
        env: environment,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      await becomeReady(url, child)
      service.startedInMs = performance.now() - begunAt
    },
    async stop(signal = 'SIGTERM') {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      spentCpu = service.cpuSeconds()
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child.kill(signal)
      await ended
      child = undefined
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    residentBytes() {
      const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child?.pid}/status`, 'utf8'))
      return Number(resident?.[1] ?? 0) * 1024
    },
    cpuSeconds() {
      if (child === undefined) return spentCpu
      const [, fields = ''] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')
      const [user, system] = fields.split(' ').slice(11, 13).map(Number)
      return spentCpu + ((user ?? 0) + (system ?? 0)) / ticksPerSecond
    },
    async [Symbol.asyncDispose]() {
      await service.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return service
}

async function becomeReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the service ended with code ${child.exitCode}`)
    const ready = await fetch(`${url}/readyz`).catch(() => undefined)
    if (ready?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the service did not become ready')
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
