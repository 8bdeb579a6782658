import type { ApiRequest } from './api-request.ts'
import { hal, noContent, type Reply, refuse } from './reply.ts'
import { accountHost } from './world/account.ts'
import type { Direction } from './world/sorted-ids.ts'
import type { OrderKey } from './world/store.ts'

export interface Page {
  page: number
  limit: number
  offset: number
}

/** 50 unless told; a larger limit than the highest is cut down to it. */
export function pageOf({ query }: ApiRequest, maxLimit = 250): Page {
  const page = wholeNumber(query.scalar('page') ?? '1', 'page')
  const limit = Math.min(wholeNumber(query.scalar('limit') ?? '50', 'limit'), maxLimit)
  return { page, limit, offset: (page - 1) * limit }
}

function wholeNumber(text: string, name: string): number {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : refuse(400, `Invalid ${name}`)
}

export interface Order {
  key: OrderKey
  direction: Direction
}

/** Only the documented orders; anything else is a mistake of the client. */
export function orderOf<K extends OrderKey>({ query }: ApiRequest, allowed: readonly K[], fallback: Order): Order {
  const asked = query.keys('order')[0]
  if (asked === undefined) return fallback
  const key = allowed.find((name) => name === asked)
  const direction = query.scalar('order', asked)
  if (key === undefined || (direction !== 'asc' && direction !== 'desc')) refuse(400, `Invalid order ${asked}`)
  return { key, direction }
}

export function selfLink(request: ApiRequest, path: string): { self: { href: string } } {
  return { self: { href: `https://${accountHost(request.account)}${path}` } }
}

/**
 * A page of a collection; 204 when it is empty. `rows` holds one row more than the limit if there are more.
 * No totals: leads, contacts and companies never tell them.
 */
export function pageReply(request: ApiRequest, { page, limit }: Page, key: string, rows: readonly unknown[]): Reply {
  if (rows.length === 0) return noContent
  const link = (number: number) => ({ href: `https://${accountHost(request.account)}${request.path}${pageQuery(request, number, limit)}` })
  const hasNext = rows.length > limit || request.habits.alwaysNext
  const links = {
    self: link(page),
    ...(hasNext ? { next: link(page + 1) } : {}),
    ...(page > 1 ? { first: link(1), prev: link(page - 1) } : {}),
  }
  return hal({ _page: page, _links: links, _embedded: { [key]: rows.slice(0, limit) } })
}

function pageQuery({ query }: ApiRequest, page: number, limit: number): string {
  const search = query.scalar('query')
  const params = new URLSearchParams({ ...(search === undefined ? {} : { query: search }), limit: String(limit), page: String(page) })
  return `?${params}`
}

/** A collection that is short enough to come whole, with its count. */
export function wholeReply(request: ApiRequest, key: string, rows: readonly unknown[], status = 200): Reply {
  if (rows.length === 0) return noContent
  return hal({ _total_items: rows.length, _links: selfLink(request, request.path), _embedded: { [key]: rows } }, status)
}

/** The part of `rows` on this page and, if there is more, one row after it. */
export function cut<T>(rows: readonly T[], { offset, limit }: Page): T[] {
  return rows.slice(offset, offset + limit + 1)
}

/** As `cut`, for rows that are found one by one. */
export function cutFound<T>(rows: Iterable<T>, { offset, limit }: Page): T[] {
  const found: T[] = []
  let seen = 0
  for (const row of rows) {
    seen += 1
    if (seen > offset) found.push(row)
    if (found.length > limit) break
  }
  return found
}
