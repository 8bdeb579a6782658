import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { type Installation, startInstallation } from './support/installation.ts'
import { startMailServer } from './support/mail-server.ts'
import { until } from './support/until.ts'

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`

interface Received {
  headers: Record<string, string>
  body: string
}

/** The owner's own address: keeps what it gets, and answers what it is told to. */
async function startReceiver() {
  const received: Received[] = []
  const receiver = { received, answer: 204, url: '' }
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString('utf8') })
      reply.writeHead(receiver.answer, { location: 'http://127.0.0.1:9/' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  return Object.assign(receiver, { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) })
}

/** An order that amoCRM refuses for good: an incident. */
async function failOrder(here: Installation) {
  here.amo.faults.plan({ match: { method: 'POST', path: '/api/v4/leads/complex' }, do: '403-json' })
  const order = here.shop.placeOrder({ phone: '+79161234567' })
  await here.incident('order-failed')
  return order
}

const decoded = (raw: string) =>
  raw.replace(/=\r?\n/g, '').replace(/((?:=[0-9A-F]{2})+)/g, (coded) => Buffer.from(coded.replaceAll('=', ''), 'hex').toString('utf8'))
const bodyOf = (raw: string) => {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  return /base64/i.test(head) ? Buffer.from(body, 'base64').toString('utf8') : decoded(body)
}

describe('an incident is told', () => {
  test('by a signed webhook, once, in words', async () => {
    await using hook = await startReceiver()
    await using here = await startInstallation({ notify: `webhook: { url: "${hook.url}", secret: "${secret}" }` })
    const order = await failOrder(here)
    const [first] = await until('a webhook', () => (hook.received.length > 0 ? hook.received : undefined))
    const told = new Webhook(secret).verify(first?.body ?? '', first?.headers ?? {})
    expect(told).toMatchObject({
      type: 'incident.opened',
      data: { code: 'order-failed', connection: 'shop-1', entity: `order:${order.id}`, title: 'Заказ не доставлен', count: 1 },
    })
    await here.clockPasses(10_000)
    expect(hook.received).toHaveLength(1)
  })

  test('again after a failure, under the same id, until it is taken; a redirect is not followed', async () => {
    await using hook = await startReceiver()
    hook.answer = 302
    await using here = await startInstallation({ notify: `webhook: { url: "${hook.url}", secret: "${secret}" }` })
    await failOrder(here)
    await until('two tries', () => hook.received.length >= 2)
    hook.answer = 200
    const before = hook.received.length
    await until('one more', () => hook.received.length > before)
    await here.clockPasses(60_000)
    expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(hook.received.length).toBeLessThanOrEqual(before + 2)
  })

  test('by mail: several in one, with what to do', async () => {
    await using mail = await startMailServer()
    mail.refusing = true
    await using here = await startInstallation({
      notify: 'email: [owner@example.test, second@example.test]',
      mail: { smtpUrl: mail.url, from: 'Amobridge <bridge@example.test>' },
    })
    here.amo.faults.plan({ match: { method: 'POST', path: '/api/v4/leads/complex' }, do: '403-json', times: 'always' })
    const orders = [here.shop.placeOrder({ phone: '+79161234567' }), here.shop.placeOrder({ phone: '+79161234568' })]
    await until('two incidents', async () => (await here.incidents()).filter(({ code }) => code === 'order-failed').length === 2)
    mail.refusing = false
    await until('mail of both', () => orders.every(({ id }) => mail.mails.some(({ raw }) => bodyOf(raw).includes(`Заказ ${id} `))))
    const [first] = mail.mails
    expect(first).toMatchObject({ from: 'bridge@example.test', to: ['owner@example.test', 'second@example.test'] })
    expect(bodyOf(first?.raw ?? '')).toContain('amobridge queue retry')
    expect(first?.raw).not.toContain('+7916')
  })

  test('not twice after a restart, and not at all of what was told', async () => {
    await using hook = await startReceiver()
    await using here = await startInstallation({ notify: `webhook: { url: "${hook.url}", secret: "${secret}" }` })
    await failOrder(here)
    await until('a webhook', () => hook.received.length === 1)
    await here.restart()
    await here.clockPasses(10_000)
    expect(hook.received).toHaveLength(1)
  })

  test('and no order waits for it: an address that never answers costs nothing', async () => {
    await using here = await startInstallation({ notify: `webhook: { url: "http://127.0.0.1:9/", secret: "${secret}" }` })
    const order = await failOrder(here)
    await here.admin.retry({ status: 'failed' })
    await here.dealOf(order.id)
    expect(here.dealsOf(order.id)).toHaveLength(1)
  })
})

describe('secrets of the ways to people', () => {
  test('are sealed in the database and left out of the export', async () => {
    await using here = await startInstallation({ notify: `webhook: { url: "https://hooks.example.test/", secret: "${secret}" }` })
    const rows = await here.app.database.read.selectFrom('connection_secrets').selectAll().execute()
    expect(rows).toMatchObject([{ name: 'notify.webhook.secret' }])
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6))
    expect(await here.admin.exportSettings()).not.toContain(secret.slice(6))
  })
})

describe('GET /api/v1/incidents', () => {
  const get = (here: Installation, path: string, token?: string) =>
    fetch(
      `${here.app.config.publicUrl}/api/v1/incidents${path}`,
      token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
    )

  test('answers a page at a time to whoever has a token', async () => {
    await using here = await startInstallation()
    const token = await here.admin.addToken('monitoring')
    await failOrder(here)
    here.amo.faults.plan({ match: { method: 'POST', path: '/api/v4/leads/complex' }, do: '403-json' })
    here.shop.placeOrder({ phone: '+79161234568' })
    await until('two incidents', async () => (await here.incidents()).length >= 2)
    const first = (await (await get(here, '?limit=1&lang=en', token)).json()) as { incidents: { title: string }[]; next: string }
    expect(first.incidents).toMatchObject([{ code: 'order-failed', connection: 'shop-1', title: 'Order not delivered' }])
    const second = await (await get(here, `?limit=1&after=${first.next}`, token)).json()
    expect(second).toMatchObject({ incidents: [{ code: 'order-failed' }], next: null })
  })

  test.each([
    { note: 'no token', token: () => undefined, path: '', status: 401 },
    { note: 'a wrong token', token: () => `amb_${'x'.repeat(43)}`, path: '', status: 401 },
    { note: 'an unknown connection', token: (mine: string) => mine, path: '?connection=nope', status: 404 },
    { note: 'a question we do not know', token: (mine: string) => mine, path: '?colour=red', status: 400 },
  ])('$note: $status', async ({ token, path, status }) => {
    await using here = await startInstallation()
    const mine = await here.admin.addToken('monitoring')
    const answer = await get(here, path, token(mine))
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } })
  })

  test('a token that was revoked opens nothing, and none is kept in the clear', async () => {
    await using here = await startInstallation()
    const token = await here.admin.addToken('monitoring')
    await expect(here.admin.addToken('monitoring')).rejects.toThrow('already')
    expect((await get(here, '', token)).status).toBe(200)
    expect(JSON.stringify(await here.app.database.read.selectFrom('api_tokens').selectAll().execute())).not.toContain(token)
    expect(await here.admin.revokeToken('monitoring')).toBe(true)
    expect((await get(here, '', token)).status).toBe(401)
    expect(await here.admin.listTokens()).toEqual([])
  })
})
