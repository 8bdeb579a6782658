import { describe, expect, test } from 'vitest'
import { openStore } from '../../test/support/store.ts'
import type { Directory } from '../core/directory.ts'
import { findAccount, findToken, listAccounts, putAccount, saveAccountState, saveDirectory, saveToken } from './accounts.ts'
import { createSeal, SealError } from './seal.ts'

describe('an account', () => {
  test('is known by its address and integration, and begun once', async () => {
    await using store = await openStore()
    const put = (baseUrl: string, clientId: string) => store.write((tx) => putAccount(tx, { baseUrl, clientId }, store.now()))
    const id = await put('https://shop.amocrm.ru', 'one')
    expect(await put('https://shop.amocrm.ru', 'one')).toBe(id)
    expect(await put('https://shop.amocrm.ru', 'two')).not.toBe(id)
    expect(await listAccounts(store.database)).toHaveLength(3)
    expect(await findAccount(store.database, id)).toMatchObject({ id, state: 'new', amoAccountId: null, directory: null })
  })

  test('keeps its token sealed, for itself alone', async () => {
    await using store = await openStore()
    const second = await store.addAccount('second')
    expect(await findToken(store.database, store.seal, store.account)).toBeUndefined()
    await store.write((tx) => saveToken(tx, store.seal, store.account, 'a-secret-token', store.now()))
    expect(await findToken(store.database, store.seal, store.account)).toBe('a-secret-token')
    const rows = await store.database.read.selectFrom('accounts').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('a-secret-token')
    // A row copied to another account does not open there.
    const sealed = rows.find(({ id }) => id === store.account)?.token_sealed ?? null
    await store.write((tx) => tx.updateTable('accounts').set({ token_sealed: sealed }).where('id', '=', second).execute())
    await expect(findToken(store.database, store.seal, second)).rejects.toThrow(SealError)
    await expect(findToken(store.database, createSeal([Buffer.alloc(32, 9)]), store.account)).rejects.toThrow(SealError)
  })

  test('remembers how it stands and what it was read to hold', async () => {
    await using store = await openStore()
    const directory: Directory = {
      amoAccountId: 31_337,
      name: 'Shop',
      subdomain: 'first',
      currency: 'RUB',
      filtersOn: false,
      lossReasonsOn: true,
      users: null,
      pipelines: [],
      fields: [],
      lossReasons: [],
    }
    await store.write(async (tx) => {
      await saveDirectory(tx, store.account, directory, store.now())
      await saveAccountState(tx, store.account, 'unpaid', 'amoCRM answered 402', store.now())
    })
    expect(await findAccount(store.database, store.account)).toMatchObject({
      amoAccountId: 31_337,
      subdomain: 'first',
      directory,
      directoryAt: new Date(store.now()),
      state: 'unpaid',
      stateReason: 'amoCRM answered 402',
    })
  })
})
