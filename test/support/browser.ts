import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A real browser. `AMOBRIDGE_TEST_CHROMIUM` names another one. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env.AMOBRIDGE_TEST_CHROMIUM ?? places.find(existsSync)
  if (executablePath === undefined) throw new Error('no Chromium: install it (apt-get install chromium) or set AMOBRIDGE_TEST_CHROMIUM')
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}
