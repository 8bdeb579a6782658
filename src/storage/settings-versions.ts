import type { WrittenConnection } from '../core/settings/written.ts'
import type { Database, Transaction } from './database.ts'

/** 0: nothing was applied yet. */
export async function newestSettingsVersion(database: Database): Promise<number> {
  const row = await database.read
    .selectFrom('settings_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? 0
}

/** Fails when somebody else wrote this version meanwhile: two people applied at once, and the second has to look. */
export async function addSettingsVersion(
  tx: Transaction,
  version: number,
  author: string,
  connections: WrittenConnection[],
  nowMs: number,
): Promise<void> {
  await tx
    .insertInto('settings_versions')
    .values({ version, at: nowMs, author, body: JSON.stringify(connections) })
    .execute()
}
