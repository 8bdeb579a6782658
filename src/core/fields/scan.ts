/** Where an argument begins, a quote mark opens a quoted text; anywhere else it is a letter like others. */
const opensArgument = /[([{,:]\s*$/u

/** Position of the first `mark` at or after `from` that stands outside quotes and round brackets; -1 where there is none. */
export function findOutside(text: string, mark: string, from = 0): number {
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charAt(at)
    if ((sign === '"' || sign === "'") && (at === from || opensArgument.test(text.slice(from, at)))) {
      const closing = text.indexOf(sign, at + 1)
      if (closing < 0) return -1
      at = closing
    } else if (depth === 0 && text.startsWith(mark, at)) return at
    else if (sign === '(') depth += 1
    else if (sign === ')') depth = Math.max(0, depth - 1)
  }
  return -1
}

/** The pieces between the marks, each with its place in the text. */
export function splitOutside(text: string, mark: string): { text: string; at: number }[] {
  const pieces: { text: string; at: number }[] = []
  let at = 0
  for (;;) {
    const end = findOutside(text, mark, at)
    pieces.push({ text: end < 0 ? text.slice(at) : text.slice(at, end), at })
    if (end < 0) return pieces
    at = end + mark.length
  }
}

/** The inside of `"…"` or `'…'`; a text without quotes stays as it stands. */
export function unquote(text: string): string {
  const quoted = /^\s*(["'])(.*)\1\s*$/su.exec(text)
  return quoted?.[2] ?? text
}
