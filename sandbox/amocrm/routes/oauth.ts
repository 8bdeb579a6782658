import { json, type Reply } from '../reply.ts'
import { type Grant, lives, type TokenPair, type Tokens } from '../tokens.ts'
import type { Account } from '../world/account.ts'

/** What a token request brings; form or JSON, all values strings. */
export interface TokenRequest {
  fields: Record<string, unknown>
  /** Account named by the host, if it names one. */
  hostAccount: Account | undefined
  nowSec: number
}

const hints = {
  'code-expired': [400, 'Authorization code has expired'],
  'code-used': [400, 'Authorization code has been revoked'],
  'code-unknown': [400, 'Cannot decrypt the authorization code'],
  client: [400, 'Check the `client_id` parameter'],
  secret: [400, 'Check the `client_secret` parameter'],
  redirect: [400, 'Redirect URI is not associated with client'],
  account: [400, 'Invalid account'],
  'grant-type': [400, 'Check the `grant_type` parameter'],
  revoked: [401, 'Token has been revoked'],
  'refresh-unknown': [401, 'Invalid refresh token'],
} as const

function oauthProblem(kind: keyof typeof hints): Reply {
  const [status, hint] = hints[kind]
  const body = {
    hint,
    title: 'Некорректный запрос',
    type: 'https://developers.amocrm.ru/v3/errors/OAuthProblemJson',
    status,
    detail: 'В запросе отсутствует ряд параметров или параметры невалидны',
  }
  return { ...json(body, status), headers: { 'content-type': 'application/problem+json' } }
}

/** POST /oauth2/access_token. Source: "oAuth 2.0"; errors as users report them. */
export function answerTokenRequest(tokens: Tokens, { fields, hostAccount, nowSec }: TokenRequest): Reply {
  const { integration } = tokens
  if (fields.client_id !== integration.clientId) return oauthProblem('client')
  if (fields.client_secret !== integration.clientSecret) return oauthProblem('secret')
  if (fields.redirect_uri !== integration.redirectUri) return oauthProblem('redirect')
  if (fields.grant_type === 'authorization_code') return byCode(tokens, String(fields.code), hostAccount, nowSec)
  if (fields.grant_type === 'refresh_token') return byRefresh(tokens, String(fields.refresh_token), hostAccount, nowSec)
  return oauthProblem('grant-type')
}

function byCode(tokens: Tokens, code: string, hostAccount: Account | undefined, nowSec: number): Reply {
  const grant = tokens.spendCode(code)
  if (typeof grant === 'string') return oauthProblem(`code-${grant}`)
  if (isForeign(grant, hostAccount)) return oauthProblem('account')
  return pairReply(tokens.pairFor(grant), nowSec)
}

/** Single use: of two that refresh at once the second is refused. */
function byRefresh(tokens: Tokens, refresh: string, hostAccount: Account | undefined, nowSec: number): Reply {
  const stored = tokens.findRefresh(refresh)
  if (stored !== undefined && isForeign(stored, hostAccount)) return oauthProblem('account')
  if (!tokens.integration.isEnabled) return oauthProblem('revoked')
  const spent = tokens.spendRefresh(refresh)
  if (spent === 'unknown') return oauthProblem('refresh-unknown')
  return typeof spent === 'string' ? oauthProblem('revoked') : pairReply(spent.pair, nowSec)
}

const isForeign = ({ accountId }: Grant, hostAccount: Account | undefined) => hostAccount !== undefined && hostAccount.id !== accountId

function pairReply({ access, refresh }: TokenPair, nowSec: number): Reply {
  const body = {
    token_type: 'Bearer',
    expires_in: lives.accessMs / 1000,
    server_time: nowSec,
    access_token: access,
    refresh_token: refresh,
  }
  return json(body)
}

/** GET /oauth2/account/current/subdomain: by a refresh token, which it does not spend. Source: "Информация о домене аккаунта". */
export function answerSubdomain(tokens: Tokens, refresh: string, accounts: ReadonlyMap<number, Account>): Reply {
  const grant = tokens.findRefresh(refresh)
  const account = grant === undefined ? undefined : accounts.get(grant.accountId)
  if (account === undefined) return oauthProblem('revoked')
  const { id, subdomain } = account
  return json({ id, subdomain, domain: `${subdomain}.amocrm.ru`, top_level_domain: 'ru' })
}
