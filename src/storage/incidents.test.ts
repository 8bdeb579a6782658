import { describe, expect, test } from 'vitest'
import { openStore, type Store } from '../../test/support/store.ts'
import type { NewIncident } from '../ports/incidents.ts'
import { closeIncident, closeIncidents, listIncidents, openIncident } from './incidents.ts'

const open = (store: Store, change: Partial<NewIncident> = {}) => {
  const incident = { connection: store.connection, code: 'order-failed', entity: 'order:1', params: {}, ...change }
  return store.write((tx) => openIncident(tx, incident, store.now()))
}
const listOpen = (store: Store) => listIncidents(store.database, { closedToo: false, limit: 10 })

describe('an incident', () => {
  test('that happens again while it is open counts, and shows the newest words', async () => {
    await using store = await openStore()
    const openedAt = new Date(store.now())
    for (let times = 1; times <= 3; times += 1) {
      await open(store, { params: { times } })
      store.pass(1_000)
    }
    const lastAt = new Date(store.now() - 1_000)
    expect(await listOpen(store)).toMatchObject([{ count: 3, params: { times: 3 }, openedAt, lastAt, closedAt: null }])
  })

  test('of the whole installation, of another entity or code is another one', async () => {
    await using store = await openStore()
    for (const change of [{}, { connection: null }, { connection: null }, { entity: 'order:2' }, { code: 'deal-gone' }])
      await open(store, change)
    expect((await listOpen(store)).map(({ count }) => count).toSorted()).toEqual([1, 1, 1, 2])
    expect(await listIncidents(store.database, { connection: store.connection, closedToo: true, limit: 2 })).toHaveLength(2)
  })

  test('that mended itself is closed, and opens anew when it comes back', async () => {
    await using store = await openStore()
    const { connection } = store
    await open(store)
    await open(store, { entity: 'order:2' })
    await store.write((tx) => closeIncidents(tx, { connection, code: 'order-failed', entity: 'order:1' }, store.now()))
    expect(await listOpen(store)).toMatchObject([{ entity: 'order:2' }])
    await open(store)
    expect((await listOpen(store)).find(({ entity }) => entity === 'order:1')?.count).toBe(1)
    await store.write((tx) => closeIncidents(tx, { connection, code: 'order-failed' }, store.now()))
    expect(await listOpen(store)).toEqual([])
    expect(await listIncidents(store.database, { closedToo: true, limit: 10 })).toHaveLength(3)
  })

  test('is closed by a person once', async () => {
    await using store = await openStore()
    await open(store)
    const [incident] = await listOpen(store)
    const close = () => store.write((tx) => closeIncident(tx, incident?.id ?? '', store.now()))
    expect([await close(), await close()]).toEqual([true, false])
  })
})
