import type { Kysely } from 'kysely'
import type { Tables } from './schema.ts'

/** One open transaction: queries on it commit together. Never hold it across an HTTP call. */
export type Transaction = Kysely<Tables>

/**
 * Either database behind one face. `read` sees committed rows only; `write` runs the work in one transaction, which is durable on disk
 * before the promise resolves, and takes back everything when the work throws. `work` may run
 * more than once (PostgreSQL takes one of two deadlocked transactions back): it begins with the transaction and leaves nothing outside it.
 */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres'
  readonly read: Kysely<Tables>
  /** The connection migrations run on where they bring transactions of their own (PostgreSQL). */
  readonly migrations: Kysely<Tables>
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** The database's own clock, ms since epoch: what leases, the request log and the waiting rule for lost answers count by. */
  now(tx: Transaction): Promise<number>
  close(): Promise<void>
}
