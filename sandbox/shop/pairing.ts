import { z } from 'zod'
import type { Connection, ShopModule } from './module.ts'
import { toProfile } from './profile.ts'

const Paired = z.object({ connection: z.string().min(1), secret: z.string().startsWith('whsec_'), shopKey: z.string() })

/** The service did not take the code; the message is its own. */
export class PairingError extends Error {
  override name = 'PairingError'
}

/** Spends a code of the form `<public url>#<12 characters>` and gives the connection it opened. */
export async function pair(shop: ShopModule, endpoint: string, code: string, signal: AbortSignal): Promise<Connection> {
  const [serviceUrl = '', secretPart = ''] = code.trim().split('#')
  if (secretPart === '') throw new PairingError('Код должен выглядеть так: https://мост.example#XXXXXXXXXXXX')
  const body = { code: secretPart, endpoint, installation: shop.installation, host: shop.host, profile: toProfile(shop) }
  const base = requireSafeUrl(serviceUrl)
  const response = await fetch(`${base}/bridge/v1/pair`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  })
  const text = await response.text()
  if (response.status !== 200) throw new PairingError(`Сервис ответил ${response.status}: ${text.slice(0, 500)}`)
  const { connection, secret, shopKey } = Paired.parse(JSON.parse(text))
  return { serviceUrl: base, name: connection, secret, shopKey }
}

/** Plain HTTP only to this very machine. */
export function requireSafeUrl(text: string): string {
  const url = new URL(text)
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))
    throw new PairingError(`Адрес сервиса должен начинаться с https://: ${text}`)
  return url.href.replace(/\/+$/, '')
}
