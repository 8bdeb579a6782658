import { request as plainRequest } from 'undici'
import { z } from 'zod'
import { type AmoEmulator, type AmoEmulatorOptions, startAmoEmulator } from '../emulator.ts'

export interface Answer {
  status: number
  type: string
  headers: Headers
  text: string
  /** Parsed when it is JSON. */
  body: unknown
}

export interface Fixture extends AsyncDisposable {
  amo: AmoEmulator
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Control over HTTP, as another process uses it. */
  control(verb: string, body?: unknown): Promise<Answer>
}

/** An emulator without limits and a client with the long-lived token; paths below /api/v4 may leave that out. */
export async function startFixture(options: AmoEmulatorOptions = {}): Promise<Fixture> {
  const amo = await startAmoEmulator({ requestsPerSecond: 10_000, accountRequestsPerSecond: 10_000, ...options })
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const full = /^\/(?:api|oauth2|_control|board|_board)\b|^\/$/.test(path) ? path : `/api/v4${path}`
    return request(`${amo.url}${full}`, method, body, { authorization: `Bearer ${amo.tokens.longLived()}`, ...headers })
  }
  return {
    amo,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    control: (verb, body = {}) => send('POST', `/_control/${verb}`, body),
    [Symbol.asyncDispose]: amo.close,
  }
}

export async function request(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const hasBody = body !== undefined
  const response = await fetch(url, {
    method,
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type') ?? '', headers: response.headers, text, body: parsed(text) }
}

/** With a Host header of its own, which fetch would not send. */
export async function requestAtHost(host: string, url: string, method: 'GET' | 'POST', body: object, headers: Record<string, string>) {
  const hasBody = method === 'POST'
  const answer = await plainRequest(url, {
    method,
    headers: { ...headers, host, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    body: hasBody ? JSON.stringify(body) : null,
  })
  const text = await answer.body.text()
  return { status: answer.statusCode, text, body: parsed(text) }
}

function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined
  const value: unknown = JSON.parse(text)
  return value
}

const Row = z.looseObject({ id: z.int() })
const Collection = z.looseObject({ _embedded: z.record(z.string(), z.array(z.looseObject({}))) })

/** Rows of a collection; none for 204. */
export function rowsOf({ status, body }: Answer): Record<string, unknown>[] {
  return status === 204 ? [] : Object.values(Collection.parse(body)._embedded).flat()
}

export const idsOf = (answer: Answer): number[] => rowsOf(answer).map((row) => Row.parse(row).id)

export function firstId(answer: Answer): number {
  const [id] = idsOf(answer)
  if (id === undefined) throw new Error(`no rows: ${answer.status} ${answer.text}`)
  return id
}

const Errors = z.looseObject({
  'validation-errors': z.array(
    z.object({ request_id: z.string(), errors: z.array(z.object({ code: z.string(), path: z.string(), detail: z.string() })) }),
  ),
})

/** `request_id code path` of every validation error. */
export function errorsOf({ body }: Answer): string[] {
  return Errors.parse(body)['validation-errors'].flatMap(({ request_id, errors }) =>
    errors.map(({ code, path }) => `${request_id} ${code} ${path}`),
  )
}

/** As stored: `[{ field_code, values }]` for one value. */
export const field = (name: number | string, ...values: unknown[]) => ({
  ...(typeof name === 'number' ? { field_id: name } : { field_code: name }),
  values: values.map((value) => ({ value })),
})
