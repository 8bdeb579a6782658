import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SealError } from './seal.ts'

/** Keys of the file, the current one first: one base64 line of 32 bytes each. Made with mode 0600 where there is none. Throws SealError for a file others may read. */
export function readKeyFile(path: string): [Buffer, ...Buffer[]] {
  if (!existsSync(path)) makeKeyFile(path)
  const mode = statSync(path).mode & 0o077
  if (mode !== 0 && process.platform !== 'win32') throw new SealError(`${path} can be read by others: chmod 600 it`)
  const [current, ...older] = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line, index) => toKey(line, `key ${index + 1} of ${path}`))
  if (current === undefined)
    throw new SealError(`${path} holds no key; restore it from your backup, the secrets in the database cannot be read without it`)
  return [current, ...older]
}

/** Whole or not at all, and never over another: of two processes that start at once one makes the key and both read it. */
function makeKeyFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  chmodSync(draft, 0o600)
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  } finally {
    rmSync(draft)
  }
}

function toKey(line: string, place: string): Buffer {
  const key = Buffer.from(line, 'base64')
  if (key.length === 32) return key
  throw new SealError(`${place} has ${key.length} bytes instead of 32; restore it from your backup`)
}
