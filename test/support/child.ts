import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A real process of ours, ended with the test at the latest. */
export interface Child extends AsyncDisposable {
  /** What it said so far. */
  output(): string
  /** Resolves with the exit code once it has ended and everything it said was read; null: killed. */
  ended: Promise<number | null>
  /** Ends it as a power cut would: nothing of its own runs any more. */
  kill(): void
}

export function startChild(script: URL, ...args: string[]): Child {
  const child: ChildProcess = spawn(process.execPath, [script.pathname, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null))
  return {
    output: () => output,
    ended,
    kill: () => child.kill('SIGKILL'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
