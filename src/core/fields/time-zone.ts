/** A moment as a wall clock shows it. */
export interface WallTime {
  year: number
  /** 1 to 12. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** An IANA name such as `Europe/Moscow`, or an offset such as `+03:00`. */
export function isTimeZone(name: string): boolean {
  try {
    clockOf(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export const timeZoneNames = (): string[] => Intl.supportedValuesOf('timeZone')

export function wallTimeAt(at: Date, timeZone: string): WallTime {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
  return { year, month, day, hour, minute, second }
}

/** The instant at which clocks of the zone show this; of an hour that comes twice, the first. */
export function instantOf(wall: WallTime, timeZone: string): Date {
  const asUtc = utcMs(wall)
  const firstGuess = asUtc - offsetMs(asUtc, timeZone)
  return new Date(asUtc - offsetMs(firstGuess, timeZone))
}

/** What a wall clock in UTC would show, as milliseconds since 1970. */
export const utcMs = ({ year, month, day, hour, minute, second }: WallTime) => Date.UTC(year, month - 1, day, hour, minute, second)

const offsetMs = (atMs: number, timeZone: string) => utcMs(wallTimeAt(new Date(atMs), timeZone)) - Math.floor(atMs / 1000) * 1000

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const digits = 'numeric'
  const made = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: digits,
    month: digits,
    day: digits,
    hour: digits,
    minute: digits,
    second: digits,
  })
  clocks.set(timeZone, made)
  return made
}
