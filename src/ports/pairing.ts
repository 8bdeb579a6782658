import type { Connection } from './connections.ts'

/** What the module tells about its shop when it spends a code. */
export interface ShopIntroduction {
  endpoint: string
  installation: string
  host: string
  profile: unknown
}

/** How a shop answered a sign of life. */
export type Ping = { kind: 'reached'; installation: string; host: string; clockOffsetMs: number } | { kind: 'not-reached'; why: string }

export interface PairingStore {
  /** A new code ends the connection's earlier ones and begins its count of wrong tries. */
  putCode(code: { hash: string; connection: Connection['id']; expiresAtMs: number }): Promise<void>
  /**
   * Spends the code and binds the shop in one transaction, with a `ping` for the shop. undefined: wrong, spent, expired, or ended by
   * wrong tries; the try is counted.
   */
  redeem(
    attempt: { hash: string; address: string },
    shop: ShopIntroduction & { secret: string },
  ): Promise<{ connection: string; shopKey: string } | undefined>
  /** Binds the shop that showed its own secret; installation and host are those of its first exchange. A `ping` waits for it. */
  bind(connection: Connection['id'], shop: { endpoint: string; secret: string }): Promise<void>
}
