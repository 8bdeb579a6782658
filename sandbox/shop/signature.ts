import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a signature covers beside the raw body. `timestamp` is the header as it came: seconds since 1970, in digits. */
export interface Stamp {
  id: string
  timestamp: string
}

/** Standard Webhooks signatures, one for each secret (`whsec_` + base64), separated by spaces. */
export function sign(secrets: readonly string[], stamp: Stamp, body: string | Buffer): string {
  return secrets.map((secret) => `v1,${mac(secret, stamp, body).toString('base64')}`).join(' ')
}

/** Whether any signature of the header was made with any of the secrets. Says nothing about time. */
export function isSigned(secrets: readonly string[], stamp: Stamp, body: string | Buffer, header: string): boolean {
  const given = header
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'))
  return secrets.some((secret) => {
    const expected = mac(secret, stamp, body)
    return given.some((candidate) => candidate.length === expected.length && timingSafeEqual(candidate, expected))
  })
}

function mac(secret: string, stamp: Stamp, body: string | Buffer): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(`${stamp.id}.${stamp.timestamp}.`).update(body).digest()
}
