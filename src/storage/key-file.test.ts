import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startChild } from '../../test/support/child.ts'
import { openTempFolder } from '../../test/support/temp-folder.ts'
import { readKeyFile } from './key-file.ts'
import { SealError } from './seal.ts'

const child = new URL('../../test/support/children/read-key.ts', import.meta.url)
const line = (byte: number) => `${Buffer.alloc(32, byte).toString('base64')}\n`

describe(readKeyFile, () => {
  test('makes a key where there is none, for its owner alone, and keeps it', () => {
    using folder = openTempFolder()
    const path = folder.path('data/secret.key')
    const [key, ...older] = readKeyFile(path)
    expect(key).toHaveLength(32)
    expect(older).toEqual([])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
    expect(readKeyFile(path)).toEqual([key])
    expect(readdirSync(dirname(path))).toEqual(['secret.key'])
  })

  test('makes another key in another place', () => {
    using folder = openTempFolder()
    expect(readKeyFile(folder.path('a.key'))).not.toEqual(readKeyFile(folder.path('b.key')))
  })

  test('gives processes that start at once the same key', async () => {
    using folder = openTempFolder()
    const path = folder.path('data/secret.key')
    const children = Array.from({ length: 4 }, () => startChild(child, path))
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
    const kept = Buffer.from(readFileSync(path, 'utf8'), 'base64').toString('hex')
    expect(children.map((one) => one.output())).toEqual([kept, kept, kept, kept])
  })

  test('reads a rotated file: the current key first, older ones after it', () => {
    using folder = openTempFolder()
    const path = folder.path('secret.key')
    writeFileSync(path, `${line(2)}\n${line(1)}`, { mode: 0o600 })
    expect(readKeyFile(path)).toEqual([Buffer.alloc(32, 2), Buffer.alloc(32, 1)])
  })

  test.each([0o644, 0o640, 0o604, 0o620])('refuses a file of mode %o and says how to mend it', (mode) => {
    using folder = openTempFolder()
    const path = folder.path('secret.key')
    writeFileSync(path, line(1))
    chmodSync(path, mode)
    expect(() => readKeyFile(path)).toThrow(SealError)
    expect(() => readKeyFile(path)).toThrow(`${path} can be read by others: chmod 600 it`)
  })

  test.each([
    { what: 'an empty file', text: '\n', says: /holds no key; restore it from your backup/ },
    { what: 'a short key', text: `${Buffer.alloc(31).toString('base64')}\n`, says: /key 1 of .* has 31 bytes instead of 32/ },
    { what: 'a broken older key', text: `${line(1)}not-a-key\n`, says: /key 2 of .*instead of 32/ },
  ])('refuses $what and does not put another in its place', ({ text, says }) => {
    using folder = openTempFolder()
    const path = folder.path('secret.key')
    writeFileSync(path, text, { mode: 0o600 })
    expect(() => readKeyFile(path)).toThrow(SealError)
    expect(() => readKeyFile(path)).toThrow(says)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})
