import { describe, expect, test } from 'vitest'
import vectors from '../../test/fixtures/bridge-signatures.json' with { type: 'json' }
import { isSigned, sign } from './signature.ts'

const { secret, rotatedSecret } = vectors

describe('signatures of the shop', () => {
  test.each(vectors.valid)('$note: the same bytes as the reference', ({ id, timestamp, body, signature, duringRotation }) => {
    const stamp = { id, timestamp: String(timestamp) }
    expect(sign([secret], stamp, body)).toBe(signature)
    expect(sign([rotatedSecret, secret], stamp, body)).toBe(duringRotation)
    expect(isSigned([secret], stamp, body, duringRotation)).toBe(true)
    expect(isSigned([rotatedSecret], stamp, Buffer.from(body), duringRotation)).toBe(true)
  })

  test.each(vectors.invalid)('$note: refused', ({ id, timestamp, body, signature }) => {
    expect(isSigned([secret], { id, timestamp: String(timestamp) }, body, signature)).toBe(false)
  })
})
