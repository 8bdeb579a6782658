import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SealError } from './seal.ts'

/** Keys of the file, the current one first: one base64 line of 32 bytes each. Made with mode 0600 where there is none. Throws SealError for a file others may read. */
export function readKeyFile(path: string): [Buffer, ...Buffer[]] {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(path, 0o600)
  }
  const mode = statSync(path).mode & 0o077
  if (mode !== 0 && process.platform !== 'win32') throw new SealError(`${path} can be read by others: chmod 600 it`)
  const [current, ...older] = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => Buffer.from(line, 'base64'))
  if (current === undefined)
    throw new SealError(`${path} holds no key; restore it from your backup, the secrets in the database cannot be read without it`)
  return [current, ...older]
}
