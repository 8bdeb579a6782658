import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds that the two clocks may differ. */
const toleranceSec = 300
/** More are ignored: a rotation needs two. */
const mostSignatures = 10

export interface SignedHeaders {
  'webhook-id': string
  /** Whole seconds. */
  'webhook-timestamp': string
  'webhook-signature': string
}

/** Signs as the Standard Webhooks specification says: HMAC-SHA256 of `id.timestamp.body`, one signature per secret while a secret is rotated. */
export function sign(secrets: readonly string[], id: string, timestampSec: number, body: string | Buffer): SignedHeaders {
  const signature = secrets.map((secret) => `v1,${mac(secret, id, String(timestampSec), body).toString('base64')}`).join(' ')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestampSec), 'webhook-signature': signature }
}

/** True when any of the signatures was made with any of our secrets. Constant time in the signature's content. The age is checked by `isFresh`. */
export function isSigned(secrets: readonly string[], headers: SignedHeaders, body: string | Buffer): boolean {
  const given = headers['webhook-signature']
    .split(' ', mostSignatures)
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'))
  let signed = false
  for (const secret of secrets) {
    const expected = mac(secret, headers['webhook-id'], headers['webhook-timestamp'], body)
    for (const signature of given) if (signature.length === expected.length && timingSafeEqual(signature, expected)) signed = true
  }
  return signed
}

export function isFresh(headers: SignedHeaders, nowMs: number): boolean {
  const timestamp = Number(headers['webhook-timestamp'])
  return /^\d{1,12}$/.test(headers['webhook-timestamp']) && Math.abs(nowMs / 1000 - timestamp) <= toleranceSec
}

/** undefined: the request or answer is not signed at all. */
export function readSignedHeaders(header: (name: string) => string | undefined): SignedHeaders | undefined {
  const [id = '', timestamp, signature] = [header('webhook-id'), header('webhook-timestamp'), header('webhook-signature')]
  // The id is stored and comes back in a header: printable characters without spaces.
  if (!timestamp || !signature || !/^[!-~]{1,200}$/.test(id)) return undefined
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
}

function mac(secret: string, id: string, timestamp: string, body: string | Buffer): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
}
