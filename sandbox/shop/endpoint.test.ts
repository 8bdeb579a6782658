import { describe, expect, test } from 'vitest'
import { commandTypes } from './commands/run.ts'
import type { FaultChange } from './faults.ts'
import { type CallOptions, callRaw } from './testing/fake-service.ts'
import { buyer, startPair } from './testing/fixture.ts'

const pingCommand = { id: 'c1', type: 'ping', data: {} }

describe('exchange.php', () => {
  const refusals: { note: string; how: CallOptions; status: number; code: string; signed: boolean }[] = [
    { note: 'a wrong signature', how: { signWith: 'whsec_b3RoZXI=' }, status: 401, code: 'signature', signed: false },
    { note: 'an unknown connection', how: { connection: 'stranger' }, status: 401, code: 'signature', signed: false },
    { note: 'a clock 301 s behind', how: { timestampSec: 1_795_420_800 - 301 }, status: 401, code: 'clock', signed: true },
    { note: 'a clock 301 s ahead', how: { timestampSec: 1_795_420_800 + 301 }, status: 401, code: 'clock', signed: true },
    { note: 'a body that is not JSON', how: { rawBody: '{"protocol":1' }, status: 400, code: 'malformed', signed: true },
    {
      note: 'another protocol',
      how: { rawBody: '{"protocol":2,"commands":[],"accepted":[]}' },
      status: 400,
      code: 'malformed',
      signed: true,
    },
    {
      note: 'a command without an id',
      how: { rawBody: '{"protocol":1,"commands":[{"type":"ping"}]}' },
      status: 400,
      code: 'malformed',
      signed: true,
    },
    { note: 'more than 1 MiB', how: { rawBody: ' '.repeat(1024 * 1024 + 1) }, status: 413, code: 'too_large', signed: false },
  ]
  test.each(refusals)('refuses $note', async ({ how, status, code, signed }) => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    const change = { id: 'c1', type: 'order.set_status', data: { orderId: id, status: 'P', ifStatus: 'N', notifyCustomer: true, seq: 1 } }
    const answer = await callRaw(pair.shop.endpoint, pair.nowMs(), [change], [], how)
    expect({ status: answer.status, code: JSON.parse(answer.text).error.code, signed: answer.signed }).toEqual({ status, code, signed })
    expect(pair.shop.order(id)?.status).toBe('N')
    expect(pair.shop.commandsSeen()).toEqual([])
  })

  test('an unknown connection and a wrong signature get the same answer', async () => {
    await using pair = await startPair()
    const stranger = await callRaw(pair.shop.endpoint, pair.nowMs(), [], [], { connection: 'stranger' })
    const forged = await callRaw(pair.shop.endpoint, pair.nowMs(), [], [], { signWith: 'whsec_b3RoZXI=' })
    expect(stranger).toEqual(forged)
  })

  test('a clock refusal tells the time', async () => {
    await using pair = await startPair()
    const answer = await callRaw(pair.shop.endpoint, pair.nowMs(), [], [], { timestampSec: 1 })
    expect(JSON.parse(answer.text)).toEqual({ error: { code: 'clock', time: '2026-11-23T08:00:00Z' } })
  })

  test('a repeated request is refused for ten minutes', async () => {
    await using pair = await startPair()
    const repeat = () => callRaw(pair.shop.endpoint, pair.nowMs(), [], [], { id: 'msg_same' })
    expect((await repeat()).status).toBe(200)
    expect(await repeat()).toMatchObject({ status: 409, signed: true })
    pair.advance(10 * 60_000)
    expect((await repeat()).status).toBe(200)
  })

  test('hands over events until their ids come back', async () => {
    await using pair = await startPair()
    pair.shop.placeOrder(buyer)
    const first = await pair.call([pingCommand])
    const second = await pair.call([])
    expect(first).toMatchObject({
      installation: pair.shop.module.installation,
      host: pair.shop.module.host,
      results: [{ id: 'c1', ok: true, data: { pending: 1 } }],
    })
    expect(second.events[0]?.id).toBe(first.events[0]?.id)
    const third = await pair.call(
      [],
      first.events.map((event) => event.id),
    )
    expect(third.events).toEqual([])
    expect(pair.shop.pendingEvents()).toEqual([])
  })

  test('an answer stays within its limit, the commands left out come again', async () => {
    await using pair = await startPair()
    const text = 'щ'.repeat(2000)
    for (let count = 0; count < 300; count += 1) pair.shop.placeOrder({ ...buyer, comment: text })
    const lists = [1, 2, 3].map((number) => ({ id: `c${number}`, type: 'orders.list', data: {} }))
    const answer = await callRaw(pair.shop.endpoint, pair.nowMs(), lists)
    expect(answer.text.length).toBeLessThan(900 * 1024)
    const answered = JSON.parse(answer.text).results.length
    expect(answered).toBeLessThan(3)
    expect((await pair.call(lists.slice(answered))).results.length).toBeGreaterThan(0)
  })

  const faulty: { note: string; faults: FaultChange; status: number | null; applied: boolean }[] = [
    { note: 'down', faults: { down: true }, status: null, applied: false },
    { note: 'answers 500', faults: { error500: true }, status: 500, applied: false },
    { note: 'answers HTML', faults: { htmlAnswers: true }, status: 200, applied: false },
    { note: 'refuses signatures', faults: { refuseSignature: true }, status: 401, applied: false },
    { note: 'loses the answer', faults: { loseAnswerAfterApplying: true }, status: null, applied: true },
    { note: 'forgets to sign', faults: { unsignedAnswers: true }, status: 200, applied: true },
    { note: 'answers for another request', faults: { foreignAnswers: true }, status: 200, applied: true },
  ]
  test.each(faulty)('while it $note, no signed answer comes; the repeat then acts once', async ({ faults, status, applied }) => {
    await using pair = await startPair()
    const { id } = pair.shop.placeOrder(buyer)
    const command = { id: 'c1', type: 'order.set_status', data: { orderId: id, status: 'P', ifStatus: 'N', notifyCustomer: true, seq: 1 } }
    pair.shop.faults.set(faults)
    const answer = await callRaw(pair.shop.endpoint, pair.nowMs(), [command]).catch(() => null)
    expect(answer?.status ?? null).toBe(status)
    expect(answer?.signed ?? false).toBe(false)
    expect(pair.shop.order(id)?.status).toBe(applied ? 'P' : 'N')

    pair.shop.faults.clear()
    const { results } = await pair.call([command])
    expect(results).toMatchObject([{ id: 'c1', ok: true, changed: true, data: { before: 'N', after: 'P' } }])
    expect(pair.shop.mails().filter((mail) => mail.event === 'SALE_STATUS_CHANGED_P')).toHaveLength(1)
  })

  test('knows every command of the protocol', () => {
    expect([...commandTypes].sort()).toEqual([
      'customer.update',
      'customers.list',
      'form_results.list',
      'order.set_deal',
      'order.set_status',
      'order.update',
      'orders.digest',
      'orders.get',
      'orders.list',
      'ping',
      'products.list',
      'profile.get',
    ])
  })
})
