import type { ApiToken } from './api-tokens.ts'
import type { Incident } from './incidents.ts'
import type { Ping } from './pairing.ts'
import type { QueueFilter, QueueRow } from './queue-admin.ts'

/** What a person asks of an installation, by command line today and by the console; each works with the service running or stopped. */
export interface Admin {
  status(): Promise<StatusReport>
  apply(request: ApplyRequest): Promise<ApplyReport>
  /** The settings file without secrets, with the version it was written from. */
  exportSettings(): Promise<string>
  /** A new pairing code for the module's page. */
  pair(connection: string): Promise<{ code: string; expiresAt: Date }>
  /** The other way round: the module's page showed `endpoint#connection#secret`. */
  pairWithText(connection: string, text: string): Promise<Ping>
  setPaused(connection: string, paused: boolean): Promise<void>
  listQueue(filter: QueueFilter, limit: number): Promise<QueueRow[]>
  retry(filter: QueueFilter): Promise<number>
  skip(filter: QueueFilter): Promise<number>
  findOrder(id: string, connection: string | undefined): Promise<OrderReport | undefined>
  listIncidents(filter: { connection?: string; closedToo: boolean }): Promise<Incident[]>
  closeIncident(id: string): Promise<boolean>
  /** A new token for `/api/v1`: shown now and never again. */
  addToken(name: string): Promise<string>
  listTokens(): Promise<ApiToken[]>
  revokeToken(name: string): Promise<boolean>
  close(): Promise<void>
}

/** A request that names something that is not there, or leaves out what cannot be guessed. The message says what to do. */
export class WrongRequestError extends Error {
  override name = 'WrongRequestError'
}

export interface ConnectionStatus {
  name: string
  id: string
  state: string
  account: { id: number | null; subdomain: string | null } | null
  queue: { pending: number; running: number; failed: number }
  lagSeconds: number
  breaker: 'closed' | 'open' | 'half-open'
  tokenDaysLeft: number | null
  lastExchangeAt: Date | null
  incidents: number
  /** People of the account that are known; orders do not wait until all are. null: no account yet. */
  contacts: { known: number; complete: boolean } | null
}
export interface StatusReport {
  healthy: boolean
  connections: ConnectionStatus[]
}

export interface ApplyRequest {
  text: string
  dryRun: boolean
  force: boolean
  /** Names of connections to remove with their pairs. */
  remove: string[]
}
export interface ApplyReport {
  ok: boolean
  /** What was wrong, in the reader's words: nothing was changed then. */
  problems: string[]
  warnings: string[]
  /** What changed, one line each; empty: nothing. */
  changes: string[]
  version: number | null
}

export interface OrderReport {
  order: { id: string; number: string; status: string; total: string; currency: string; deleted: boolean; connection: string }
  pair: { dealId: number; contactId: number | null; companyId: number | null; state: string } | null
  timeline: { at: Date; step: string; params: Record<string, string | number | null> }[]
}
