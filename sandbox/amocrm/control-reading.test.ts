import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { rowsOf, startFixture } from './testing/fixture.ts'

const Version = z.object({ version: z.int() })

describe('control of other processes', () => {
  test('sees a version that grows with each change and with no reading', async () => {
    await using amo = await startFixture()
    const version = async () => Version.parse((await amo.get('/_control/version')).body).version
    const start = await version()
    await amo.get('/leads')
    expect(await version()).toBe(start)
    await amo.post('/leads', [{ name: 'A' }])
    const made = await version()
    expect(made).toBeGreaterThan(start)
    await amo.control('move-lead', { id: amo.amo.world.leads()[0]?.id, pipelineId: 7_000_001, statusId: 142 })
    expect(await version()).toBeGreaterThan(made)
  })

  test('is closed to pages of other sites', async () => {
    await using amo = await startFixture()
    const ask = (origin: string) => amo.send('POST', '/_control/reset-limits', {}, { origin })
    expect((await ask('https://evil.example.test')).status).toBe(403)
    expect((await ask(amo.amo.url)).status).toBe(200)
  })

  test('fills a base of contacts that the search finds, without events', async () => {
    await using amo = await startFixture({ searchLagMs: 0 })
    await amo.control('create-contacts', { count: 300 })
    expect(rowsOf(await amo.get('/contacts?query=%2B79000000300'))).toMatchObject([{ custom_fields_values: expect.any(Array) }])
    expect(rowsOf(await amo.get('/contacts?limit=250&page=2'))).toHaveLength(50)
    expect((await amo.get('/events')).status).toBe(204)
  })

  test('a lead’s own address leads to the board', async () => {
    await using amo = await startFixture()
    const answer = await fetch(`${amo.amo.url}/leads/detail/4200001`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/#deal-4200001'])
    expect((await fetch(`${amo.amo.url}/board/..%2femulator.ts`)).status).toBe(404)
  })
})

describe('faults', () => {
  test('refuse a field until they are cleared', async () => {
    await using amo = await startFixture()
    const write = [{ custom_fields_values: [{ field_id: 500_001, values: [{ value: 'x' }] }] }]
    amo.amo.faults.refuseField({ entity: 'leads', fieldId: 500_001 })
    expect((await amo.post('/leads', write)).status).toBe(400)
    amo.amo.faults.clear()
    expect((await amo.post('/leads', write)).status).toBe(200)
  })

  test('of payment stop writes alone', async () => {
    await using amo = await startFixture()
    amo.amo.world.setPayment(false)
    expect((await amo.post('/leads', [{ name: 'A' }])).status).toBe(402)
    expect((await amo.get('/leads')).status).toBe(204)
    amo.amo.world.setPayment(true)
    expect((await amo.post('/leads', [{ name: 'A' }])).status).toBe(200)
  })
})
