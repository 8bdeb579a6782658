/** Decimal string with two places: 1599000 -> "15990.00". */
export function toMoney(kopecks: number): string {
  const whole = Math.round(Math.abs(kopecks))
  const sign = kopecks < 0 && whole > 0 ? '-' : ''
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}

/** RFC 3339 in UTC, whole seconds: the shop's DATETIME columns keep no fractions. */
export function toInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

export function toQuantity(quantity: number): string {
  return String(Number(quantity.toFixed(4)))
}

export interface PersonName {
  firstName: string | null
  lastName: string | null
  middleName: string | null
}

const surname = /(ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|цкий|ская|цкая|ко|ук|юк|ян|дзе|швили|ых|их)$/i

/** Splits the one name field of a checkout as Russians fill it: «Имя», «Имя Фамилия», «Фамилия Имя», «Фамилия Имя Отчество». */
export function splitName(full: string): PersonName {
  const [first, second, ...rest] = full.trim().split(/\s+/)
  if (first === undefined || first === '') return { firstName: null, lastName: null, middleName: null }
  if (second === undefined) return { firstName: first, lastName: null, middleName: null }
  if (rest.length > 0) return { lastName: first, firstName: second, middleName: rest.join(' ') }
  return surname.test(first) && !surname.test(second)
    ? { lastName: first, firstName: second, middleName: null }
    : { firstName: first, lastName: second, middleName: null }
}
