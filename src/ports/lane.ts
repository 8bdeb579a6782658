import type { AccountId } from '../core/ids.ts'

/** The right to speak for one account until `untilMs` of the database's clock. `fence` grows with each take-over. */
export interface Lane {
  accountId: AccountId
  owner: string
  fence: number
}

/** The lane went to another replica: nothing of ours may be written any more. The work comes again there. */
export class LaneLostError extends Error {
  override name = 'LaneLostError'
}

export interface Lanes {
  /** undefined: another holder is alive. Items a dead holder left running become pending again. */
  take(accountId: AccountId, owner: string, leaseMs: number): Promise<Lane | undefined>
  /** Throws LaneLostError. */
  renew(lane: Lane, leaseMs: number): Promise<void>
  release(lane: Lane): Promise<void>
}
