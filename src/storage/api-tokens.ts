import { createHash } from 'node:crypto'
import type { ApiToken } from '../ports/api-tokens.ts'
import type { Database, Transaction } from './database.ts'

/** A token is 32 random bytes: its plain hash tells nothing about it, and finding by hash leaks nothing by time. */
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** False: the name is taken. */
export async function putApiToken(tx: Transaction, name: string, token: string, nowMs: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('api_tokens')
    .values({ name, hash: hashOf(token), created_at: nowMs })
    .onConflict((oc) => oc.column('name').doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** False: there is none of that name. */
export async function removeApiToken(tx: Transaction, name: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('api_tokens').where('name', '=', name).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function listApiTokens(database: Database): Promise<ApiToken[]> {
  const rows = await database.read.selectFrom('api_tokens').select(['name', 'created_at']).orderBy('name').execute()
  return rows.map(({ name, created_at }) => ({ name, createdAt: new Date(created_at) }))
}

export async function isApiToken(database: Database, token: string): Promise<boolean> {
  const row = await database.read.selectFrom('api_tokens').select('name').where('hash', '=', hashOf(token)).executeTakeFirst()
  return row !== undefined
}
