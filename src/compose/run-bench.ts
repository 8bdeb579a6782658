import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Runs `bench/main` in a process of its own, as source or as built. */
export function runBench(args: string[]): Promise<number> {
  const here = fileURLToPath(new URL('../../bench/main', import.meta.url))
  const file = existsSync(`${here}.js`) ? `${here}.js` : `${here}.ts`
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
