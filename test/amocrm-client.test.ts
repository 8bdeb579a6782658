import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type BreakerState, closedBreaker } from '../src/amocrm/client/breaker.ts'
import { createAmoClient } from '../src/amocrm/client/client.ts'
import {
  AmoBannedError,
  AmoBreakerOpenError,
  AmoError,
  AmoForbiddenError,
  AmoMalformedAnswerError,
  AmoNotFoundError,
  AmoRateLimitedError,
  AmoRejectedError,
  AmoTooLateError,
  AmoUnauthorisedError,
  AmoUnavailableError,
  AmoUnknownOutcomeError,
  AmoUnpaidError,
} from '../src/amocrm/client/errors.ts'
import { guardGate } from '../src/amocrm/client/guarded-gate.ts'
import { createLimiter } from '../src/amocrm/client/limiter.ts'
import { createMovableClock } from '../src/amocrm/client/movable-clock.ts'
import { createMemoryLog } from '../src/amocrm/client/sliding-log.ts'
import { call, type StubAnswer, startClient, startStub } from './amocrm-support.ts'

const Row = z.object({ id: z.int() })
const row = { status: 200, json: { id: 7 } }
const page403 = '<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>'
const page429 = '<html><head><title>429 Too Many Requests</title></head></html>'

/** What a GET or a POST ends with when this is the answer. */
async function failureOf(method: 'get' | 'post', answer: StubAnswer): Promise<unknown> {
  await using stub = await startStub(answer)
  await using amo = startClient(stub.url)
  const path = '/api/v4/leads?query=79990001122'
  const end = method === 'get' ? amo.client.get(path, Row, call) : amo.client.post(path, [{ name: 'Анна' }], Row, call)
  return await end.then(
    () => 'no failure',
    (error: unknown) => error,
  )
}

describe('a request whose time to leave is over', () => {
  test.each([
    { note: 'it waited for a slot too long', options: {}, by: { ...call, sendBy: -1 } },
    { note: 'the lane may be somebody else by now', options: { mayLeave: () => false }, by: call },
  ])('is not sent: $note', async ({ options, by }) => {
    await using stub = await startStub(row)
    await using amo = startClient(stub.url, options)
    await expect(amo.client.post('/api/v4/leads', [{ name: 'Заказ' }], Row, by)).rejects.toThrow(AmoTooLateError)
    expect(stub.requests).toEqual([])
  })

  test('says nothing of amoCRM: the breaker stays closed', async () => {
    await using stub = await startStub(row)
    const clock = createMovableClock()
    let breaker: BreakerState = closedBreaker
    const limiter = createLimiter({
      classes: ['live-create' as const],
      perSecond: () => 50,
      log: createMemoryLog(clock),
      clock,
      random: () => 0,
    })
    const keep = {
      get: () => breaker,
      put: (next: BreakerState) => {
        breaker = next
      },
    }
    const gate = guardGate(limiter, keep, clock)
    const client = createAmoClient({ baseUrl: stub.url, accessToken: async () => 'x', gate, userAgent: 'x', clock, mayLeave: () => false })
    for (let tries = 0; tries < 20; tries += 1)
      await expect(client.get('/api/v4/leads', Row, { class: 'live-create', signal: call.signal })).rejects.toThrow(AmoTooLateError)
    expect(breaker.state).toBe('closed')
    await client.close()
  })
})

describe('a request', () => {
  test('carries the token, the name of the program and its body as JSON', async () => {
    await using stub = await startStub(row)
    await using amo = startClient(stub.url)
    expect(await amo.client.post('/api/v4/leads', [{ name: 'Заказ' }], Row, call)).toEqual({ id: 7 })
    expect(stub.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/v4/leads',
      headers: { authorization: 'Bearer secret-token', 'user-agent': 'amobridge-test/1', 'content-type': 'application/json' },
      body: [{ name: 'Заказ' }],
    })
  })

  test('no content is undefined', async () => {
    await using stub = await startStub({ status: 204 })
    await using amo = startClient(stub.url)
    expect(await amo.client.get('/api/v4/leads/1', Row, call)).toBeUndefined()
  })

  test('a redirect is not followed', async () => {
    await using other = await startStub(row)
    await using stub = await startStub({ status: 302, headers: { location: `${other.url}/api/v4/leads/1` } })
    await using amo = startClient(stub.url)
    await expect(amo.client.get('/api/v4/leads/1', Row, call)).rejects.toBeInstanceOf(AmoUnavailableError)
    expect(other.requests).toHaveLength(0)
  })

  test('a host outside amoCRM is refused before anything is sent', () => {
    const { clock } = startClient('http://127.0.0.1:1')
    const gate = createLimiter({ classes: ['live-create'], perSecond: () => 1, log: createMemoryLog(clock), clock, random: () => 0 })
    const options = { accessToken: async () => 't', gate, userAgent: 'x', clock }
    expect(() => createAmoClient({ host: 'evil.test', ...options })).toThrow(TypeError)
    expect(() => createAmoClient({ baseUrl: 'http://192.0.2.1', ...options })).toThrow(TypeError)
  })
})

describe('the status decides, whatever the body is', () => {
  const html = '<html>'
  const cases: [string, 'get' | 'post', StubAnswer, new (...args: never[]) => Error, string][] = [
    ['400', 'post', { status: 400, json: { status: 400, detail: 'Request validation failed' } }, AmoRejectedError, 'never'],
    ['400 as a page', 'post', { status: 400, text: html }, AmoRejectedError, 'never'],
    ['400 with the legacy code for no rights', 'post', { status: 400, json: { detail: 'Код ошибки 244' } }, AmoForbiddenError, 'never'],
    ['422', 'post', { status: 422, json: { detail: 'Limit 250 per page' } }, AmoRejectedError, 'never'],
    ['405', 'post', { status: 405, text: html }, AmoRejectedError, 'never'],
    ['401 as a page', 'get', { status: 401, text: html }, AmoUnauthorisedError, 'never'],
    ['402', 'post', { status: 402, json: { status: 402 } }, AmoUnpaidError, 'backoff'],
    ['403 as JSON', 'get', { status: 403, json: { status: 403 } }, AmoForbiddenError, 'never'],
    ['403 as a page', 'get', { status: 403, text: page403 }, AmoBannedError, 'backoff'],
    ['403 without a body', 'get', { status: 403, text: '' }, AmoBannedError, 'backoff'],
    ['404', 'get', { status: 404, text: html }, AmoNotFoundError, 'never'],
    ['500 to a read', 'get', { status: 500, text: html }, AmoUnavailableError, 'backoff'],
    ['500 to a write', 'post', { status: 500, text: html }, AmoUnknownOutcomeError, 'backoff'],
    ['502 to a write', 'post', { status: 502, text: html }, AmoUnknownOutcomeError, 'backoff'],
    ['504 to a write', 'post', { status: 504, text: html }, AmoUnknownOutcomeError, 'backoff'],
    ['no JSON to a read', 'get', { status: 200, text: '{"id": 7' }, AmoMalformedAnswerError, 'backoff'],
    ['no JSON to a write', 'post', { status: 200, text: html }, AmoUnknownOutcomeError, 'backoff'],
    ['another shape to a read', 'get', { status: 200, json: { id: 'seven' } }, AmoMalformedAnswerError, 'backoff'],
    ['another shape to a write', 'post', { status: 200, json: [] }, AmoUnknownOutcomeError, 'backoff'],
    ['a cut before the answer to a read', 'get', { cut: 'before-answer' }, AmoUnavailableError, 'backoff'],
    ['a cut before the answer to a write', 'post', { cut: 'before-answer' }, AmoUnknownOutcomeError, 'backoff'],
    ['a cut in the answer to a write', 'post', { cut: 'in-answer' }, AmoUnknownOutcomeError, 'backoff'],
  ]
  test.each(cases)('%s', async (_note, method, answer, expected, when) => {
    const failure = await failureOf(method, answer)
    expect(failure).toBeInstanceOf(expected)
    expect(failure).toMatchObject({ retry: { when } })
  })

  test('both shapes of a refusal are read', async () => {
    const problem = { code: 'FieldMissing', path: 'name', detail: 'This field is missing.' }
    expect(await failureOf('post', { status: 400, json: { 'validation-errors': [{ request_id: 'a', errors: [problem] }] } })).toMatchObject(
      { problems: [{ item: 'a', ...problem }] },
    )
    expect(await failureOf('post', { status: 400, json: { errors: { 42: 'Only for lost lead' } } })).toMatchObject({
      problems: [{ item: '42', detail: 'Only for lost lead' }],
    })
  })

  test('a failure names amoCRM’s request id, and neither the token, the query nor the body', async () => {
    for (const answer of [
      { status: 400, text: 'Анна' },
      { status: 403, text: page403 },
      { status: 200, text: 'Анна 79990001122' },
    ] as const) {
      const failure = await failureOf('get', answer)
      expect(failure).toBeInstanceOf(AmoError)
      expect(failure).toMatchObject({ facts: { method: 'GET', path: '/api/v4/leads', status: answer.status, requestId: 'req-1' } })
      const told = `${failure} ${failure instanceof Error ? failure.cause : ''}`
      expect(told).toContain('req-1')
      for (const secret of ['secret-token', '79990001122', 'Анна']) expect(told).not.toContain(secret)
    }
  })
})

describe('429', () => {
  test.each([
    ['as a page names no wait', { status: 429, text: page429 }, { by: 'none' }],
    ['with seconds in the header', { status: 429, text: page429, headers: { 'retry-after': '7' } }, { by: 'header', ms: 7_000 }],
    ['with seconds in the body', { status: 429, json: { status: 429, retry_after: 300 } }, { by: 'body', ms: 300_000 }],
    ['with nonsense in the header', { status: 429, text: page429, headers: { 'retry-after': 'soon' } }, { by: 'none' }],
    ['with ages in the header', { status: 429, text: '', headers: { 'retry-after': '99999999999' } }, { by: 'header', ms: 86_400_000 }],
  ])('%s', async (_note, answer, wait) => {
    const failure = await failureOf('post', answer)
    expect(failure).toBeInstanceOf(AmoRateLimitedError)
    expect(failure).toMatchObject({ wait })
  })

  test('a date in the header counts from now', async () => {
    const clock = createMovableClock()
    await using stub = await startStub({ status: 429, text: '', headers: { 'retry-after': new Date(clock.now() + 90_000).toUTCString() } })
    await using amo = startClient(stub.url)
    await expect(amo.client.get('/api/v4/leads', Row, call)).rejects.toMatchObject({ wait: { by: 'header', ms: 90_000 } })
  })

  test('stops every class of the account until the named wait is over', async () => {
    await using stub = await startStub({ status: 429, text: page429, headers: { 'retry-after': '20' } }, row)
    await using amo = startClient(stub.url)
    await expect(amo.client.get('/api/v4/leads', Row, call)).rejects.toBeInstanceOf(AmoRateLimitedError)
    const next = amo.client.get('/api/v4/leads', Row, { ...call, class: 'live-create' })
    await amo.clock.advance(19_999)
    expect(stub.requests).toHaveLength(1)
    await amo.clock.advance(1)
    expect(await next).toEqual({ id: 7 })
  })
})

describe('401', () => {
  const refused: StubAnswer = { status: 401, json: { status: 401 } }

  test('is tried once more with a fresh token', async () => {
    await using stub = await startStub(refused, row)
    const used: string[] = []
    await using amo = startClient(stub.url, {
      onUnauthorised: async (token) => {
        used.push(token)
        return 'fresh-token'
      },
    })
    expect(await amo.client.post('/api/v4/leads', [], Row, call)).toEqual({ id: 7 })
    expect(used).toEqual(['secret-token'])
    expect(stub.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret-token', 'Bearer fresh-token'])
  })

  test('ends the call when there is no other token, or when that is refused too', async () => {
    for (const [fresh, requests] of [
      [undefined, 1],
      ['fresh-token', 2],
    ] as const) {
      await using stub = await startStub(refused)
      await using amo = startClient(stub.url, { onUnauthorised: async () => fresh })
      await expect(amo.client.get('/api/v4/leads', Row, call)).rejects.toBeInstanceOf(AmoUnauthorisedError)
      expect(stub.requests).toHaveLength(requests)
    }
  })
})

describe('no answer', () => {
  test('nobody listens: nothing was sent, also of a write', async () => {
    const stub = await startStub(row)
    await stub[Symbol.asyncDispose]()
    await using amo = startClient(stub.url)
    await expect(amo.client.post('/api/v4/leads', [], Row, call)).rejects.toBeInstanceOf(AmoUnavailableError)
  })

  test.each([
    ['get', 30_000, AmoUnavailableError],
    ['post', 20_000, AmoUnknownOutcomeError],
  ] as const)('a %s is given up after %i ms', async (method, limitMs, expected) => {
    const arrived = Promise.withResolvers<void>()
    await using stub = await startStub(() => {
      arrived.resolve()
      return 'silence'
    })
    await using amo = startClient(stub.url)
    let failure: unknown
    const end = (method === 'get' ? amo.client.get('/api/v4/leads', Row, call) : amo.client.post('/api/v4/leads', [], Row, call)).catch(
      (error: unknown) => {
        failure = error
      },
    )
    await arrived.promise
    await amo.clock.advance(limitMs - 1)
    expect(failure).toBeUndefined()
    await amo.clock.advance(1)
    await end
    expect(failure).toBeInstanceOf(expected)
  })
})

describe('an abort ends every wait with its reason', () => {
  test('for the token', async () => {
    await using stub = await startStub(row)
    await using amo = startClient(stub.url, { accessToken: () => new Promise(() => undefined) })
    const stop = new AbortController()
    const end = amo.client.get('/api/v4/leads', Row, { ...call, signal: stop.signal })
    stop.abort('stopping')
    await expect(end).rejects.toBe('stopping')
    expect(stub.requests).toHaveLength(0)
  })

  test('for a fresh token', async () => {
    await using stub = await startStub({ status: 401, text: '' })
    const asked = Promise.withResolvers<void>()
    await using amo = startClient(stub.url, {
      onUnauthorised: () => {
        asked.resolve()
        return new Promise(() => undefined)
      },
    })
    const stop = new AbortController()
    const end = amo.client.get('/api/v4/leads', Row, { ...call, signal: stop.signal })
    await asked.promise
    stop.abort('stopping')
    await expect(end).rejects.toBe('stopping')
  })

  test('for the gate', async () => {
    await using stub = await startStub({ status: 429, text: '' }, row)
    await using amo = startClient(stub.url)
    await expect(amo.client.get('/api/v4/leads', Row, call)).rejects.toBeInstanceOf(AmoRateLimitedError)
    const stop = new AbortController()
    const end = amo.client.get('/api/v4/leads', Row, { ...call, signal: stop.signal })
    stop.abort('stopping')
    await expect(end).rejects.toBe('stopping')
    expect(stub.requests).toHaveLength(1)
  })

  test('for the answer', async () => {
    const arrived = Promise.withResolvers<void>()
    await using stub = await startStub(() => {
      arrived.resolve()
      return 'silence'
    })
    await using amo = startClient(stub.url)
    const stop = new AbortController()
    const end = amo.client.post('/api/v4/leads', [], Row, { ...call, signal: stop.signal })
    await arrived.promise
    stop.abort('stopping')
    await expect(end).rejects.toBe('stopping')
  })
})

describe('behind a breaker', () => {
  function startGuarded(url: string) {
    let breaker: BreakerState = closedBreaker
    const clock = createMovableClock()
    const limiter = createLimiter({ classes: [call.class], perSecond: () => 50, log: createMemoryLog(clock), clock, random: () => 0 })
    const gate = guardGate(
      limiter,
      {
        get: () => breaker,
        put: (next) => {
          breaker = next
        },
      },
      clock,
    )
    const client = createAmoClient<typeof call.class>({ baseUrl: url, accessToken: async () => 't', gate, userAgent: 'x', clock })
    return { client, clock, breaker: () => breaker, [Symbol.asyncDispose]: () => client.close() }
  }

  test('a 403 page stops the calls; the probe after ten minutes lets them through again', async () => {
    await using stub = await startStub({ status: 403, text: page403 }, row)
    await using amo = startGuarded(stub.url)
    const read = () => amo.client.get('/api/v4/leads', Row, call)
    await expect(read()).rejects.toBeInstanceOf(AmoBannedError)
    await expect(read()).rejects.toBeInstanceOf(AmoBreakerOpenError)
    expect(stub.requests).toHaveLength(1)
    await amo.clock.advance(10 * 60_000)
    expect(await read()).toEqual({ id: 7 })
    expect(amo.breaker()).toEqual(closedBreaker)
  })

  test('one probe goes alone, and if it fails the waiting doubles', async () => {
    await using stub = await startStub({ status: 403, text: page403 })
    await using amo = startGuarded(stub.url)
    const read = () => amo.client.get('/api/v4/leads', Row, call).catch((error: unknown) => error)
    await read()
    await amo.clock.advance(10 * 60_000)
    const ends = await Promise.all([read(), read(), read()])
    expect(ends.filter((end) => end instanceof AmoBannedError)).toHaveLength(1)
    expect(ends.filter((end) => end instanceof AmoBreakerOpenError)).toHaveLength(2)
    expect(amo.breaker()).toMatchObject({ state: 'open', openForMs: 20 * 60_000 })
    expect(stub.requests).toHaveLength(2)
  })

  test('a 403 page stops also those who wait for their turn', async () => {
    await using stub = await startStub({ status: 403, text: page403 })
    await using amo = startGuarded(stub.url)
    const ends = [...Array(60)].map(() => amo.client.get('/api/v4/leads', Row, call).catch((error: unknown) => error))
    await Promise.all(ends.slice(0, 50))
    await amo.clock.advance(2_000)
    for (const end of ends.slice(50)) expect(await end).toBeInstanceOf(AmoBreakerOpenError)
    expect(stub.requests).toHaveLength(50)
  })

  test('a run of failures stops the calls, refusals do not', async () => {
    const refusals: StubAnswer[] = Array(10).fill({ status: 400, text: '' })
    await using stub = await startStub(...refusals, { status: 503, text: '' })
    await using amo = startGuarded(stub.url)
    const read = () => amo.client.get('/api/v4/leads', Row, call).catch((error: unknown) => error)
    for (let count = 0; count < 18; count += 1) await read()
    expect(await read()).toMatchObject({ because: 'failures' })
    expect(stub.requests).toHaveLength(18)
  })
})

test('a server that accepts connections and breaks them before reading tells nothing of a write', async () => {
  const server = createServer()
  server.on('connection', (socket) => socket.once('data', () => socket.resetAndDestroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await using amo = startClient(`http://127.0.0.1:${port}`)
  await expect(amo.client.post('/api/v4/leads', [], Row, call)).rejects.toBeInstanceOf(AmoUnknownOutcomeError)
  await new Promise((resolve) => server.close(resolve))
})
