import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Incidents are told to people, once for each way to reach them; secrets of those ways; tokens by which scripts read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('incidents').addColumn('told_at', 'bigint').execute()
  // What was open before is known to people: it is not told anew.
  await sql`update incidents set told_at = opened_at`.execute(db)
  await sql`create index incidents_untold on incidents (opened_at) where told_at is null`.execute(db)
  await db.schema
    .createTable('notices')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident', 'text', (c) => c.notNull())
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'bigint', (c) => c.notNull())
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addColumn('last_error', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('notices_once', ['incident', 'connection', 'channel'])
    .execute()
  await sql`create index notices_due on notices (due_at) where state = 'pending'`.execute(db)
  await db.schema
    .createTable('connection_secrets')
    .addColumn('connection', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('connection_secrets_key', ['connection', 'name'])
    .execute()
  await db.schema
    .createTable('api_tokens')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
}
