import type { AccountId, ConnectionId } from '../core/ids.ts'

/** setup: everything is accepted, only the order chosen as proof flows. paused: accepted, nothing is sent to either side. off: kept with its pairs, refuses events. */
export type ConnectionMode = 'setup' | 'on' | 'paused' | 'off'

/** One shop paired with one amoCRM account. */
export interface Connection {
  id: ConnectionId
  /** From the settings file: a-z 0-9 -, unique. */
  name: string
  /** Six letters in every marker; never changes. */
  shopKey: string
  accountId: AccountId | null
  mode: ConnectionMode
  /** The one order that flows in setup. */
  proofOrder: string | null
  switchedOnAt: Date | null
  shop: {
    /** The module's exchange.php; null until paired or set. */
    endpoint: string | null
    /** `whsec_…`, newest first; several while a secret is rotated; none before pairing. */
    secrets: string[]
    /** Bound at the first exchange; another one is a copy and is refused. */
    installation: string | null
    host: string | null
    /** Add to our clock to get the shop's. */
    clockOffsetMs: number
    /** The shop's own description (`profile.get`), unparsed. */
    profile: unknown
    lastExchangeAt: Date | null
  }
  /** As written in the settings file, secrets taken out; parsed by core/settings. */
  settings: unknown
}
