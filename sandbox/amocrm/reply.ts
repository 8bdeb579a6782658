/** An HTTP answer before it is written. `body` null: no body at all, as with 204. */
export interface Reply {
  status: number
  headers: Record<string, string>
  body: string | null
}

export function hal(data: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/hal+json' }, body: JSON.stringify(data) }
}

export const noContent: Reply = { status: 204, headers: {}, body: null }

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

export function problem(status: number, detail: string, extra: Record<string, unknown> = {}): Reply {
  const body = { ...extra, title: titles[status] ?? 'Error', type: `https://httpstatus.es/${status}`, status, detail }
  return { status, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(body) }
}

/** The page of the gateway in front of amoCRM: what a blocked or hurried client gets instead of JSON. */
export function gatewayPage(status: number): Reply {
  const title = `${status} ${titles[status] ?? ''}`
  const head = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n`
  return { status, headers: { 'content-type': 'text/html' }, body: `${head}<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n` }
}

export function json(data: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(data) }
}

/** Ends a request with this answer; thrown before anything was changed. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly reply: Reply

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`)
    this.reply = reply
  }
}

export function refuse(status: number, detail: string, extra?: Record<string, unknown>): never {
  throw new Refusal(problem(status, detail, extra))
}
