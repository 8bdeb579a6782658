import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf, wallTimeAt } from './time-zone.ts'

test('what a clock shows leads back to the instant, except in the hour that comes twice', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Moscow', 'Asia/Kolkata', 'Asia/Vladivostok', 'America/Sao_Paulo')
  const seconds = fc.integer({ min: Date.UTC(2020, 0) / 1000, max: Date.UTC(2035, 0) / 1000 })
  fc.assert(
    fc.property(zones, seconds, (zone, second) => {
      const at = new Date(second * 1000)
      expect(instantOf(wallTimeAt(at, zone), zone)).toEqual(at)
    }),
  )
})

test('midnight is hour 0', () => expect(wallTimeAt(new Date('2026-11-22T21:00:00Z'), 'Europe/Moscow')).toMatchObject({ day: 23, hour: 0 }))
