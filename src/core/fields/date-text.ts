import { instantOf, utcMs, type WallTime, wallTimeAt } from './time-zone.ts'

/** A date as somebody wrote it. `wall` is what a clock in the given zone shows; a date without a time belongs to no zone. */
export interface ReadDate {
  wall: WallTime
  at: Date
  hasTime: boolean
}

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i
const russian = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/

/** RFC 3339, `2026-11-23`, `2026-11-23 14:05`, `23.11.2026`, `23.11.2026 14:05`; times without a zone are the given zone's. null: no date, or none that exists. */
export function readDate(text: string, timeZone = 'UTC'): ReadDate | null {
  const written = text.trim()
  const isoParts = iso.exec(written)
  if (isoParts) {
    const [, year, month, day, hour, minute, second, offset] = isoParts
    return toRead(toWall(year, month, day, hour, minute, second), hour !== undefined, offset, timeZone)
  }
  const [, day, month, year, hour, minute, second] = russian.exec(written) ?? []
  return day === undefined ? null : toRead(toWall(year, month, day, hour, minute, second), hour !== undefined, undefined, timeZone)
}

function toWall(year?: string, month?: string, day?: string, hour?: string, minute?: string, second?: string): WallTime {
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
  }
}

function toRead(wall: WallTime, hasTime: boolean, offset: string | undefined, timeZone: string): ReadDate | null {
  if (!exists(wall)) return null
  if (!hasTime) return { wall, at: new Date(utcMs(wall)), hasTime }
  if (offset === undefined) return { wall, at: instantOf(wall, timeZone), hasTime }
  const at = new Date(utcMs(wall) - offsetMinutes(offset) * 60_000)
  return { wall: wallTimeAt(at, timeZone), at, hasTime }
}

function exists(wall: WallTime): boolean {
  const { year, month, day, hour, minute, second } = wall
  const date = new Date(utcMs({ ...wall, hour: 0, minute: 0, second: 0 }))
  return (
    date.getUTCFullYear() === year &&
    date.getUTCMonth() + 1 === month &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  )
}

function offsetMinutes(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? []
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
}

const knownParts = /yyyy|yy|dd|d|MM|M|HH|H|mm|ss/g

/** `dd.MM.yyyy HH:mm`: yyyy yy MM M dd d HH H mm ss; anything else stands as it is. */
export function formatDate(wall: WallTime, pattern: string): string {
  const two = (part: number) => String(part).padStart(2, '0')
  const parts: Record<string, string> = {
    yyyy: String(wall.year).padStart(4, '0'),
    yy: two(wall.year % 100),
    MM: two(wall.month),
    M: String(wall.month),
    dd: two(wall.day),
    d: String(wall.day),
    HH: two(wall.hour),
    H: String(wall.hour),
    mm: two(wall.minute),
    ss: two(wall.second),
  }
  return pattern.replace(knownParts, (part) => parts[part] ?? part)
}

/** Latin letters of a pattern that mean nothing; empty when all are known. */
export const unknownDateLetters = (pattern: string) => pattern.replace(knownParts, '').replace(/[^A-Za-z]/g, '')
