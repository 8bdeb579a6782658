import { expect, test } from 'vitest'
import { unreadableCronPart } from './cron.ts'

test.each(['0 4 * * *', '*/15 * * * *', '0 9-18/2 * * mon-fri', '0,30 0 1 jan,jul 7', ' 5  4 31 12 0 '])('"%s" is a schedule', (schedule) =>
  expect(unreadableCronPart(schedule)).toBeUndefined(),
)

test.each([
  ['0 25 * * *', '25'],
  ['60 * * * *', '60'],
  ['0 4 0 * *', '0'],
  ['0 4 * 13 *', '13'],
  ['0 4 * * 8', '8'],
  ['*/0 * * * *', '*/0'],
  ['5-1 * * * *', '5-1'],
  ['1- * * * *', '1-'],
  ['a * * * *', 'a'],
  ['0 4 * *', '0 4 * *'],
  ['', '""'],
])('"%s" is none because of %s', (schedule, part) => expect(unreadableCronPart(schedule)).toBe(part))
