import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../storage/database.ts'
import { readKeyFile } from '../storage/key-file.ts'
import { migrate } from '../storage/migrate.ts'
import { openPostgres } from '../storage/postgres.ts'
import { createSeal, type Seal } from '../storage/seal.ts'
import { openSqlite } from '../storage/sqlite.ts'

/** What every command has: the database, brought up to date, and the keys to its secrets. */
export interface App {
  config: Config
  clock: Clock
  database: Database
  seal: Seal
  close(): Promise<void>
}

/** Opens database and keys. Throws MigrationError, UnsafeDatabaseError or SealError, each saying what to do. */
export async function openApp(config: Config, clock: Clock): Promise<App> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const seal = createSeal(
    'value' in config.secretKey ? [Buffer.from(config.secretKey.value, 'base64')] : readKeyFile(config.secretKey.file),
  )
  const database =
    config.databaseUrl === undefined
      ? openSqlite(join(config.dataDir, 'amobridge.db'), () => clock.now())
      : openPostgres(config.databaseUrl)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return { config, clock, database, seal, close: () => database.close() }
}
