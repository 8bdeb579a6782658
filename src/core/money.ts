const decimal = /^([+-]?)(\d+)(?:\.(\d*))?$/

/** A decimal string in hundredths, exactly; digits beyond them are rounded half away from zero. undefined: not a number. */
export function toKopecks(money: string): bigint | undefined {
  const match = decimal.exec(money.trim())
  if (!match) return undefined
  const [, sign, whole = '0', fraction = ''] = match
  const hundredths = BigInt(whole) * 100n + BigInt(fraction.slice(0, 2).padEnd(2, '0'))
  const rounded = hundredths + (Number(fraction.charAt(2)) >= 5 ? 1n : 0n)
  return sign === '-' ? -rounded : rounded
}

/** Whole roubles, half a rouble upwards: what a deal's price can hold (docs/facts/amocrm.md#price). */
export function toWholeRoubles(kopecks: bigint): bigint {
  const shifted = kopecks + 50n
  const floor = shifted / 100n
  return shifted < 0n && shifted % 100n !== 0n ? floor - 1n : floor
}

/** `money` in another currency, in hundredths; `rate` is what one unit costs. */
export function convertKopecks(kopecks: bigint, rate: number): bigint {
  const scale = 1_000_000
  return (kopecks * BigInt(Math.round(rate * scale)) + BigInt(scale / 2)) / BigInt(scale)
}

/** "15 990,50" as Russian readers write it; kopecks only where there are any. */
export function formatMoney(money: string): string {
  const kopecks = toKopecks(money)
  if (kopecks === undefined) return money
  const absolute = kopecks < 0n ? -kopecks : kopecks
  const whole = (absolute / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ' ')
  const rest = absolute % 100n
  return `${kopecks < 0n ? '−' : ''}${whole}${rest === 0n ? '' : `,${rest.toString().padStart(2, '0')}`}`
}
