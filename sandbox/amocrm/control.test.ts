import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { request, startFixture } from './testing/fixture.ts'

const Made = z.object({ ok: z.literal(true), result: z.looseObject({ id: z.int() }) })

describe('control over HTTP', () => {
  test('acts as a person: makes, moves, edits, deletes, merges', async () => {
    await using amo = await startFixture()
    const make = async (verb: string, body: object) => Made.parse((await amo.control(verb, body)).body).result.id
    const contact = await make('create-contact', { firstName: 'Анна', phone: '+79990001122', by: 9000003 })
    const lead = await make('create-lead', { name: 'A', contactId: contact, fields: { SHOP_ORDER_ID: '1' } })
    await amo.control('move-lead', { id: lead, pipelineId: 7000001, statusId: 60000004, by: 9000003 })
    await amo.control('edit-contact', { id: contact, phone: '+79990003344', email: 'a@example.test' })
    await amo.control('add-note', { kind: 'leads', id: lead, text: 'Позвонить' })
    const { world } = amo.amo
    expect(world.lead(lead)).toMatchObject({ statusId: 60000004, updatedBy: 9000003, createdBy: 9000002 })
    expect(world.contact(contact)).toMatchObject({ createdBy: 9000003, fields: { PHONE: ['+79990003344'], EMAIL: ['a@example.test'] } })
    const other = await make('create-lead', {})
    await amo.control('merge-leads', { from: other, into: lead })
    await amo.control('delete-lead', { id: lead })
    expect([world.lead(other)?.place, world.lead(lead)?.place]).toEqual(['gone', 'bin'])
    await amo.control('restore-lead', { id: lead })
    expect(world.leads()).toHaveLength(1)
  })

  test('plans faults, moves the clock, refuses fields, spoils users and enums', async () => {
    await using amo = await startFixture({ nowMs: () => 1_767_225_600_000 })
    await amo.control('fault', { match: { pathPattern: '^/api/v4/account' }, do: '504' })
    expect((await amo.get('/account')).status).toBe(504)
    expect((await amo.control('clock', { moveMs: 5000 })).body).toMatchObject({ result: { nowMs: 1_767_225_605_000 } })
    await amo.control('refuse-field', { entity: 'leads', field: 'price' })
    expect((await amo.post('/leads', [{ price: 1 }])).status).toBe(400)
    await amo.control('accept-fields')
    await amo.control('deactivate-user', { id: 9000003 })
    expect((await amo.post('/leads', [{ responsible_user_id: 9000003 }])).status).toBe(400)
    await amo.control('delete-enum', { kind: 'leads', id: 500002, enumId: 800001 })
    expect((await amo.post('/leads', [{ custom_fields_values: [{ field_id: 500002, values: [{ enum_id: 800001 }] }] }])).status).toBe(400)
    await amo.control('filters', { on: true, account: 31000002 })
    expect([amo.amo.world.account.filtersOn, amo.amo.world.of(31000002).account.filtersOn]).toEqual([false, true])
  })

  test('dumps the state and the requests as they arrived', async () => {
    await using amo = await startFixture()
    await amo.post('/leads', [{ name: 'A' }, { name: 'B' }])
    await amo.get('/leads/4200001')
    expect((await amo.get('/_control/state')).body).toMatchObject({ account: { id: 31000001 }, leads: [{ name: 'A' }, { name: 'B' }] })
    expect((await amo.get('/_control/requests')).body).toMatchObject({
      total: 2,
      byRoute: { 'POST /api/v4/leads': 1, 'GET /api/v4/leads/{id}': 1 },
      byAnswer: { 200: 2 },
      requests: [
        { method: 'POST', path: '/api/v4/leads', items: 2, status: 200, bodySummary: '[{"name":"A"},{"name":"B"}]' },
        { items: 0 },
      ],
    })
  })

  test('says what is wrong', async () => {
    await using amo = await startFixture()
    expect(await amo.control('dance')).toMatchObject({ status: 404 })
    expect(await amo.control('move-lead', { id: 'x' })).toMatchObject({ status: 400, body: { ok: false } })
    expect(await amo.control('delete-lead', { id: 1 })).toMatchObject({ status: 400, body: { error: 'no such entity: leads 1' } })
  })
})

describe('main.ts', () => {
  test('tells where it listens, takes the fixed token and ends on SIGTERM', async () => {
    const main = fileURLToPath(new URL('./main.ts', import.meta.url))
    const child = spawn(process.execPath, [main, '--port', '0', '--token', 'fixed'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = z.tuple([z.string()]).parse(await once(createInterface(child.stdout), 'line'))
    const url = /^amoCRM emulator: (http:\/\/127\.0\.0\.1:\d+) /.exec(line)?.[1]
    expect((await request(`${url}/api/v4/account`, 'GET', undefined, { authorization: 'Bearer fixed' })).status).toBe(200)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
