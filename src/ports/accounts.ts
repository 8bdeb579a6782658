import type { Directory } from '../core/directory.ts'
import type { AccountId } from '../core/ids.ts'

/** new: never asked yet. The last three keep everything queued until somebody acts. */
export type AccountState = 'new' | 'ready' | 'unauthorised' | 'unpaid' | 'banned'

/** One amoCRM account seen through one integration: it owns the token, the limiter, the breaker, the contact index and the lane. */
export interface Account {
  id: AccountId
  /** `https://example.amocrm.ru`, or a loopback address of an emulator. */
  baseUrl: string
  amoAccountId: number | null
  subdomain: string | null
  /** As last read; null before the first answer. */
  directory: Directory | null
  directoryAt: Date | null
  state: AccountState
  stateReason: string | null
}
