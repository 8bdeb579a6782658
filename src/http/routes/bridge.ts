import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseJson, readExchange } from '../../bitrix/protocol.ts'
import { isFresh, isSigned, readSignedHeaders, type SignedHeaders, sign } from '../../bitrix/signature.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Connection } from '../../ports/connections.ts'
import type { ExchangeRequest } from '../../ports/exchange.ts'
import { type AcceptDeps, acceptExchange } from '../../sync/accept-exchange.ts'
import type { HttpLog } from '../server.ts'

export interface BridgeDeps extends AcceptDeps {
  clock: Clock
}

/** What an unknown connection is checked against, so that it takes as long to refuse as a wrong signature. */
const nobodysSecrets = [`whsec_${Buffer.alloc(32).toString('base64')}`]
const retryAfterSec = 30

interface Answer {
  status: number
  body: unknown
  headers?: Record<string, string>
}

/** `POST /bridge/v1/exchange`: the module's own call. What is acknowledged is committed. */
export function addBridgeRoute(app: FastifyInstance, deps: BridgeDeps, log: HttpLog): void {
  // The signature covers the raw bytes, whatever their content type says.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.post('/bridge/v1/exchange', async (request, reply) => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const signed = readSignedHeaders((name) => headerOf(request, name))
    const caller = await findCaller(deps, headerOf(request, 'amobridge-connection') ?? '', signed, raw).catch((error: unknown) => {
      log.error({ error: String(error) }, 'exchange not accepted: the connection could not be read')
      return 'unavailable' as const
    })
    if (caller === 'unavailable') return send(reply, unavailable)
    if (caller === undefined || signed === undefined) return send(reply, stranger)
    const answer = await answerTo(deps, log, caller, signed, raw)
    const body = JSON.stringify(answer.body)
    const nowSec = Math.floor(deps.clock.now() / 1000)
    return send(reply, answer, body, { ...sign(caller.shop.secrets, signed['webhook-id'], nowSec, body) })
  })
}

/** undefined: unknown or not signed by it; nobody is told which. */
async function findCaller(
  { exchanges }: BridgeDeps,
  idOrName: string,
  signed: SignedHeaders | undefined,
  raw: Buffer,
): Promise<Connection | undefined> {
  const connection = await exchanges.findConnection(idOrName)
  const secrets = connection?.shop.secrets ?? []
  const headers = signed ?? { 'webhook-id': '-', 'webhook-timestamp': '0', 'webhook-signature': 'v1,' }
  const fits = isSigned(secrets.length > 0 ? secrets : nobodysSecrets, headers, raw)
  return fits && secrets.length > 0 ? connection : undefined
}

async function answerTo(deps: BridgeDeps, log: HttpLog, connection: Connection, signed: SignedHeaders, raw: Buffer): Promise<Answer> {
  const nowMs = deps.clock.now()
  if (!isFresh(signed, nowMs)) return { status: 401, body: { error: { code: 'clock', time: new Date(nowMs).toISOString() } } }
  const request = readExchange(parseJson(raw.toString('utf8')))
  if (!request.ok) return failure(400, 'malformed', `the exchange cannot be read: ${request.problem}`)
  try {
    return await accept(deps, log, connection, signed, request.value)
  } catch (error) {
    log.error({ connection: connection.id, error: String(error) }, 'exchange not accepted: nothing was stored, the shop comes again')
    return unavailable
  }
}

async function accept(
  deps: BridgeDeps,
  log: HttpLog,
  connection: Connection,
  signed: SignedHeaders,
  request: ExchangeRequest,
): Promise<Answer> {
  const outcome = await acceptExchange(connection, signed['webhook-id'], request, deps)
  switch (outcome.kind) {
    case 'accepted':
      for (const { id, code, message } of request.rejected) {
        log.warn({ connection: connection.id, event: id, code, reason: message }, 'event rejected')
      }
      return { status: 200, body: { accepted: outcome.ids, rejected: outcome.rejected, commands: outcome.commands } }
    case 'replayed':
      return failure(409, 'replay', 'this webhook-id was used within the last ten minutes: send each attempt with a new one')
    case 'foreign':
      return failure(
        409,
        'installation',
        `the connection ${connection.name} is bound to another installation or host: pair again if the shop has moved`,
      )
    case 'off':
      return failure(409, 'off', `the connection ${connection.name} is switched off: switch it on in Amobridge, or disconnect it here`)
  }
}

const failure = (status: number, code: string, message: string): Answer => ({ status, body: { error: { code, message } } })
const stranger = failure(401, 'signature', 'unknown connection or wrong signature: pair the shop again')
const unavailable: Answer = {
  ...failure(503, 'unavailable', 'nothing was stored: try again later'),
  headers: { 'retry-after': String(retryAfterSec) },
}

function send(
  reply: FastifyReply,
  { status, body, headers = {} }: Answer,
  text = JSON.stringify(body),
  signature: Record<string, string> = {},
): FastifyReply {
  return reply
    .status(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers, ...signature })
    .send(text)
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}
