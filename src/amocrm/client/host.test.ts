import { describe, expect, test } from 'vitest'
import { toOrigin } from './host.ts'

describe(toOrigin, () => {
  test.each(['shop1.amocrm.ru', 'shop1.kommo.com', 'shop-1.amocrm.com'])('%s is an account', (host) => {
    expect(toOrigin({ host })).toBe(`https://${host}`)
  })

  test.each([
    'www.amocrm.ru',
    'www.kommo.com',
    'amocrm.ru',
    'shop1.amocrm.ru.evil.test',
    'evil.test/shop1.amocrm.ru',
    'a.b.amocrm.ru',
    'shop1.amocrm.ru:8443',
    'user@shop1.amocrm.ru',
    'SHOP1.amocrm.ru',
    'shop1.amocrm.ru\n',
    '',
  ])('%j is never sent a token', (host) => {
    expect(() => toOrigin({ host })).toThrow(/not the host of an amoCRM account/)
  })

  test.each([
    ['http://127.0.0.1:9101', 'http://127.0.0.1:9101'],
    ['http://127.1.2.3:80/', 'http://127.1.2.3'],
    ['http://[::1]:9101', 'http://[::1]:9101'],
    ['http://localhost:9101', 'http://localhost:9101'],
    ['https://127.0.0.1', 'https://127.0.0.1'],
  ])('baseUrl %s is on this machine', (baseUrl, origin) => expect(toOrigin({ baseUrl })).toBe(origin))

  test.each([
    'http://10.0.0.1:9101',
    'http://shop1.amocrm.ru',
    'http://127.0.0.1.evil.test',
    'http://localhost.evil.test',
    'http://[::ffff:127.0.0.1]:1',
    'http://0.0.0.0:9101',
    'ftp://127.0.0.1',
    'not a url',
  ])('baseUrl %s is refused', (baseUrl) => {
    expect(() => toOrigin({ baseUrl })).toThrow(/is refused: it serves emulators on this machine only/)
  })

  test.each(['http://user:pw@127.0.0.1', 'http://127.0.0.1/api', 'http://127.0.0.1/?a=1'])('baseUrl %s says too much', (baseUrl) => {
    expect(() => toOrigin({ baseUrl })).toThrow(/nothing more/)
  })
})
