import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLimits } from './limits.ts'
import { type Fixture, startFixture } from './testing/fixture.ts'

const frozen = { nowMs: () => 1_767_225_600_000, requestsPerSecond: 7, accountRequestsPerSecond: 50 }

async function statuses(amo: Fixture, count: number, headers: Record<string, string> = {}): Promise<number[]> {
  const found: number[] = []
  for (let sent = 0; sent < count; sent += 1) found.push((await amo.get('/account', headers)).status)
  return found
}

describe('limits', () => {
  test('let 7 requests of an integration through in any second, then answer the page of the gateway', async () => {
    await using amo = await startFixture(frozen)
    expect(await statuses(amo, 8)).toEqual([200, 200, 200, 200, 200, 200, 200, 429])
    const page = await amo.get('/account')
    expect(page).toMatchObject({ status: 429, type: 'text/html' })
    expect(page.text).toContain('<h1>429 Too Many Requests</h1>')
    expect(page.headers.get('retry-after')).toBeNull()
    amo.amo.clock.advance(999)
    expect((await amo.get('/account')).status).toBe(429)
    amo.amo.clock.advance(1)
    expect((await amo.get('/account')).status).toBe(200)
    expect(amo.amo.maxInAnySecond()).toBe(10)
  })

  test('count each integration by itself and all of an account together', async () => {
    await using amo = await startFixture({ ...frozen, accountRequestsPerSecond: 10 })
    const other = { authorization: `Bearer ${amo.amo.tokens.issuePair().access}` }
    const elsewhere = { authorization: `Bearer ${amo.amo.tokens.longLived(31000002)}` }
    expect((await statuses(amo, 7)).at(-1)).toBe(200)
    expect(await statuses(amo, 4, other)).toEqual([200, 200, 200, 429])
    expect(await statuses(amo, 1, elsewhere)).toEqual([200])
  })

  test('can answer JSON with retry_after or a Retry-After header', async () => {
    await using amo = await startFixture({ ...frozen, requestsPerSecond: 1 })
    await amo.get('/account')
    amo.amo.limits.configure({ answer: 'json', retryAfterSec: 300 })
    expect(await amo.get('/account')).toMatchObject({
      status: 429,
      type: 'application/problem+json',
      body: { retry_after: 300, title: 'Too Many Requests' },
    })
    amo.amo.limits.configure({ answer: 'header' })
    expect((await amo.get('/account')).headers.get('retry-after')).toBe('300')
  })

  test('close the account with 403 after the 20th violation, until somebody lifts it', async () => {
    await using amo = await startFixture({ ...frozen, requestsPerSecond: 1 })
    expect((await statuses(amo, 21)).at(-1)).toBe(429)
    amo.amo.clock.advance(60_000)
    expect(await amo.get('/account')).toMatchObject({ status: 403, type: 'text/html' })
    const { refresh } = amo.amo.tokens.issuePair()
    expect((await amo.post('/oauth2/access_token', { refresh_token: refresh })).status).toBe(403)
    await amo.control('reset-limits')
    expect((await amo.get('/account')).status).toBe(200)
  })

  test('forget violations after a minute', async () => {
    await using amo = await startFixture({ ...frozen, requestsPerSecond: 1 })
    await statuses(amo, 20)
    amo.amo.clock.advance(60_000)
    expect(await statuses(amo, 3)).toEqual([200, 429, 429])
  })

  test('no second ever holds more accepted requests than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 200 }), (gaps) => {
        const limits = createLimits({ requestsPerSecond: 7, accountRequestsPerSecond: 50 })
        limits.configure({ violationsToBan: Infinity })
        let nowMs = 0
        const accepted = gaps.flatMap((gap) => {
          nowMs += gap
          return limits.check(1, 'c', nowMs) === undefined ? [nowMs] : []
        })
        return accepted.every((at) => accepted.filter((other) => other > at - 1000 && other <= at).length <= 7)
      }),
    )
  })
})
