import type { Language } from './messages/language.ts'

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

/** "15990.50": what toKopecks reads. */
export function toMoney(kopecks: bigint): string {
  const absolute = kopecks < 0n ? -kopecks : kopecks
  return `${kopecks < 0n ? '-' : ''}${absolute / 100n}.${(absolute % 100n).toString().padStart(2, '0')}`
}

/** Whole roubles, half a rouble upwards: what a deal's price can hold (docs/facts/amocrm.md#price). */
export function toWholeRoubles(kopecks: bigint): bigint {
  return floorDivide(kopecks + 50n, 100n)
}

/** `money` in another currency, in hundredths, half a hundredth upwards; `rate` is what one unit costs, to six digits. */
export function convertKopecks(kopecks: bigint, rate: number): bigint {
  const scale = 1_000_000
  return floorDivide(kopecks * BigInt(Math.round(rate * scale)) + BigInt(scale / 2), BigInt(scale))
}

/** Exact, in any order. undefined: one of them is not a number. */
export function sumMoney(parts: readonly string[]): string | undefined {
  let sum = 0n
  for (const part of parts) {
    const kopecks = toKopecks(part)
    if (kopecks === undefined) return undefined
    sum += kopecks
  }
  return toMoney(sum)
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend < 0n && dividend % divisor !== 0n ? quotient - 1n : quotient
}

const marks: Record<Language, { thousands: string; point: string; minus: string }> = {
  ru: { thousands: ' ', point: ',', minus: '−' },
  en: { thousands: ',', point: '.', minus: '−' },
}

/** "15 990,50" for Russian readers, "15,990.50" for English ones; kopecks only where there are any. What is no number stays as it is. */
export function formatMoney(money: string, language: Language = 'ru'): string {
  const kopecks = toKopecks(money)
  if (kopecks === undefined) return money
  const { thousands, point, minus } = marks[language]
  const absolute = kopecks < 0n ? -kopecks : kopecks
  const whole = (absolute / 100n).toString().replace(/\B(?=(\d{3})+$)/g, thousands)
  const rest = absolute % 100n
  return `${kopecks < 0n ? minus : ''}${whole}${rest === 0n ? '' : `${point}${rest.toString().padStart(2, '0')}`}`
}

const signs = new Map([
  ['RUB', '₽'],
  ['USD', '$'],
  ['EUR', '€'],
  ['KZT', '₸'],
])

/** "15 990,50 ₽"; a currency without a known sign shows its code. */
export function formatSum(money: string, currency: string, language: Language = 'ru'): string {
  return `${formatMoney(money, language)} ${signs.get(currency) ?? currency}`
}
