import type { Dispatcher } from 'undici'

export interface RawRequest {
  origin: string
  path: string
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  headers: Record<string, string>
  body: string | undefined
}

export interface RawAnswer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

/** No complete answer came. `sent` is false only where not one byte of the request can have left. */
export class ExchangeFailure extends Error {
  override name = 'ExchangeFailure'
  readonly sent: boolean
  constructor(sent: boolean, cause: unknown) {
    super(sent ? 'no complete answer' : 'nothing was sent', { cause })
    this.sent = sent
  }
}

/** The request was ready, and its time to leave was over. */
export class TooLateError extends Error {
  override name = 'TooLateError'
}

/**
 * One request and its whole answer, redirects not followed. Rejects with ExchangeFailure; also when `signal` ends it, with the reason as cause,
 * and with TooLateError as cause when `mayLeave` says no at the last moment: the process may have been frozen since it was allowed.
 */
export function exchange(dispatcher: Dispatcher, request: RawRequest, signal: AbortSignal, mayLeave: () => boolean): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false
    let cancel: ((reason: Error) => void) | undefined
    let status = 0
    let headers: RawAnswer['headers'] = {}
    const chunks: Buffer[] = []

    const fail = (cause: unknown) => {
      signal.removeEventListener('abort', stop)
      reject(new ExchangeFailure(sent, cause))
    }
    const stop = () => {
      fail(signal.reason)
      cancel?.(new Error('stopped'))
    }
    if (signal.aborted) return fail(signal.reason)
    signal.addEventListener('abort', stop, { once: true })

    dispatcher.dispatch(
      { ...request, body: request.body ?? null },
      {
        // Called on an open connection just before the first byte is written.
        onRequestStart(controller) {
          if (signal.aborted) return controller.abort(new Error('stopped'))
          if (!mayLeave()) return controller.abort(new TooLateError('it was too late to send the request'))
          cancel = (reason) => controller.abort(reason)
          sent = true
        },
        onResponseStart(_controller, statusCode, answerHeaders) {
          status = statusCode
          headers = answerHeaders
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          signal.removeEventListener('abort', stop)
          resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') })
        },
        onResponseError(_controller, error) {
          fail(error)
        },
      },
    )
  })
}
