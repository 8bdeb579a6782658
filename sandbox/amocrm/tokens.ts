import type { MovableClock } from './clock.ts'
import { type Random, randomHex } from './random.ts'

/** An integration as its card in the account describes it. */
interface Integration {
  clientId: string
  clientSecret: string
  redirectUri: string
  isEnabled: boolean
}

export interface Grant {
  readonly accountId: number
  readonly userId: number
  readonly client: string
}

interface AccessToken extends Grant {
  expiresAtMs: number
  isRevoked: boolean
}

interface OneTime extends Grant {
  expiresAtMs: number
  isUsed: boolean
  /** Access token issued together with a refresh token. */
  access?: string
}

type TokenFault = 'unknown' | 'expired' | 'used'
export interface TokenPair {
  access: string
  refresh: string
}

export interface Tokens {
  readonly integration: Integration
  /** The account's long-lived token: valid for five years, never refreshed. */
  longLived(accountId?: number): string
  /** A new authorization code, as after a click on "allow". */
  issueCode(accountId?: number, userId?: number): string
  /** A pair as after a whole authorization. */
  issuePair(accountId?: number, userId?: number): TokenPair
  expireAll(): void
  revokeAll(): void
  /** Undefined for a token that is unknown, expired or revoked. */
  findGrant(access: string): Grant | undefined
  spendCode(code: string): Grant | TokenFault
  /** Rotates: the old pair is dead, the new one is returned. */
  spendRefresh(refresh: string): { grant: Grant; pair: TokenPair } | TokenFault
  /** Does not spend it. */
  findRefresh(refresh: string): Grant | undefined
  pairFor(grant: Grant): TokenPair
}

export interface TokenOptions {
  clock: MovableClock
  random: Random
  /** First account's long-lived token, if it must be known beforehand. */
  fixedToken: string | undefined
  accounts: readonly { id: number; adminId: number }[]
  /** Claim `api_domain` of access tokens. */
  apiDomain: () => string
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Source: "oAuth 2.0", lives of codes and tokens. */
export const lives = { codeMs: 20 * minuteMs, accessMs: dayMs, refreshMs: 90 * dayMs, longLivedMs: 5 * 365 * dayMs }

export function createTokens({ clock, random, fixedToken, accounts, apiDomain }: TokenOptions): Tokens {
  const integration: Integration = {
    clientId: '0f1e2d3c-0000-4000-8000-000000000001',
    clientSecret: 'SECRET',
    redirectUri: 'https://sync.example.test/amo/callback',
    isEnabled: true,
  }
  const access = new Map<string, AccessToken>()
  const refreshes = new Map<string, OneTime>()
  const codes = new Map<string, OneTime>()
  const longLived = new Map<number, string>()

  function grantFor(accountId = accounts[0]?.id ?? 0, userId?: number): Grant {
    const account = accounts.find(({ id }) => id === accountId)
    return { accountId, userId: userId ?? account?.adminId ?? 0, client: integration.clientId }
  }

  function addAccess(grant: Grant, lifeMs: number, text = jwt(grant, lifeMs)): string {
    access.set(text, { ...grant, expiresAtMs: clock.nowMs() + lifeMs, isRevoked: false })
    return text
  }

  function jwt({ accountId, userId, client }: Grant, lifeMs: number): string {
    const nowSec = clock.nowSec()
    const claims = {
      aud: client,
      jti: randomHex(random, 64),
      iat: nowSec,
      nbf: nowSec,
      exp: nowSec + lifeMs / 1000,
      sub: String(userId),
      grant_type: '',
      account_id: accountId,
      base_domain: 'amocrm.ru',
      api_domain: apiDomain(),
      version: 2,
      scopes: ['crm', 'notifications'],
      hash_uuid: randomHex(random, 32),
    }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.${randomHex(random, 256)}`
  }

  function pairFor(grant: Grant): TokenPair {
    const pair = { access: addAccess(grant, lives.accessMs), refresh: `def50200${randomHex(random, 200)}` }
    refreshes.set(pair.refresh, { ...grant, expiresAtMs: clock.nowMs() + lives.refreshMs, isUsed: false, access: pair.access })
    return pair
  }

  function spend(stock: Map<string, OneTime>, text: string): OneTime | TokenFault {
    const item = stock.get(text)
    if (item === undefined) return 'unknown'
    if (item.isUsed) return 'used'
    if (item.expiresAtMs <= clock.nowMs()) return 'expired'
    item.isUsed = true
    return item
  }

  function longLivedOf(accountId = accounts[0]?.id ?? 0): string {
    const known = longLived.get(accountId)
    if (known !== undefined) return known
    const fixed = accountId === accounts[0]?.id ? fixedToken : fixedToken && `${fixedToken}-${accountId}`
    const made = addAccess({ ...grantFor(accountId), client: `long-lived-${accountId}` }, lives.longLivedMs, fixed)
    longLived.set(accountId, made)
    return made
  }

  for (const { id } of accounts) longLivedOf(id)

  return {
    integration,
    longLived: longLivedOf,
    issueCode(accountId, userId) {
      const code = `def50200${randomHex(random, 120)}`
      codes.set(code, { ...grantFor(accountId, userId), expiresAtMs: clock.nowMs() + lives.codeMs, isUsed: false })
      return code
    },
    issuePair: (accountId, userId) => pairFor(grantFor(accountId, userId)),
    expireAll() {
      for (const token of access.values()) token.expiresAtMs = clock.nowMs()
    },
    revokeAll() {
      for (const token of access.values()) token.isRevoked = true
      for (const token of refreshes.values()) token.isUsed = true
    },
    findGrant(text) {
      const token = access.get(text)
      if (token === undefined || token.isRevoked || token.expiresAtMs <= clock.nowMs()) return undefined
      return integration.isEnabled ? token : undefined
    },
    spendCode: (code) => spend(codes, code),
    spendRefresh(refresh) {
      const spent = spend(refreshes, refresh)
      if (typeof spent === 'string') return spent
      const old = spent.access === undefined ? undefined : access.get(spent.access)
      if (old !== undefined) old.isRevoked = true
      return { grant: spent, pair: pairFor(spent) }
    },
    findRefresh(refresh) {
      const item = refreshes.get(refresh)
      return item === undefined || item.isUsed || item.expiresAtMs <= clock.nowMs() ? undefined : item
    },
    pairFor,
  }
}
