import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { problem } from './reply.ts'
import type { Incoming, Outcome } from './service.ts'

/** Where a path belongs: to amoCRM, to the tests, to the person at the board. */
export interface Parts {
  service(incoming: Incoming): Promise<Outcome>
  control(incoming: Incoming): Outcome
  board(incoming: Incoming): Promise<Outcome>
}

export interface ServerOptions {
  nowMs: () => number
  log: (line: string) => void
}

const maxBodyBytes = 16 * 1024 * 1024

export function createAmoServer(parts: Parts, { nowMs, log }: ServerOptions): Server {
  let answered = 0
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const at = nowMs()
    answer(request, response, at).catch((error: unknown) => {
      if (response.destroyed || request.destroyed) return
      log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`)
      write(response, problem(500, 'Internal server error'))
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse, at: number): Promise<void> {
    const body = await readBody(request)
    const incoming: Incoming = {
      at,
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', 'http://emulator'),
      header: (name) => single(request.headers[name]),
      body,
    }
    const outcome = await outcomeOf(incoming, request.socket.remoteAddress)
    answered += 1
    response.setHeader('x-request-id', String(answered).padStart(32, '0'))
    write(response, outcome)
  }

  async function outcomeOf(incoming: Incoming, remote: string | undefined): Promise<Outcome> {
    const { pathname } = incoming.url
    if (pathname.startsWith('/api/') || pathname.startsWith('/oauth2/')) return parts.service(incoming)
    if (!isLoopback(remote)) return problem(403, 'Loopback only')
    return pathname.startsWith('/_control/') ? parts.control(incoming) : parts.board(incoming)
  }
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address ?? '')
}

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > maxBodyBytes) throw new Error('request body too large')
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function write(response: ServerResponse, outcome: Outcome): void {
  if (outcome === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const { status, headers, body } = outcome
  const length: Record<string, string> = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  response.writeHead(status, { ...headers, ...length })
  response.end(body ?? undefined)
}
