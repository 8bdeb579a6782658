const ranges = [
  { name: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', least: 0, most: 23, names: [] },
  { name: 'day', least: 1, most: 31, names: [] },
  { name: 'month', least: 1, most: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  { name: 'weekday', least: 0, most: 7, names: 'sun mon tue wed thu fri sat'.split(' ') },
] as const

type Range = { least: number; most: number; names: readonly string[] }

/** The part of a five-part schedule that cannot be read; undefined: all of it is right. */
export function unreadableCronPart(schedule: string): string | undefined {
  const parts = schedule.trim().split(/\s+/)
  if (parts.length !== ranges.length) return schedule.trim() || '""'
  return parts.find((part, index) => {
    const range = ranges[index]
    return range === undefined || !part.split(',').every((item) => isCronItem(item, range))
  })
}

/** `*`, `5`, `1-5`, `mon-fri`, each with an optional step `/2`. */
function isCronItem(item: string, range: Range): boolean {
  const [span = '', step, ...more] = item.split('/')
  if (more.length > 0 || (step !== undefined && !(/^\d{1,2}$/.test(step) && Number(step) > 0))) return false
  if (span === '*') return true
  const [from, to, ...rest] = span.split('-').map((end) => cronNumber(end, range))
  if (from === undefined || rest.length > 0 || !span) return false
  return span.includes('-') ? to !== undefined && from <= to : true
}

function cronNumber(text: string, { least, most, names }: Range): number | undefined {
  const named = names.indexOf(text.toLowerCase())
  if (named >= 0) return named + least
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}
