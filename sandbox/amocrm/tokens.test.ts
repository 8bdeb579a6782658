import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AmoEmulator } from './emulator.ts'
import { request, requestAtHost, startFixture } from './testing/fixture.ts'

const Pair = z.object({
  token_type: z.literal('Bearer'),
  expires_in: z.literal(86400),
  server_time: z.int(),
  access_token: z.string(),
  refresh_token: z.string(),
})

const startMs = 1_767_225_600_000
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** `host` as a reverse proxy would pass it on. */
function grant(amo: AmoEmulator, fields: Record<string, string>, host?: string) {
  const { clientId, clientSecret, redirectUri } = amo.tokens.integration
  const body = { client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri, ...fields }
  const url = `${amo.url}/oauth2/access_token`
  return host === undefined ? request(url, 'POST', body, {}) : requestAtHost(host, url, 'POST', body, {})
}
const byCode = (amo: AmoEmulator, code: string) => grant(amo, { grant_type: 'authorization_code', code })
const byRefresh = (amo: AmoEmulator, refresh_token: string) => grant(amo, { grant_type: 'refresh_token', refresh_token })
const account = (amo: AmoEmulator, token: string) =>
  request(`${amo.url}/api/v4/account`, 'GET', undefined, { authorization: `Bearer ${token}` })

describe('authorization code', () => {
  test('is good for one pair within 20 minutes', async () => {
    await using fixture = await startFixture({ nowMs: () => startMs })
    const { amo } = fixture
    const code = amo.tokens.issueCode()
    amo.clock.advance(20 * minuteMs - 1)
    const pair = Pair.parse((await byCode(amo, code)).body)
    expect((await account(amo, pair.access_token)).status).toBe(200)
    expect(await byCode(amo, code)).toMatchObject({ status: 400, body: { hint: 'Authorization code has been revoked' } })
    const late = amo.tokens.issueCode()
    amo.clock.advance(20 * minuteMs)
    expect(await byCode(amo, late)).toMatchObject({ status: 400, body: { hint: 'Authorization code has expired' } })
  })

  test.each([
    { note: 'a mangled code', fields: { code: 'def%2050' }, hint: 'Cannot decrypt the authorization code' },
    { note: 'a foreign client', fields: { client_id: 'x' }, hint: 'Check the `client_id` parameter' },
    { note: 'a wrong secret', fields: { client_secret: 'x' }, hint: 'Check the `client_secret` parameter' },
    {
      note: 'another redirect URI',
      fields: { redirect_uri: 'https://sync.example.test/amo/callback/' },
      hint: 'Redirect URI is not associated with client',
    },
  ])('$note is 400', async ({ fields, hint }) => {
    await using fixture = await startFixture()
    const code = fixture.amo.tokens.issueCode()
    const answer = await grant(fixture.amo, { grant_type: 'authorization_code', code, ...fields })
    expect(answer).toMatchObject({
      status: 400,
      body: { hint, status: 400, type: 'https://developers.amocrm.ru/v3/errors/OAuthProblemJson' },
    })
  })

  test('belongs to the account of the host', async () => {
    await using fixture = await startFixture()
    const code = fixture.amo.tokens.issueCode(31000001)
    const answer = await grant(fixture.amo, { grant_type: 'authorization_code', code }, 'shop2.amocrm.ru')
    expect(answer).toMatchObject({ status: 400, body: { hint: 'Invalid account' } })
  })

  test('is taken in a form too', async () => {
    await using fixture = await startFixture()
    const { amo } = fixture
    const { clientId, clientSecret, redirectUri } = amo.tokens.integration
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: redirectUri,
      grant_type: 'authorization_code',
      code: amo.tokens.issueCode(),
    })
    const answer = await request(`${amo.url}/oauth2/access_token`, 'POST', String(form), {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(Pair.safeParse(answer.body).success).toBe(true)
  })
})

describe('access token', () => {
  test('lives a day; a dead or missing one is 401 with problem+json', async () => {
    await using fixture = await startFixture({ nowMs: () => startMs })
    const { amo } = fixture
    const { access } = amo.tokens.issuePair()
    amo.clock.advance(dayMs - 1)
    expect((await account(amo, access)).status).toBe(200)
    amo.clock.advance(1)
    expect(await account(amo, access)).toMatchObject({ status: 401, type: 'application/problem+json' })
    expect((await request(`${amo.url}/api/v4/account`, 'GET', undefined, {})).status).toBe(401)
  })

  test('decides the account; a long-lived one is there for each', async () => {
    await using fixture = await startFixture({ token: 'fixed' })
    const { amo } = fixture
    expect((await account(amo, 'fixed')).body).toMatchObject({ id: 31000001, subdomain: 'shop1' })
    expect((await account(amo, amo.tokens.longLived(31000002))).body).toMatchObject({ id: 31000002, subdomain: 'shop2' })
    const elsewhere = await requestAtHost('shop2.amocrm.ru', `${amo.url}/api/v4/account`, 'GET', {}, { authorization: 'Bearer fixed' })
    expect(elsewhere.status).toBe(401)
  })

  test.each(['expireAll', 'revokeAll'] as const)('%s ends every one', async (how) => {
    await using fixture = await startFixture()
    fixture.amo.tokens[how]()
    expect((await fixture.get('/account')).status).toBe(401)
  })
})

describe('refresh token', () => {
  test('is good once, rotates, and takes the old access token with it', async () => {
    await using fixture = await startFixture()
    const { amo } = fixture
    const old = amo.tokens.issuePair()
    const fresh = Pair.parse((await byRefresh(amo, old.refresh)).body)
    expect((await account(amo, old.access)).status).toBe(401)
    expect((await account(amo, fresh.access_token)).status).toBe(200)
    expect(await byRefresh(amo, old.refresh)).toMatchObject({
      status: 401,
      body: { hint: 'Token has been revoked', title: 'Некорректный запрос' },
    })
    expect((await byRefresh(amo, fresh.refresh_token)).status).toBe(200)
  })

  test('of two parallel refreshes one wins', async () => {
    await using fixture = await startFixture()
    const { refresh } = fixture.amo.tokens.issuePair()
    const statuses = (await Promise.all([byRefresh(fixture.amo, refresh), byRefresh(fixture.amo, refresh)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 401])
  })

  test('is spent although its answer was lost', async () => {
    await using fixture = await startFixture()
    const { amo } = fixture
    const { refresh } = amo.tokens.issuePair()
    amo.faults.plan({ match: { path: '/oauth2/access_token' }, do: 'reset', when: 'after' })
    await expect(byRefresh(amo, refresh)).rejects.toThrow()
    expect(await byRefresh(amo, refresh)).toMatchObject({ status: 401, body: { hint: 'Token has been revoked' } })
  })

  test('is unspent if the request never arrived', async () => {
    await using fixture = await startFixture()
    const { amo } = fixture
    const { refresh } = amo.tokens.issuePair()
    amo.faults.plan({ match: { path: '/oauth2/access_token' }, do: '504', when: 'before' })
    expect((await byRefresh(amo, refresh)).status).toBe(504)
    expect((await byRefresh(amo, refresh)).status).toBe(200)
  })

  test('dies after 90 days, with the integration, and as garbage', async () => {
    await using fixture = await startFixture({ nowMs: () => startMs })
    const { amo } = fixture
    const { refresh } = amo.tokens.issuePair()
    amo.tokens.integration.isEnabled = false
    expect(await byRefresh(amo, refresh)).toMatchObject({ status: 401, body: { hint: 'Token has been revoked' } })
    amo.tokens.integration.isEnabled = true
    amo.clock.advance(90 * dayMs)
    expect((await byRefresh(amo, refresh)).status).toBe(401)
    expect(await byRefresh(amo, 'garbage')).toMatchObject({ status: 401, body: { hint: 'Invalid refresh token' } })
  })

  test('finds the subdomain without being spent', async () => {
    await using fixture = await startFixture()
    const { amo } = fixture
    const { refresh } = amo.tokens.issuePair(31000002)
    const ask = (token: string) => request(`${amo.url}/oauth2/account/current/subdomain`, 'GET', undefined, { 'x-refresh-token': token })
    expect((await ask(refresh)).body).toEqual({ id: 31000002, subdomain: 'shop2', domain: 'shop2.amocrm.ru', top_level_domain: 'ru' })
    expect((await byRefresh(amo, refresh)).status).toBe(200)
    expect((await ask(refresh)).status).toBe(401)
  })
})
