import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import type { Database, Transaction } from './database.ts'
import type { Tables } from './schema.ts'

/** How long a transaction of another process (a command beside the running service) is waited for. */
const busyTimeoutMs = 5_000
/** Works that share one commit at most: keeps the event loop answering while a burst is written. */
const worksPerCommit = 256

export class UnsafeDatabaseError extends Error {
  override name = 'UnsafeDatabaseError'
}

/** Opens the embedded database. Throws UnsafeDatabaseError where WAL or full synchronisation cannot be had (network file systems). */
export function openSqlite(path: string, now: () => number): Database {
  const writer = openFile(path, false)
  const reader = openFile(path, true)
  const write = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyDatabase(writer) }) })
  const read = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyDatabase(reader) }) })
  const commits = createGroupCommit(writer, write)
  return {
    dialect: 'sqlite',
    read,
    migrations: write,
    write: commits.run,
    now: async () => now(),
    close: async () => {
      await commits.idle()
      await Promise.all([read.destroy(), write.destroy()])
    },
  }
}

function openFile(path: string, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs, readOnly })
  if (readOnly) return db
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on')
  const mode = db.prepare('pragma journal_mode').get()?.journal_mode
  const synchronous = db.prepare('pragma synchronous').get()?.synchronous
  if (mode === 'wal' && synchronous === 2) return db
  db.close()
  throw new UnsafeDatabaseError(
    `${path}: the file system gives no write-ahead log (journal ${String(mode)}, synchronous ${String(synchronous)}). ` +
      'Put the data folder on a local disk, or use PostgreSQL (AMOBRIDGE_DATABASE_URL).',
  )
}

/** node:sqlite in the shape Kysely's dialect wants, with prepared statements kept. */
function asKyselyDatabase(db: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const known = prepared.get(sql)
    if (known) return known
    if (prepared.size >= 500) prepared.clear()
    const statement = db.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return {
    close: () => db.close(),
    prepare: (sql) => {
      const statement = prepare(sql)
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)) as IterableIterator<unknown>,
      }
    },
  }
}

interface Work {
  run: (tx: Transaction) => Promise<unknown>
  done: (value: unknown) => void
  failed: (reason: unknown) => void
}
type Outcome = { ok: true; value: unknown } | { ok: false; reason: unknown }

/**
 * Shares one fsync between the works that arrived while the last one ran. Each work stands in a savepoint of its own: one that throws
 * takes back only itself. Nobody hears "done" before the common commit.
 */
function createGroupCommit(db: DatabaseSync, tx: Kysely<Tables>) {
  let waiting: Work[] = []
  let running: Promise<void> | undefined

  async function attempt(work: Work): Promise<Outcome> {
    db.exec('savepoint work')
    try {
      const value = await work.run(tx)
      db.exec('release work')
      return { ok: true, value }
    } catch (reason) {
      db.exec('rollback to work; release work')
      return { ok: false, reason }
    }
  }

  async function commitBatch(batch: Work[]): Promise<void> {
    const outcomes: Outcome[] = []
    try {
      db.exec('begin immediate')
      for (const work of batch) outcomes.push(await attempt(work))
      db.exec('commit')
    } catch (reason) {
      if (db.isTransaction) db.exec('rollback')
      for (const work of batch) work.failed(reason)
      return
    }
    for (const [index, work] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome?.ok) work.done(outcome.value)
      else work.failed(outcome?.reason)
    }
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      const batch = waiting.slice(0, worksPerCommit)
      waiting = waiting.slice(batch.length)
      await commitBatch(batch)
    }
    running = undefined
  }

  return {
    run<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run, done: (value) => resolve(value as T), failed: reject })
        running ??= drain()
      })
    },
    async idle(): Promise<void> {
      while (running) await running
    },
  }
}
