import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { CommandResult } from './commands/outcome.ts'
import { Command, type Commands } from './commands/run.ts'
import { maxBytes, packEvents } from './events.ts'
import { toInstant } from './format.ts'
import { header, parseJson, readBody } from './http.ts'
import type { ShopModule } from './module.ts'
import { isSigned, type Stamp, sign } from './signature.ts'

const Call = z.object({ protocol: z.literal(1), commands: z.array(z.unknown()).default([]), accepted: z.array(z.string()).default([]) })

const toleranceSec = 300
const replayMs = 10 * 60_000
const maxCommands = 50
/** Kept free of the 900 KB for the envelope. */
const envelopeBytes = 2048

interface Answer {
  status: number
  body: string
  signed: boolean
}

/** exchange.php: verifies the service's call, carries out its commands, hands over the events that wait. */
export function createEndpoint(shop: ShopModule, commands: Commands, delay: (ms: number) => Promise<void>) {
  const seenIds = new Map<string, number>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const faults = shop.faults.now
    if (faults.down === true) return void request.socket.destroy()
    const body = await readBody(request)
    if (faults.slowMs !== undefined) await delay(faults.slowMs)
    if (faults.error500 === true)
      return void response.writeHead(500, { 'content-type': 'text/html' }).end('<b>Fatal error</b>: Allowed memory size exhausted')
    if (faults.htmlAnswers === true)
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Checking your browser…</body></html>')

    const stamp = { id: header(request, 'webhook-id'), timestamp: header(request, 'webhook-timestamp') }
    const answer = body === undefined ? unsigned(413, 'too_large', 'Тело больше 1 МиБ') : answerTo(request, stamp, body)
    if (faults.loseAnswerAfterApplying === true) return void request.socket.destroy()
    send(response, stamp, answer)
  }

  function answerTo(request: IncomingMessage, stamp: Stamp, body: Buffer): Answer {
    if (request.method !== 'POST') return unsigned(405, 'method', 'Только POST')
    if (!isFromService(request, stamp, body)) return unsigned(401, 'signature', 'Подпись не подошла')
    const nowMs = shop.nowMs()
    if (Math.abs(nowMs / 1000 - Number(stamp.timestamp)) > toleranceSec)
      return signed(401, { error: { code: 'clock', time: toInstant(nowMs) } })
    if (isReplay(stamp.id, nowMs)) return failure(409, 'replay', 'Такой запрос уже был')
    const call = Call.safeParse(parseJson(body))
    if (!call.success) return failure(400, 'malformed', z.prettifyError(call.error))
    return serve(call.data)
  }

  function isFromService(request: IncomingMessage, stamp: Stamp, body: Buffer): boolean {
    const { connection } = shop
    const named = header(request, 'amobridge-connection')
    if (connection === null || shop.faults.now.refuseSignature === true) return false
    if (named !== '' && named !== connection.name) return false
    if (stamp.id === '' || !/^\d{1,12}$/.test(stamp.timestamp)) return false
    return isSigned([connection.secret], stamp, body, header(request, 'webhook-signature'))
  }

  function isReplay(id: string, nowMs: number): boolean {
    for (const [known, atMs] of seenIds) {
      if (atMs > nowMs - replayMs) break
      seenIds.delete(known)
    }
    if (seenIds.has(id)) return true
    seenIds.set(id, nowMs)
    return false
  }

  function serve(call: z.infer<typeof Call>): Answer {
    const isCopy = shop.faults.now.copy === true
    if (!isCopy) shop.outbox.settle(call.accepted, [])
    const results: CommandResult[] = []
    let budget = maxBytes - envelopeBytes
    // What does not fit is left undone: the service keeps a command until its result arrives.
    for (const raw of call.commands.slice(0, maxCommands)) {
      const command = Command.safeParse(raw)
      if (!command.success) return failure(400, 'malformed', z.prettifyError(command.error))
      const result = commands.run(command.data, 'endpoint')
      budget -= Buffer.byteLength(JSON.stringify(result)) + 1
      if (budget < 0 && results.length > 0) break
      results.push(result)
    }
    const events = isCopy ? [] : packEvents(shop, budget).texts
    const head = JSON.stringify({ installation: shop.installation, host: shop.host, results })
    return { status: 200, body: `${head.slice(0, -1)},"events":[${events.join(',')}]}`, signed: true }
  }

  function send(response: ServerResponse, stamp: Stamp, answer: Answer): void {
    response
      .writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...signatureOf(answer, stamp.id) })
      .end(answer.body)
  }

  function signatureOf(answer: Answer, requestId: string): Record<string, string> {
    const { connection, faults } = shop
    if (!answer.signed || connection === null || faults.now.unsignedAnswers === true) return {}
    const id = faults.now.foreignAnswers === true ? `${requestId}-other` : requestId
    const timestamp = String(Math.floor(shop.nowMs() / 1000))
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': sign([connection.secret], { id, timestamp }, answer.body),
    }
  }

  return { handle }
}

const signed = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body), signed: true })
const failure = (status: number, code: string, message: string): Answer => signed(status, { error: { code, message } })
const unsigned = (status: number, code: string, message: string): Answer => ({ ...failure(status, code, message), signed: false })
