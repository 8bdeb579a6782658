import type { Faults } from './faults.ts'
import type { Entropy } from './ids.ts'
import type { Orders } from './orders.ts'
import type { Outbox } from './outbox.ts'
import type { Links } from './snapshot.ts'
import type { Store } from './store.ts'

/** Families of commands an administrator ticks on the module's page; reading needs no tick, except for products. */
export const commandFamilies = ['statuses', 'properties', 'buyers', 'products'] as const
export type CommandFamily = (typeof commandFamilies)[number]

export interface Connection {
  serviceUrl: string
  /** Name sent as `amobridge-connection`. */
  name: string
  secret: string
  shopKey: string | null
}

/** Numbers that order the versions of everything the module shows. */
export interface Revisions {
  epoch(): string
  /** Raises the counter; call it before the object is read. */
  next(): string
  /** As after a restored backup: the counter runs backwards, which begins a new epoch. */
  restart(): void
}

export function createRevisions(createEpoch: () => string): Revisions {
  let epoch = createEpoch()
  let counter = 0
  return {
    epoch: () => epoch,
    next: () => {
      counter += 1
      return String(counter)
    },
    restart: () => {
      epoch = createEpoch()
      counter = 0
    },
  }
}

/** The module inside the shop: what its two directions, answering and sending, share. */
export interface ShopModule {
  readonly store: Store
  readonly outbox: Outbox
  readonly orders: Orders
  readonly revisions: Revisions
  readonly faults: Faults
  readonly ticks: Set<CommandFamily>
  readonly links: Links
  readonly installation: string
  readonly host: string
  /** The shop's own wall clock, wrong if a fault says so. */
  readonly nowMs: () => number
  readonly entropy: Entropy
  connection: Connection | null
}
