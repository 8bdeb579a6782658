import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of one test; gone with it. */
export function openTempFolder(): { path(name: string): string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'amobridge-'))
  return { path: (name) => join(folder, name), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
