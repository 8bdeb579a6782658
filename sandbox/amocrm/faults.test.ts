import { describe, expect, test } from 'vitest'
import { createFaults, type FaultKind } from './faults.ts'
import { startFixture } from './testing/fixture.ts'

describe('a planned fault', () => {
  const answers: { kind: FaultKind; status: number; type: string }[] = [
    { kind: '500', status: 500, type: 'application/problem+json' },
    { kind: '502', status: 502, type: 'text/html' },
    { kind: '503', status: 503, type: 'text/html' },
    { kind: '504', status: 504, type: 'text/html' },
    { kind: '429-html', status: 429, type: 'text/html' },
    { kind: '429-json', status: 429, type: 'application/problem+json' },
    { kind: '429-header', status: 429, type: 'text/html' },
    { kind: '403-html', status: 403, type: 'text/html' },
    { kind: '403-json', status: 403, type: 'application/problem+json' },
    { kind: '402', status: 402, type: 'application/problem+json' },
    { kind: '401', status: 401, type: 'application/problem+json' },
  ]
  test.each(answers)('$kind answers $status as $type once, before anything is done', async ({ kind, status, type }) => {
    await using amo = await startFixture()
    amo.amo.faults.plan({ do: kind })
    expect(await amo.post('/leads', [{ name: 'A' }])).toMatchObject({ status, type })
    expect(amo.amo.world.leads()).toEqual([])
    expect((await amo.post('/leads', [{ name: 'A' }])).status).toBe(200)
  })

  test.each(answers)('$kind after the commit loses only the answer', async ({ kind, status }) => {
    await using amo = await startFixture()
    amo.amo.faults.plan({ do: kind, when: 'after' })
    expect((await amo.post('/leads', [{ name: 'A' }])).status).toBe(status)
    expect(amo.amo.world.leads()).toHaveLength(1)
  })

  test.each([
    { when: 'before', stored: 0 },
    { when: 'after', stored: 1 },
  ] as const)('reset $when cuts the connection with $stored stored', async ({ when, stored }) => {
    await using amo = await startFixture()
    amo.amo.faults.plan({ do: 'reset', when })
    await expect(amo.post('/leads', [{ name: 'A' }])).rejects.toThrow()
    expect(amo.amo.world.leads()).toHaveLength(stored)
    expect(amo.amo.requests().all.map(({ status }) => status)).toEqual(['reset'])
  })

  test('malformed is 200 with half a body', async () => {
    await using amo = await startFixture()
    amo.amo.faults.plan({ do: 'malformed', when: 'after', match: { method: 'POST' } })
    const response = await fetch(`${amo.amo.url}/api/v4/leads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${amo.amo.tokens.longLived()}`, 'content-type': 'application/json' },
      body: '[{}]',
    })
    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow()
    expect(amo.amo.world.leads()).toHaveLength(1)
  })

  test('slow answers as always, later', async () => {
    await using amo = await startFixture()
    amo.amo.faults.plan({ do: 'slow', delayMs: 20 })
    expect((await amo.post('/leads', [{}])).status).toBe(200)
  })

  test('strikes only what it matches, from the nth on, as often as told', async () => {
    await using amo = await startFixture()
    amo.amo.faults.plan({ do: '500', match: { method: 'get', path: /^\/api\/v4\/leads\?/, nth: 2 }, times: 2 })
    const statuses: number[] = []
    for (const path of ['/leads?page=1', '/account', '/leads?page=1', '/leads?page=1', '/leads?page=1'])
      statuses.push((await amo.get(path)).status)
    expect(statuses).toEqual([204, 200, 500, 500, 204])
    amo.amo.faults.plan({ do: '502', times: 'always' })
    expect([(await amo.get('/account')).status, (await amo.get('/account')).status]).toEqual([502, 502])
    amo.amo.faults.clear()
    expect((await amo.get('/account')).status).toBe(200)
  })

  test('by probability repeats with its seed', () => {
    const run = (seed: number) => {
      const faults = createFaults(seed)
      faults.plan({ do: '504', match: { probability: 0.3 } })
      return Array.from({ length: 200 }, () => faults.strike('GET', '/') !== undefined)
    }
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
    const share = run(1).filter(Boolean).length / 200
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.45)
  })
})

describe('an unpaid account', () => {
  test('refuses writes first, then everything, with 402', async () => {
    await using amo = await startFixture()
    amo.amo.world.setSubscription('writes-refused')
    expect(await amo.post('/leads', [{}])).toMatchObject({ status: 402, body: { title: 'Payment Required', status: 402 } })
    expect((await amo.get('/account')).status).toBe(200)
    amo.amo.world.setSubscription('all-refused')
    expect((await amo.get('/account')).status).toBe(402)
  })
})
