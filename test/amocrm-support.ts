import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AmoClient, AmoClientOptions } from '../src/amocrm/client/client.ts'
import { createAmoClient } from '../src/amocrm/client/client.ts'
import { createLimiter } from '../src/amocrm/client/limiter.ts'
import { createMovableClock, type MovableClock } from '../src/amocrm/client/movable-clock.ts'
import { createMemoryLog } from '../src/amocrm/client/sliding-log.ts'
import { type Call, type RequestClass, requestClasses } from '../src/ports/crm.ts'

export interface StubRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** Parsed JSON; undefined without a body. */
  body: unknown
}
export type StubAnswer =
  | { status: number; json?: unknown; text?: string; headers?: Record<string, string> }
  /** The connection is cut without an answer, or in the middle of one. */
  | { cut: 'before-answer' | 'in-answer' }
  /** Never answered. */
  | 'silence'

export interface Stub extends AsyncDisposable {
  url: string
  requests: StubRequest[]
}

/** A server that answers the first request with the first answer, and so on; the last answer stays. */
export async function startStub(...answers: (StubAnswer | ((request: StubRequest) => StubAnswer))[]): Promise<Stub> {
  const requests: StubRequest[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://stub')
      const text = Buffer.concat(chunks).toString('utf8')
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      const request = { method: incoming.method ?? '', path: url.pathname, query: url.searchParams, headers: incoming.headers, body }
      const answer = answers[Math.min(requests.length, answers.length - 1)] ?? { status: 204 }
      requests.push(request)
      give(response, typeof answer === 'function' ? answer(request) : answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function give(response: ServerResponse, answer: StubAnswer): void {
  if (answer === 'silence') return
  if ('cut' in answer) {
    if (answer.cut === 'before-answer') return void response.destroy()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"id":', () => response.destroy())
    return
  }
  const isJson = answer.json !== undefined
  const type = isJson ? (answer.status < 400 ? 'application/hal+json' : 'application/problem+json') : 'text/html'
  response.writeHead(answer.status, { 'content-type': type, 'x-request-id': 'req-1', ...answer.headers })
  response.end(answer.status === 204 ? undefined : isJson ? JSON.stringify(answer.json) : (answer.text ?? ''))
}

export type TestClient = { client: AmoClient<RequestClass>; clock: MovableClock } & AsyncDisposable

/** The real client before the given address, with a clock that stands still. */
export function startClient(url: string, options: Partial<Omit<AmoClientOptions<RequestClass>, 'host' | 'baseUrl'>> = {}): TestClient {
  const clock = createMovableClock()
  const gate = createLimiter({ classes: requestClasses, perSecond: () => 50, log: createMemoryLog(clock), clock, random: () => 0 })
  const client = createAmoClient<RequestClass>({
    baseUrl: url,
    accessToken: async () => 'secret-token',
    gate,
    userAgent: 'amobridge-test/1',
    clock,
    ...options,
  })
  return { client, clock, [Symbol.asyncDispose]: () => client.close() }
}

export const call: Call = { class: 'live-create', signal: new AbortController().signal }
