import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toEmail } from './email.ts'
import { readPhone, toE164 } from './phone.ts'

describe(toE164, () => {
  test.each([
    ['8 (999) 000-11-22', '+79990001122'],
    ['+7 999 000 11 22', '+79990001122'],
    ['7 999 000-11-22', '+79990001122'],
    ['9990001122', '+79990001122'],
    ['+8 (999) 000-11-22', '+79990001122'],
    ['8 800 555-35-35', '+78005553535'],
    ['+375 29 123-45-67', '+375291234567'],
    ['8 701 123 45 67', '+77011234567'],
    ['+7 495 123-45-67 доб. 12', '+74951234567'],
    ['+998 90 123 45 67', '+998901234567'],
    ['123', null],
    ['+7 (000) 000-00-00', null],
    ['8 999 000-11-22, 8 999 000-11-33', null],
    ['нет телефона', null],
    ['', null],
  ])('%s', (text, e164) => expect(toE164(text)).toBe(e164))

  test('another country reads its own habits', () => expect(toE164('8 029 123-45-67', 'BY')).toBe('+375291234567'))

  test.each([
    ['+7 495 123-45-67 доб. 12', '12'],
    ['8 (495) 123-45-67 вн. 305', '305'],
    ['8 (495) 123-45-67, внутр. 7', '7'],
    ['+74951234567#12', '12'],
    ['+7 495 123-45-67', null],
  ])('%s keeps its extension apart', (text, extension) => expect(readPhone(text)).toEqual({ e164: '+74951234567', extension }))

  test('what was read once is read again the same', () => {
    const russian = fc.tuple(fc.constantFrom('8', '+7', '7', '', '8 (', '+8 ('), fc.integer({ min: 900_000_0000, max: 999_999_9999 }))
    const foreign = fc.tuple(fc.constantFrom('+375', '+998', '+380', '+1', '+77', ''), fc.stringMatching(/^[0-9 ()-]{7,14}$/))
    fc.assert(
      fc.property(fc.oneof(russian, foreign), ([start, rest]) => {
        const text = `${start}${rest}`
        const once = toE164(text)
        expect(toE164(once ?? text)).toBe(once)
      }),
    )
  })
})

describe(toEmail, () => {
  test.each([
    [' Anna@Example.TEST ', 'anna@example.test'],
    ['почта@пример.рф', 'почта@пример.рф'],
    ['a+b@example.co.uk', 'a+b@example.co.uk'],
    ['anna@', null],
    ['anna@example', null],
    ['a b@example.test', null],
    ['a..b@example.test', null],
    ['.a@example.test', null],
    ['a@.example.test', null],
    ['a@example.test,', null],
    ['a@example.test, b@example.test', null],
    [`${'a'.repeat(65)}@example.test`, null],
  ])('%s', (text, email) => expect(toEmail(text)).toBe(email))
})
