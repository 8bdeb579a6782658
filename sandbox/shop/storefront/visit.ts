import type { IncomingMessage, ServerResponse } from 'node:http'
import { header } from '../http.ts'
import { createHex, type Entropy } from '../ids.ts'
import type { Touch } from '../model.ts'
import { type Language, languages, type Messages, messages } from './messages.ts'

/** What the shop keeps for one browser. */
interface Session {
  readonly cart: Map<string, number>
  readonly orderIds: string[]
  /** Shown once on the next page. */
  notice: { kind: 'good' | 'bad'; text: string } | null
}

/** One request of a visitor: who, in which language, and by which advertisement they came. */
export interface Visit {
  readonly session: Session
  readonly language: Language
  readonly texts: Messages
  readonly touch: Touch
  readonly url: URL
}

const maxSessions = 10_000
const maxTouchBytes = 1024
const touchCookie = 'shop_touch'
const marks = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term', 'yclid', 'gclid'] as const

export function createVisits(entropy: Entropy, baseUrl: string) {
  const sessions = new Map<string, Session>()

  function sessionOf(cookies: ReadonlyMap<string, string>, response: ServerResponse): Session {
    const known = sessions.get(cookies.get('shop_session') ?? '')
    if (known !== undefined) return known
    const id = createHex(16, entropy)
    const session: Session = { cart: new Map(), orderIds: [], notice: null }
    sessions.set(id, session)
    const [oldest] = sessions.keys()
    if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest)
    setCookie(response, 'shop_session', id, 30)
    return session
  }

  return function open(request: IncomingMessage, response: ServerResponse, nowMs: number): Visit {
    const cookies = readCookies(header(request, 'cookie'))
    const url = new URL(request.url ?? '/', baseUrl)
    const asked = url.searchParams.get('lang') ?? cookies.get('shop_lang')
    const language = languages.find((known) => known === asked) ?? 'ru'
    if (url.searchParams.has('lang')) setCookie(response, 'shop_lang', language, 365)
    const touch = touchOf(cookies.get(touchCookie), url, header(request, 'referer'), nowMs)
    if (touch.isNew) setCookie(response, touchCookie, JSON.stringify(touch.value), 90)
    return { session: sessionOf(cookies, response), language, texts: messages[language], touch: touch.value, url }
  }
}

/** First and last visit by an advertisement; a visit without marks changes neither. */
function touchOf(cookie: string | undefined, url: URL, referrer: string, nowMs: number): { value: Touch; isNew: boolean } {
  const stored = parseTouch(cookie)
  const found = marks.flatMap((mark) => {
    const value = url.searchParams.get(mark)
    return value === null ? [] : [[mark, value.slice(0, 100)] as const]
  })
  if (found.length === 0) return { value: stored, isNew: false }
  const last = {
    at: new Date(nowMs).toISOString(),
    ...Object.fromEntries(found),
    landing: (url.origin + url.pathname).slice(0, 150),
    referrer: referrer === '' ? null : referrer.slice(0, 150),
  }
  return { value: { first: stored.first ?? last, last }, isNew: true }
}

/** What a browser sends is anybody's: known keys, strings and a kilobyte are believed. */
function parseTouch(cookie: string | undefined): Touch {
  if (cookie === undefined || Buffer.byteLength(cookie) > 2 * maxTouchBytes) return {}
  try {
    const parsed: unknown = JSON.parse(cookie)
    if (typeof parsed !== 'object' || parsed === null) return {}
    return { first: 'first' in parsed ? knownMarks(parsed.first) : null, last: 'last' in parsed ? knownMarks(parsed.last) : null }
  } catch {
    return {}
  }
}

function knownMarks(value: unknown): Record<string, string> | null {
  if (typeof value !== 'object' || value === null) return null
  const keys: readonly string[] = [...marks, 'at', 'landing', 'referrer']
  const known = Object.entries(value).flatMap(([key, text]) =>
    keys.includes(key) && typeof text === 'string' ? [[key, text.slice(0, 150)] as const] : [],
  )
  return known.length === 0 ? null : Object.fromEntries(known)
}

function readCookies(text: string): Map<string, string> {
  const pairs = text.split('; ').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at), decode(pair.slice(at + 1))] as const] : []
  })
  return new Map(pairs)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function setCookie(response: ServerResponse, name: string, value: string, days: number): void {
  response.appendHeader('set-cookie', `${name}=${encodeURIComponent(value)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${days * 86_400}`)
}
