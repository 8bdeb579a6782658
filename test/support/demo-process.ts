import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

const main = join(import.meta.dirname, '../../src/main.ts')

/** The demo as a person starts it: a process of its own, and what it prints. */
export interface DemoProcess extends AsyncDisposable {
  output(): string
  /** Addresses as the tour in the terminal names them. */
  addresses(): Promise<{ shop: string; crm: string }>
  /** Sends SIGTERM; answers the exit code, and how long it took. */
  stop(): Promise<{ code: number | null; tookMs: number }>
  ended(): Promise<number | null>
}

export function startDemoProcess(...args: string[]): DemoProcess {
  const folder = mkdtempSync(join(tmpdir(), 'amobridge-demo-'))
  const ports = ['--port', '0', '--crm-port', '0', '--shop-port', '0']
  const child: ChildProcess = spawn(process.execPath, [main, 'demo', ...ports, ...args], {
    env: { ...process.env, AMOBRIDGE_DATA_DIR: folder, AMOBRIDGE_LANG: 'en', AMOBRIDGE_LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const address = (title: RegExp) =>
    until(`the tour to name ${title.source}`, () => {
      if (isOver()) throw new Error(`the demo ended early:\n${output}`)
      return title.exec(output)?.[1]
    })
  return {
    output: () => output,
    addresses: async () => ({ shop: await address(/Shop +(http:\S+:\d+)\s/), crm: await address(/amoCRM +(http:\S+:\d+)\s/) }),
    async stop() {
      const begunAt = performance.now()
      child.kill('SIGTERM')
      return { code: await exit, tookMs: performance.now() - begunAt }
    },
    ended: () => exit,
    async [Symbol.asyncDispose]() {
      if (!isOver()) child.kill('SIGKILL')
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
