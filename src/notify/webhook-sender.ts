import type { LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import type { Clock } from '../ports/clock.ts'
import { NoticeError, type WebhookSender } from '../ports/notices.ts'

const timeoutMs = 10_000
const longestAnswer = 64 * 1024

export interface WebhookSenderOptions {
  clock: Pick<Clock, 'now'>
  /** Judges what DNS answered, at the moment of connecting. */
  lookup: LookupFunction
  /** Throws for an address that is not to be called. */
  requireUrl(url: string): URL
  /** Standard Webhooks; the secret as `whsec_…`. */
  sign(secret: string, id: string, timestampSec: number, body: string): object
}

/** Posts to the address people gave. No redirect is followed; any 2xx is taken as delivered. */
export function createWebhookSender({ clock, lookup, requireUrl, sign }: WebhookSenderOptions): WebhookSender & { close(): Promise<void> } {
  const agent = new Agent({
    connect: { lookup, timeout: 5_000 },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: longestAnswer,
  })
  return {
    async send({ url, secret, id, body }, signal) {
      const signed = secret === null ? { 'webhook-id': id } : sign(secret, id, Math.floor(clock.now() / 1000), body)
      let status: number
      try {
        const response = await request(requireUrl(url), {
          dispatcher: agent,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...signed },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        })
        status = response.statusCode
        await response.body.dump()
      } catch (cause) {
        signal.throwIfAborted()
        throw new NoticeError(`the webhook's address did not answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
      }
      if (status < 200 || status >= 300) throw new NoticeError(`the webhook's address answered ${status}`)
    },
    close: () => agent.destroy(),
  }
}
