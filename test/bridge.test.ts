import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSigned, readSignedHeaders } from '../src/bitrix/signature.ts'
import { listQueue } from '../src/storage/queue.ts'
import fixture from './fixtures/bridge-order-saved.json' with { type: 'json' }
import { type Answer, type Attempt, type Bridge, secret, startBridge } from './support/bridge.ts'

const sender = { protocol: 1, installation: 'installation-1', host: 'shop.example' }
const nothing = { ...sender, events: [], results: [] }

const saved = (id: string, rev: number, change: object = {}, epoch = 'e1') => ({
  id,
  type: 'order.saved',
  at: '2026-11-23T08:00:00Z',
  epoch,
  rev: String(rev),
  origin: null,
  data: { ...fixture.event.data, id: '77', number: '77', ...change },
})
const withEvents = (...events: object[]) => ({ ...nothing, events })

async function stored({ database }: Bridge) {
  const rows = await database.read.selectFrom('shop_orders').selectAll().execute()
  return rows.map((row) => ({ id: row.order_id, rev: row.rev, deleted: Boolean(row.deleted), ...JSON.parse(row.snapshot ?? '{}') }))
}
const code = ({ json }: Answer) => (json.error as { code: string } | undefined)?.code

/** An answer of ours, as the shop checks it. */
function isOurs(answer: Answer): boolean {
  const signed = readSignedHeaders((name) => answer.headers.get(name) ?? undefined)
  return signed !== undefined && isSigned([secret], signed, answer.text)
}

describe('an exchange', () => {
  test('that is right is stored, acknowledged and answered with our signature', async () => {
    await using bridge = await startBridge()
    await bridge.giveAccount()
    const answer = await bridge.exchange(withEvents(saved('01A', 1)))
    expect(answer).toMatchObject({ status: 200, json: { accepted: ['01A'], rejected: [] } })
    expect(isOurs(answer)).toBe(true)
    expect(await stored(bridge)).toMatchObject([{ id: '77', number: '77' }])
    expect(await listQueue(bridge.database, {}, 10)).toMatchObject([{ entityKey: 'order:77', status: 'pending' }])
  })

  const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  const refusals: { what: string; attempt?: Attempt; body?: unknown; status: number; code: string; signed: boolean }[] = [
    { what: 'is signed with another secret', attempt: { secrets: [other] }, status: 401, code: 'signature', signed: false },
    { what: 'is not signed', attempt: { headers: { 'webhook-signature': '' } }, status: 401, code: 'signature', signed: false },
    { what: 'was changed on its way', attempt: { sentBody: '{"protocol":1}' }, status: 401, code: 'signature', signed: false },
    { what: 'is of an unknown connection', attempt: { connection: 'nobody' }, status: 401, code: 'signature', signed: false },
    { what: 'names no connection', attempt: { connection: null }, status: 401, code: 'signature', signed: false },
    {
      what: 'has a timestamp that is no number',
      attempt: { headers: { 'webhook-timestamp': 'now' } },
      status: 401,
      code: 'signature',
      signed: false,
    },
    {
      what: 'was signed six minutes ago',
      attempt: { timestampSec: Date.parse('2026-11-23T07:54:00Z') / 1000 },
      status: 401,
      code: 'clock',
      signed: true,
    },
    {
      what: 'was signed six minutes ahead',
      attempt: { timestampSec: Date.parse('2026-11-23T08:06:00Z') / 1000 },
      status: 401,
      code: 'clock',
      signed: true,
    },
    { what: 'is no JSON', body: '{"protocol":', status: 400, code: 'malformed', signed: true },
    { what: 'is a list', body: [], status: 400, code: 'malformed', signed: true },
    { what: 'speaks another version', body: { ...nothing, protocol: 2 }, status: 400, code: 'malformed', signed: true },
    { what: 'does not say who sends', body: { ...nothing, installation: undefined }, status: 400, code: 'malformed', signed: true },
    { what: 'is over 1 MiB', body: { ...nothing, filler: 'x'.repeat(1_048_576) }, status: 413, code: 'too_large', signed: false },
  ]
  test.each(refusals)(
    'that $what is refused with $status $code and changes nothing',
    async ({ attempt, body, status, code: expected, signed }) => {
      await using bridge = await startBridge()
      const answer = await bridge.exchange(body ?? withEvents(saved('01A', 1)), attempt)
      expect(answer.status).toBe(status)
      expect(code(answer)).toBe(expected)
      expect(isOurs(answer)).toBe(signed)
      expect(await stored(bridge)).toEqual([])
      expect(await listQueue(bridge.database, {}, 10)).toEqual([])
    },
  )

  test('with a wrong clock is told our time', async () => {
    await using bridge = await startBridge()
    const answer = await bridge.exchange(nothing, { timestampSec: 1_000_000 })
    expect(answer.json).toEqual({ error: { code: 'clock', time: '2026-11-23T08:00:00.000Z' } })
  })

  test('that comes twice under one id is refused the second time, and may come again under a new one', async () => {
    await using bridge = await startBridge()
    expect((await bridge.exchange(withEvents(saved('01A', 1)), { webhookId: 'msg_same' })).status).toBe(200)
    const replay = await bridge.exchange(withEvents(saved('01B', 2, { status: 'F' })), { webhookId: 'msg_same' })
    expect([replay.status, code(replay)]).toEqual([409, 'replay'])
    expect(await stored(bridge)).toMatchObject([{ status: fixture.event.data.status }])
    expect((await bridge.exchange(withEvents(saved('01A', 1)))).json).toMatchObject({ accepted: ['01A'] })
    expect(await listQueue(bridge.database, {}, 10)).toHaveLength(1)
  })

  test('of another installation or host is refused: a copy does not speak for the original', async () => {
    await using bridge = await startBridge()
    await bridge.exchange(nothing)
    for (const stranger of [{ installation: 'installation-2' }, { host: 'copy.example' }]) {
      const answer = await bridge.exchange({ ...withEvents(saved('01A', 1)), ...stranger })
      expect([answer.status, code(answer)]).toEqual([409, 'installation'])
    }
    expect(await stored(bridge)).toEqual([])
  })

  test('to a connection that is switched off is refused', async () => {
    await using bridge = await startBridge()
    await bridge.change({ mode: 'off' })
    const answer = await bridge.exchange(withEvents(saved('01A', 1)))
    expect([answer.status, code(answer)]).toEqual([409, 'off'])
  })

  test('while a secret is rotated is heard with either', async () => {
    await using bridge = await startBridge()
    const next = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
    await bridge.change({ secrets: [next, secret] })
    expect((await bridge.exchange(nothing)).status).toBe(200)
    expect((await bridge.exchange(nothing, { secrets: [next] })).status).toBe(200)
    await bridge.change({ secrets: [next] })
    expect((await bridge.exchange(nothing)).status).toBe(401)
  })

  test('that cannot be stored is not acknowledged, and is taken when it comes again', async () => {
    await using bridge = await startBridge()
    bridge.breakWrites(true)
    const refused = await bridge.exchange(withEvents(saved('01A', 1)))
    expect([refused.status, code(refused), refused.headers.get('retry-after')]).toEqual([503, 'unavailable', '30'])
    expect(await stored(bridge)).toEqual([])
    bridge.breakWrites(false)
    expect((await bridge.exchange(withEvents(saved('01A', 1)))).json).toMatchObject({ accepted: ['01A'] })
    expect(await stored(bridge)).toHaveLength(1)
  })
})

describe('an event', () => {
  const wrong: { what: string; event: object; says: string }[] = [
    { what: 'without an order id', event: saved('01W', 2, { id: undefined }), says: 'id' },
    { what: 'with a sum that is no number', event: saved('01W', 2, { total: 'много' }), says: 'total' },
    { what: 'with a rev that is no number', event: { ...saved('01W', 2), rev: 'x' }, says: 'rev' },
    { what: 'with an instant that is none', event: saved('01W', 2, { createdAt: 'yesterday' }), says: 'createdAt' },
  ]
  test.each(wrong)('$what is rejected alone, and says where', async ({ event, says }) => {
    await using bridge = await startBridge()
    const { json } = await bridge.exchange(withEvents(saved('01A', 1), event, saved('01B', 3, { id: '78', number: '78' })))
    expect(json).toMatchObject({ accepted: ['01A', '01B'], rejected: [{ id: '01W', code: 'malformed' }] })
    expect(JSON.stringify(json.rejected)).toContain(says)
    expect((await stored(bridge)).map(({ id }) => id).sort()).toEqual(['77', '78'])
  })

  test('with keys of Object.prototype in it does no harm', async () => {
    await using bridge = await startBridge()
    const text = JSON.stringify(withEvents(saved('01A', 1))).replace(
      '"properties":{',
      '"properties":{"__proto__":{"polluted":"yes"},"constructor":"x",',
    )
    const { status } = await bridge.exchange(text)
    expect([200, 400]).toContain(status)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('nested ten thousand deep is refused or taken, and the service lives', async () => {
    await using bridge = await startBridge()
    await bridge.exchange(
      `{"protocol":1,"installation":"installation-1","host":"shop.example","events":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    )
    expect((await bridge.exchange(nothing)).status).toBe(200)
  })

  test('of a type nobody knows is acknowledged: a newer module’s outbox does not grow for ever', async () => {
    await using bridge = await startBridge()
    const event = { ...saved('01A', 1), type: 'basket.left', data: { id: '5' } }
    expect((await bridge.exchange(withEvents(event))).json).toMatchObject({ accepted: ['01A'], rejected: [] })
  })

  test('that says deleted is final for older snapshots', async () => {
    await using bridge = await startBridge()
    await bridge.exchange(withEvents({ ...saved('01B', 5), type: 'order.deleted', data: { id: '77', site: 's1' } }))
    await bridge.exchange(withEvents(saved('01A', 4)))
    expect(await stored(bridge)).toMatchObject([{ deleted: true }])
  })

  test('of the newest epoch wins over any rev of an older one', async () => {
    await using bridge = await startBridge()
    await bridge.exchange(withEvents(saved('01A', 900, { status: 'N' }, 'old')))
    await bridge.exchange(withEvents(saved('01B', 3, { status: 'P' }, 'restored')))
    await bridge.exchange(withEvents(saved('01C', 901, { status: 'F' }, 'old')))
    expect(await stored(bridge)).toMatchObject([{ status: 'P' }])
  })

  test('always leaves the newest snapshot of its order, in whatever order and number of copies it comes', async () => {
    await using bridge = await startBridge()
    let orders = 0
    const deliveries = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }).chain((revs) =>
      fc.record({
        revs: fc.constant(revs),
        /** Indexes into revs: repeats and any order, each at least once. */
        sent: fc
          .tuple(fc.shuffledSubarray(revs, { minLength: revs.length }), fc.array(fc.constantFrom(...revs), { maxLength: 6 }))
          .map(([all, again]) => [...all, ...again]),
        together: fc.boolean(),
      }),
    )
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ revs, sent, together }) => {
        orders += 1
        const order = String(orders)
        const events = sent.map((rev) => saved(`${order}-${rev}`, rev, { id: order, number: order, comment: `rev ${rev}` }))
        if (together) await bridge.exchange(withEvents(...events))
        else for (const event of events) await bridge.exchange(withEvents(event))
        const kept = (await stored(bridge)).find(({ id }) => id === order)
        expect(kept).toMatchObject({ comment: `rev ${Math.max(...revs)}` })
      }),
      { numRuns: 40 },
    )
  })
})

describe('pairing', () => {
  const shop = { endpoint: 'http://127.0.0.1:9/exchange.php', installation: 'installation-1', host: 'shop.example', profile: {} }
  const spent = async (bridge: Bridge, text: string, change: object = {}) =>
    bridge.post('/bridge/v1/pair', { ...shop, code: text.slice(text.indexOf('#') + 1), ...change })

  test('spends a code once, and the shop speaks with its new secret', async () => {
    await using bridge = await startBridge()
    const text = await bridge.pairingCode()
    const paired = await spent(bridge, text)
    expect(paired).toMatchObject({ status: 200, json: { connection: bridge.connection, shopKey: 'kqzvma' } })
    expect((await bridge.exchange(nothing, { secrets: [String(paired.json.secret)] })).status).toBe(200)
    expect(await spent(bridge, text)).toMatchObject({ status: 403, json: { error: { code: 'code' } } })
  })

  test('refuses a code after fifteen minutes, and an older one after a newer was made', async () => {
    await using bridge = await startBridge()
    const older = await bridge.pairingCode()
    const newer = await bridge.pairingCode()
    expect((await spent(bridge, older)).status).toBe(403)
    bridge.moveClock(15 * 60_000 + 1_000)
    expect((await spent(bridge, newer)).status).toBe(403)
  })

  test('ends a code after five wrong tries from one address', async () => {
    await using bridge = await startBridge()
    const text = await bridge.pairingCode()
    for (let tries = 0; tries < 5; tries += 1) expect((await spent(bridge, '#000000000000')).status).toBe(403)
    expect((await spent(bridge, text)).status).toBe(403)
  })

  test.each([
    { what: 'an address that is none', change: { endpoint: 'shop' }, status: 400 },
    { what: 'plain http elsewhere', change: { endpoint: 'http://shop.example/exchange.php' }, status: 400 },
    { what: 'a private address', change: { endpoint: 'https://10.0.0.5/exchange.php' }, status: 400 },
    { what: 'no installation', change: { installation: '' }, status: 400 },
  ])('with $what is refused in words, and the code stays', async ({ change, status }) => {
    await using bridge = await startBridge()
    const text = await bridge.pairingCode()
    const refused = await spent(bridge, text, change)
    expect(refused.status).toBe(status)
    expect(String((refused.json.error as { message: string }).message).length).toBeGreaterThan(10)
    expect((await spent(bridge, text)).status).toBe(200)
  })
})

describe('health', () => {
  test('says alive always, and ready only while the database answers', async () => {
    await using bridge = await startBridge()
    const status = async (path: string) => (await fetch(bridge.url + path)).status
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
    bridge.breakWrites(true)
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
    bridge.breakWrites(false)
    expect(await status('/readyz')).toBe(200)
  })
})
