import { describe, expect, test } from 'vitest'
import { claim, openStore, putItem, takeLane } from '../../test/support/store.ts'
import { changeConnection, createConnection, findConnection, listConnections } from './connections.ts'
import { addSettingsVersion, newestSettingsVersion } from './settings-versions.ts'

describe('a connection', () => {
  test('begins in set-up, with nothing', async () => {
    await using store = await openStore()
    const id = await store.write((tx) => createConnection(tx, 'shop-2', 'qwerty', 2, store.now()))
    expect(await findConnection(store.database, store.seal, id)).toEqual({
      id,
      name: 'shop-2',
      shopKey: 'qwerty',
      accountId: null,
      mode: 'setup',
      proofOrder: null,
      switchedOnAt: null,
      shop: { endpoint: null, secrets: [], installation: null, host: null, clockOffsetMs: 0, profile: null, lastExchangeAt: null },
      settings: {},
    })
    expect(await findConnection(store.database, store.seal, 'nobody')).toBeUndefined()
  })

  test('changes only what is named', async () => {
    await using store = await openStore()
    const { connection, account } = store
    const switchedOnAt = new Date(store.now())
    const change = { mode: 'paused', proofOrder: '7', switchedOnAt, settings: { name: 'x' }, profile: { name: 'Shop' } } as const
    await store.write((tx) => changeConnection(tx, store.seal, connection, { ...change, endpoint: 'https://shop.example/e' }, store.now()))
    await store.write((tx) =>
      changeConnection(tx, store.seal, connection, { position: 5, shopKey: 'zzzzzz', proofOrder: null }, store.now()),
    )
    expect(await findConnection(store.database, store.seal, connection)).toMatchObject({
      accountId: account,
      mode: 'paused',
      proofOrder: null,
      shopKey: 'zzzzzz',
      switchedOnAt,
      settings: { name: 'x' },
      shop: { endpoint: 'https://shop.example/e', profile: { name: 'Shop' } },
    })
  })

  test('keeps its secrets sealed, newest first', async () => {
    await using store = await openStore()
    await store.write((tx) => changeConnection(tx, store.seal, store.connection, { secrets: ['whsec_new', 'whsec_old'] }, store.now()))
    expect((await findConnection(store.database, store.seal, store.connection))?.shop.secrets).toEqual(['whsec_new', 'whsec_old'])
    expect(JSON.stringify(await store.database.read.selectFrom('connections').selectAll().execute())).not.toContain('whsec_')
  })

  test.each([
    { same: 'name', name: 'shop-1', shopKey: 'zzzzzz' },
    { same: 'shop key', name: 'shop-9', shopKey: 'abcde1' },
  ])('of the same $same as another is refused', async ({ name, shopKey }) => {
    await using store = await openStore()
    await expect(store.write((tx) => createConnection(tx, name, shopKey, 9, store.now()))).rejects.toThrow()
    expect(await listConnections(store.database, store.seal)).toHaveLength(1)
  })

  test('stands in the order of the settings file', async () => {
    await using store = await openStore()
    await store.addConnection('shop-2', store.account, 'on')
    await store.write((tx) => changeConnection(tx, store.seal, store.connection, { position: 9 }, store.now()))
    expect((await listConnections(store.database, store.seal)).map(({ name }) => name)).toEqual(['shop-2', 'shop-1'])
  })

  test('takes its waiting items along to another account', async () => {
    await using store = await openStore()
    await putItem(store)
    const second = await store.addAccount('second')
    await store.write((tx) => changeConnection(tx, store.seal, store.connection, { accountId: second }, store.now()))
    expect(await claim(store, await takeLane(store))).toEqual([])
    expect(await claim(store, await takeLane(store, 'us', 30_000, second))).toHaveLength(1)
  })
})

describe('versions of the settings', () => {
  test('count up from nothing', async () => {
    await using store = await openStore()
    expect(await newestSettingsVersion(store.database)).toBe(0)
    for (const version of [1, 2]) await store.write((tx) => addSettingsVersion(tx, version, 'ivan', [], store.now()))
    expect(await newestSettingsVersion(store.database)).toBe(2)
  })

  test('of two people who applied the same next one at once the second is refused', async () => {
    await using store = await openStore()
    const results = await Promise.allSettled(
      ['ivan', 'anna'].map((author) => store.write((tx) => addSettingsVersion(tx, 1, author, [], store.now()))),
    )
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await newestSettingsVersion(store.database)).toBe(1)
  })
})
