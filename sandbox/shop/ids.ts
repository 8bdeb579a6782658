/** Gives `count` unpredictable bytes. Ids must differ even between two shops started with one seed at one frozen moment. */
export type Entropy = (count: number) => Uint8Array

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 26 characters: ten of time, sixteen of chance. */
export function createUlid(nowMs: number, entropy: Entropy): string {
  let time = ''
  for (let rest = nowMs, place = 0; place < 10; place += 1, rest = Math.floor(rest / 32)) time = crockford.charAt(rest % 32) + time
  let chance = ''
  for (const byte of entropy(16)) chance += crockford.charAt(byte % 32)
  return time + chance
}

export function createHex(bytes: number, entropy: Entropy): string {
  return Buffer.from(entropy(bytes)).toString('hex')
}
