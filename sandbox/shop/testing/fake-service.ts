import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { parseJson, readBody } from '../http.ts'
import { isSigned, sign } from '../signature.ts'

export const secret = `whsec_${Buffer.from('the bridge of tests, 32 bytes!!!').toString('base64')}`
export const connectionName = 'shop-1'

const Event = z.object({
  id: z.string(),
  type: z.string(),
  epoch: z.string(),
  rev: z.string(),
  origin: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
})
const Result = z.object({
  id: z.string(),
  ok: z.boolean(),
  changed: z.boolean().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  error: z
    .object({ code: z.string(), message: z.string(), retry: z.boolean(), data: z.record(z.string(), z.unknown()).optional() })
    .optional(),
})
const Body = z.object({
  protocol: z.literal(1),
  installation: z.string(),
  host: z.string(),
  events: z.array(Event),
  results: z.array(Result),
})
export type ExchangeBody = z.infer<typeof Body>
const Answer = z.object({ installation: z.string(), host: z.string(), events: z.array(Event), results: z.array(Result) })

/** How the service answers one exchange. */
export interface Reply {
  status?: number
  body: unknown
  headers?: Record<string, string>
  /** Signs with another secret, for another id, or not at all. */
  flaw?: 'secret' | 'id' | 'unsigned' | 'html'
}

export const acceptAll = (body: ExchangeBody): Reply => ({
  body: { accepted: body.events.map((event) => event.id), rejected: [], commands: [] },
})

/** A service of a hundred lines: checks the module's signatures, answers as the test says, calls exchange.php. */
export async function startFakeService() {
  const received: { headers: IncomingHttpHeaders; body: ExchangeBody; bytes: number }[] = []
  const pairings: unknown[] = []
  let reply: (body: ExchangeBody, headers: IncomingHttpHeaders) => Reply | Promise<Reply> = acceptAll

  const server = createServer(async (request, response) => {
    const raw = await readBody(request)
    if (raw === undefined) return void response.writeHead(413).end()
    if (request.url === '/bridge/v1/pair') {
      pairings.push(parseJson(raw))
      return void response.end(JSON.stringify({ connection: connectionName, secret, shopKey: 'kqzvma' }))
    }
    const stamp = { id: String(request.headers['webhook-id']), timestamp: String(request.headers['webhook-timestamp']) }
    if (!isSigned([secret], stamp, raw, String(request.headers['webhook-signature']))) return void response.writeHead(401).end()
    const body = Body.parse(parseJson(raw))
    received.push({ headers: request.headers, body, bytes: raw.length })
    const { status = 200, body: answer, headers = {}, flaw } = await reply(body, request.headers)
    const text = flaw === 'html' ? '<html></html>' : JSON.stringify(answer)
    const own = { id: flaw === 'id' ? 'msg_other' : stamp.id, timestamp: stamp.timestamp }
    const signature = sign([flaw === 'secret' ? 'whsec_b3RoZXI=' : secret], own, text)
    const signed = flaw === 'unsigned' ? {} : { 'webhook-id': own.id, 'webhook-timestamp': own.timestamp, 'webhook-signature': signature }
    response.writeHead(status, { ...headers, ...signed }).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`

  return {
    url,
    received,
    pairings,
    events: () => received.flatMap(({ body }) => body.events),
    results: () => received.flatMap(({ body }) => body.results),
    answer: (with_: typeof reply) => {
      reply = with_
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface CallOptions {
  id?: string
  timestampSec?: number
  signWith?: string
  connection?: string
  rawBody?: string
}

let calls = 0

/** A call of exchange.php as the service makes it; throws when the answer is not signed for this request. */
export async function call(
  endpoint: string,
  nowMs: number,
  commands: readonly unknown[],
  accepted: readonly string[] = [],
  options: CallOptions = {},
) {
  const answer = await callRaw(endpoint, nowMs, commands, accepted, options)
  if (answer.status !== 200 || !answer.signed) throw new Error(`${answer.status} ${answer.text}`)
  return Answer.parse(parseJson(answer.text))
}

export async function callRaw(
  endpoint: string,
  nowMs: number,
  commands: readonly unknown[],
  accepted: readonly string[] = [],
  options: CallOptions = {},
) {
  calls += 1
  const body = options.rawBody ?? JSON.stringify({ protocol: 1, commands, accepted })
  const stamp = { id: options.id ?? `msg_test_${calls}`, timestamp: String(options.timestampSec ?? Math.floor(nowMs / 1000)) }
  const headers: Record<string, string> = {
    'webhook-id': stamp.id,
    'webhook-timestamp': stamp.timestamp,
    'webhook-signature': sign([options.signWith ?? secret], stamp, body),
  }
  if (options.connection !== undefined) headers['amobridge-connection'] = options.connection
  const response = await fetch(endpoint, { method: 'POST', body, headers })
  const text = await response.text()
  const own = { id: response.headers.get('webhook-id') ?? '', timestamp: response.headers.get('webhook-timestamp') ?? '' }
  const signed = own.id === stamp.id && isSigned([secret], own, text, response.headers.get('webhook-signature') ?? '')
  return { status: response.status, text, signed }
}
