import type { Query } from './query.ts'
import { refuse } from './reply.ts'
import { isObject } from './validation.ts'
import type { Account } from './world/account.ts'
import type { Author } from './world/edit.ts'
import type { User } from './world/model.ts'

/** What differs between accounts and opinions about the real service. */
export interface Habits {
  /** PATCH of one entity that is missing: nobody has published what comes. In a batch the missing ones are left out. */
  missingPatch: 204 | 404 | 400
  /** `status_id: 143` and `loss_reason_id` in one PATCH: the docs show it, users report a refusal. */
  lossReasonWithStatus: 'refused' | 'accepted'
  /** `next` even after the last row; the page after it is 204. */
  alwaysNext: boolean
  /** Whose writes those of an integration are: 0, or the user who gave the token. */
  apiAuthor: 'robot' | 'user'
}

export const defaultHabits: Habits = { missingPatch: 204, lossReasonWithStatus: 'refused', alwaysNext: false, apiAuthor: 'robot' }

/** One authorised call of API v4. */
export interface ApiRequest {
  readonly account: Account
  /** Whose rights count: the token's user, or the one of X-Context-User-ID. */
  readonly user: User
  readonly author: Author
  /** With /api/v4, without the query. */
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown
  readonly habits: Habits
}

export const idOf = (request: ApiRequest) => Number(request.params.id)

export function requireAdmin({ user }: ApiRequest): void {
  if (!user.isAdmin) refuse(403, 'Forbidden')
}

const writeLimit = 250

/** Items of a write to a collection. */
export function requireItems({ body }: ApiRequest, missing = 'Request data can not be empty'): unknown[] {
  if (body === undefined || body === null || (isObject(body) && Object.keys(body).length === 0)) refuse(400, missing)
  if (!Array.isArray(body)) refuse(400, 'Request data should be an array')
  if (body.length === 0) refuse(400, missing)
  if (body.length > writeLimit) refuse(422, 'Limit 250 per page')
  return body
}

/** PATCH of a collection takes an array only, PATCH of an item an object only; crossed is 405. */
export function requirePatchItems(request: ApiRequest): unknown[] {
  if (isObject(request.body) && Object.keys(request.body).length > 0) refuse(405, 'Method not allowed')
  return requireItems(request)
}

export function requirePatchObject({ body }: ApiRequest): Record<string, unknown> {
  if (Array.isArray(body)) refuse(405, 'Method not allowed')
  if (!isObject(body) || Object.keys(body).length === 0) refuse(400, 'Request data can not be empty')
  return body
}
