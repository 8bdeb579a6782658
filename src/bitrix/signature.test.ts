import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import vectors from '../../test/fixtures/bridge-signatures.json' with { type: 'json' }
import { isFresh, isSigned, readSignedHeaders, sign } from './signature.ts'

const { secret, rotatedSecret } = vectors
const headersOf = ({ id, timestamp }: { id: string; timestamp: number }, signature: string) => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signature,
})

describe('signatures', () => {
  test.each(vectors.valid)('$note: made byte for byte', (vector) => {
    const { id, timestamp, body } = vector
    expect(sign([secret], id, timestamp, body)).toEqual(headersOf(vector, vector.signature))
    expect(sign([rotatedSecret, secret], id, timestamp, body)).toEqual(headersOf(vector, vector.duringRotation))
  })

  test.each(vectors.valid)('$note: either secret of a rotation verifies', (vector) => {
    const raw = Buffer.from(vector.body)
    const rotating = headersOf(vector, vector.duringRotation)
    for (const known of [[secret], [rotatedSecret], [rotatedSecret, secret]]) expect(isSigned(known, rotating, raw)).toBe(true)
    expect(isSigned([rotatedSecret], headersOf(vector, vector.signature), raw)).toBe(false)
    expect(isSigned([], rotating, raw)).toBe(false)
  })

  test.each(vectors.invalid)('$note is refused', (vector) => {
    expect(isSigned([secret], headersOf(vector, vector.signature), vector.body)).toBe(false)
  })

  test('the reference implementation takes what we sign', () => {
    const body = '{"name":"Кофемашина"}'
    const signed = { ...sign([secret], 'msg_1', Math.floor(Date.now() / 1000), body) }
    expect(new Webhook(secret).verify(body, signed)).toEqual({ name: 'Кофемашина' })
  })
})

describe(isFresh, () => {
  test.each([
    { note: 'the very moment', timestamp: '1764000000', fresh: true },
    { note: 'the oldest that counts', timestamp: '1763999700', fresh: true },
    { note: 'too old', timestamp: '1763999699', fresh: false },
    { note: 'the newest that counts', timestamp: '1764000300', fresh: true },
    { note: 'too new', timestamp: '1764000301', fresh: false },
    { note: 'in words', timestamp: 'now', fresh: false },
    { note: 'negative', timestamp: '-1764000000', fresh: false },
  ])('$note: $fresh', ({ timestamp, fresh }) => {
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': 'v1,AA==' }
    expect(isFresh(headers, 1_764_000_000_000)).toBe(fresh)
  })
})

describe(readSignedHeaders, () => {
  const whole = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1764000000', 'webhook-signature': 'v1,AA==' }
  test.each([
    { note: 'no id', headers: { ...whole, 'webhook-id': undefined } },
    { note: 'an id with a space', headers: { ...whole, 'webhook-id': 'msg 1' } },
    { note: 'an id too long', headers: { ...whole, 'webhook-id': 'm'.repeat(201) } },
    { note: 'no timestamp', headers: { ...whole, 'webhook-timestamp': undefined } },
    { note: 'no signature', headers: { ...whole, 'webhook-signature': '' } },
  ])('$note cannot be read', ({ headers }) => {
    const known: Record<string, string | undefined> = headers
    expect(readSignedHeaders((name) => known[name])).toBeUndefined()
  })

  test('reads all three', () => {
    const known: Record<string, string> = whole
    expect(readSignedHeaders((name) => known[name])).toEqual(whole)
  })
})
