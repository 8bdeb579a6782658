import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

export class SealError extends Error {
  override name = 'SealError'
}

/** Encrypts tokens and secrets at rest: AES-256-GCM, key id in the record, the owner's name as additional data, so that a row copied to another owner does not open. */
export interface Seal {
  close(secret: string, owner: string): string
  /** Throws SealError when the key is missing or the record was changed. */
  open(sealed: string, owner: string): string
  /** True when the record was made with an older key than the first. */
  isStale(sealed: string): boolean
}

const version = 'v1'

/** `keys`: 32 bytes each, the current one first, older ones kept to read what they closed. */
export function createSeal(keys: [Buffer, ...Buffer[]]): Seal {
  for (const key of keys) if (key.length !== 32) throw new SealError(`a secret key must have 32 bytes, not ${key.length}`)
  const byId = new Map(keys.map((key) => [keyId(key), key]))
  const current = keys[0]
  return {
    close(secret, owner) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(`${version}:${owner}`))
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return [version, keyId(current), Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')].join('.')
    },
    open(sealed, owner) {
      const [recordVersion, id = '', packed = ''] = sealed.split('.')
      const key = byId.get(id)
      if (recordVersion !== version || key === undefined) {
        throw new SealError(
          `the secret of ${owner} was closed with key ${id || '?'}, which is not here. Give the key file this database was made with.`,
        )
      }
      try {
        const bytes = Buffer.from(packed, 'base64')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
        decipher.setAAD(Buffer.from(`${version}:${owner}`)).setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new SealError(`the secret of ${owner} cannot be read: its record was changed or belongs to another owner`, { cause })
      }
    },
    isStale: (sealed) => sealed.split('.')[1] !== keyId(current),
  }
}

function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}
