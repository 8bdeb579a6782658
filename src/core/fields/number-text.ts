const currencySigns = /[₽$€]|руб\.?|р\.?$/giu

/** "1 234,50", "1,234.50", "1.234,50 ₽" and "1234.5" alike, as a plain decimal text; null: no number, or one that could be read in two ways. */
export function readNumber(text: string): string | null {
  const bare = text.replace(currencySigns, '').replace(/[\s']/gu, '').replace(/^[−–]/u, '-')
  const plain = withDecimalPoint(bare)
  return plain !== null && /^[+-]?\d+(\.\d+)?$/.test(plain) ? plain.replace(/^\+/, '') : null
}

/** The last of both signs is the decimal one; one that repeats only groups thousands. */
function withDecimalPoint(text: string): string | null {
  const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')]
  if (comma >= 0 && point >= 0) {
    const [groups, decimal] = comma > point ? ['.', ','] : [',', '.']
    return text.indexOf(decimal) === text.lastIndexOf(decimal) ? text.replaceAll(groups, '').replace(decimal, '.') : null
  }
  const sign = comma >= 0 ? ',' : '.'
  return text.indexOf(sign) === text.lastIndexOf(sign) ? text.replace(sign, '.') : groupsOfThree(text, sign)
}

function groupsOfThree(text: string, sign: string): string | null {
  const [first = '', ...rest] = text.split(sign)
  return /^[+-]?\d{1,3}$/.test(first) && rest.every((group) => /^\d{3}$/.test(group)) ? first + rest.join('') : null
}

/** To a whole number, half upwards, exactly whatever the length. */
export function roundHalfUp(decimal: string): string {
  const [, sign = '', whole = '0', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(decimal) ?? []
  const value = BigInt(`${sign === '-' ? '-' : ''}${whole}`)
  const up = sign === '-' ? /^(?:[6-9]|5\d*[1-9])/.test(fraction) : /^[5-9]/.test(fraction)
  return String(up ? value + (sign === '-' ? -1n : 1n) : value)
}
