const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 26 characters that sort by time: 48 bits of ms since epoch, then 80 random bits from `random` (each call in 0..1). */
export function ulid(nowMs: number, random: () => number): string {
  let time = ''
  for (let rest = nowMs, digit = 0; digit < 10; digit += 1) {
    time = alphabet.charAt(rest % 32) + time
    rest = Math.floor(rest / 32)
  }
  let noise = ''
  for (let digit = 0; digit < 16; digit += 1) noise += alphabet.charAt(Math.floor(random() * 32))
  return time + noise
}
