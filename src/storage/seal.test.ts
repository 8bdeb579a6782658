import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSeal, SealError } from './seal.ts'

const key = (byte: number) => Buffer.alloc(32, byte)
const seal = createSeal([key(1)])

describe(createSeal, () => {
  test('gives back what it closed, and never closes it the same way twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (secret, owner) => {
        const sealed = seal.close(secret, owner)
        expect(seal.open(sealed, owner)).toBe(secret)
        expect(seal.close(secret, owner)).not.toBe(sealed)
      }),
    )
  })

  test('shows nothing of the secret', () => {
    expect(Buffer.from(seal.close('a-refresh-token', 'a').split('.')[2] ?? '', 'base64').includes('a-refresh-token')).toBe(false)
  })

  test('refuses a record whose bytes were changed, wherever', () => {
    const [version, id, packed = ''] = seal.close('secret', 'owner').split('.')
    const bytes = Buffer.from(packed, 'base64')
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Buffer.from(bytes)
        changed[place] = (changed[place] ?? 0) ^ change
        expect(() => seal.open([version, id, changed.toString('base64')].join('.'), 'owner')).toThrow(SealError)
      }),
    )
  })

  test('refuses a record that was cut, at any length', () => {
    const sealed = seal.close('secret', 'owner')
    // The last character is padding: without it the record is whole.
    for (let length = 0; length < sealed.length - 2; length += 1)
      expect(() => seal.open(sealed.slice(0, length), 'owner')).toThrow(SealError)
  })

  test("refuses another owner's record", () => {
    expect(() => seal.open(seal.close('secret', 'account:1:token'), 'account:2:token')).toThrow(/account:2:token cannot be read/)
  })

  test('refuses a key that is not here, and says whose secret it was and what to give', () => {
    const opening = () => createSeal([key(2)]).open(seal.close('secret', 'account:1:token'), 'account:1:token')
    expect(opening).toThrow(SealError)
    expect(opening).toThrow(/account:1:token.*Give the key file/)
  })

  test('a rotated key opens what the older one closed, and tells what to close anew', () => {
    const rotated = createSeal([key(2), key(1)])
    const old = seal.close('secret', 'a')
    expect(rotated.open(old, 'a')).toBe('secret')
    expect(rotated.isStale(old)).toBe(true)
    expect(rotated.isStale(rotated.close('secret', 'a'))).toBe(false)
    expect(() => seal.open(rotated.close('secret', 'a'), 'a')).toThrow(SealError)
  })

  test.each([0, 16, 31, 33])('refuses a key of %i bytes', (length) => {
    expect(() => createSeal([Buffer.alloc(length)])).toThrow(/32 bytes/)
  })
})
