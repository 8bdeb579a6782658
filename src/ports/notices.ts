import type { ConnectionId } from '../core/ids.ts'
import type { Language } from '../core/messages/language.ts'
import type { Incident } from './incidents.ts'

export type Channel = 'email' | 'webhook'

/** An incident on its way to people, by one channel of one connection. */
export interface Notice {
  /** Stays through all tries: the receiver knows a repeat by it. */
  id: string
  connection: { id: ConnectionId; name: string }
  channel: Channel
  incident: Incident
  attempts: number
  createdAtMs: number
}

/** How the people of one connection are reached, read anew for each round. */
export interface Reach {
  connection: { id: ConnectionId; name: string }
  language: Language
  /** Empty: no mail. */
  email: string[]
  webhook: { url: string; secret: string | null } | null
}

export interface NoticeStore {
  now(): Promise<number>
  /** Connections that want to be told anything. */
  listReaches(): Promise<Reach[]>
  /** Makes notices of incidents that nobody was told of, one for each channel of `reaches`; an incident without a connection goes to all of them. */
  plan(reaches: { connection: ConnectionId; channels: Channel[] }[]): Promise<void>
  /** Due ones, put off by `leaseMs` so that another replica does not send them too. */
  take(limit: number, leaseMs: number): Promise<Notice[]>
  settle(ended: { id: string; outcome: NoticeOutcome }[]): Promise<void>
}

export type NoticeOutcome =
  | { kind: 'sent' }
  | { kind: 'later'; attempts: number; dueAtMs: number; reason: string }
  | { kind: 'given-up'; reason: string }

/** Throws NoticeError when it was not delivered. */
export interface Mailer {
  send(mail: { to: string[]; subject: string; text: string; id: string }, signal: AbortSignal): Promise<void>
}
export interface WebhookSender {
  send(hook: { url: string; secret: string | null; id: string; body: string }, signal: AbortSignal): Promise<void>
}

/** Not delivered; the message says why, without addresses of people. */
export class NoticeError extends Error {
  override name = 'NoticeError'
}
