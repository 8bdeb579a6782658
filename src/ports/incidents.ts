import type { ConnectionId } from '../core/ids.ts'
import type { Params } from '../core/messages/language.ts'

export interface NewIncident {
  /** null: of the whole installation. */
  connection: ConnectionId | null
  /** Names title, text and fix in core/messages/incidents.ts. */
  code: string
  /** What it is about: `order:10025`, `setting:orders.fields[2]`, or '' for the connection itself. */
  entity: string
  params: Params
}

/** Something a person should know, in words, with what to do. */
export interface Incident extends NewIncident {
  id: string
  count: number
  openedAt: Date
  lastAt: Date
  closedAt: Date | null
}

export interface IncidentQuery {
  /** By name. */
  connection?: string
  closedToo: boolean
  /** The last id of the page before. */
  after?: string
  limit: number
}
export interface IncidentPage {
  incidents: (Incident & { connectionName: string | null })[]
  /** null: this was the last page. */
  next: string | null
}
