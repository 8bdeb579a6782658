import { z } from 'zod'
import type { Directory } from '../core/directory.ts'
import { type AccountId, accountId } from '../core/ids.ts'
import { ulid } from '../core/ulid.ts'
import type { Account, AccountState } from '../ports/accounts.ts'
import type { Database, Transaction } from './database.ts'
import type { Seal } from './seal.ts'

const owner = (id: string) => `account:${id}:token`

interface AccountRow {
  id: string
  base_url: string
  client_id: string
  amo_account_id: number | null
  subdomain: string | null
  directory: string | null
  directory_at: number | null
  state: string
  state_reason: string | null
}

const StateName = z.enum(['new', 'ready', 'unauthorised', 'unpaid', 'banned'])

function toAccount(row: AccountRow): Account {
  return {
    id: accountId(row.id),
    baseUrl: row.base_url,
    amoAccountId: row.amo_account_id,
    subdomain: row.subdomain,
    // Written by us from a parsed answer; a reader of another version reads it anew from amoCRM.
    directory: row.directory === null ? null : (JSON.parse(row.directory) as Directory),
    directoryAt: row.directory_at === null ? null : new Date(row.directory_at),
    state: StateName.parse(row.state),
    stateReason: row.state_reason,
  }
}

/** Finds the account seen through this integration, or begins one. */
export async function putAccount(tx: Transaction, seenThrough: { baseUrl: string; clientId: string }, nowMs: number): Promise<AccountId> {
  const known = await tx
    .selectFrom('accounts')
    .select('id')
    .where('base_url', '=', seenThrough.baseUrl)
    .where('client_id', '=', seenThrough.clientId)
    .executeTakeFirst()
  if (known) return accountId(known.id)
  const id = ulid(nowMs, Math.random)
  await tx
    .insertInto('accounts')
    .values({
      id,
      base_url: seenThrough.baseUrl,
      client_id: seenThrough.clientId,
      amo_account_id: null,
      subdomain: null,
      token_sealed: null,
      directory: null,
      directory_at: null,
      state: 'new',
      state_reason: null,
      state_at: nowMs,
      created_at: nowMs,
      updated_at: nowMs,
    })
    .execute()
  return accountId(id)
}

export async function saveToken(tx: Transaction, seal: Seal, account: AccountId, token: string, nowMs: number): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ token_sealed: seal.close(token, owner(account)), updated_at: nowMs })
    .where('id', '=', account)
    .execute()
}

export async function findToken(database: Database, seal: Seal, account: AccountId): Promise<string | undefined> {
  const row = await database.read.selectFrom('accounts').select('token_sealed').where('id', '=', account).executeTakeFirst()
  return row?.token_sealed == null ? undefined : seal.open(row.token_sealed, owner(account))
}

export async function saveDirectory(tx: Transaction, account: AccountId, directory: Directory, nowMs: number): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({
      directory: JSON.stringify(directory),
      directory_at: nowMs,
      amo_account_id: directory.amoAccountId,
      subdomain: directory.subdomain,
      updated_at: nowMs,
    })
    .where('id', '=', account)
    .execute()
}

export async function saveAccountState(
  tx: Transaction,
  account: AccountId,
  state: AccountState,
  reason: string | null,
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ state, state_reason: reason, state_at: nowMs, updated_at: nowMs })
    .where('id', '=', account)
    .execute()
}

export async function findAccount(database: Database, id: AccountId): Promise<Account | undefined> {
  const row = await database.read.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toAccount(row)
}

export async function listAccounts(database: Database): Promise<Account[]> {
  return (await database.read.selectFrom('accounts').selectAll().orderBy('id').execute()).map(toAccount)
}
