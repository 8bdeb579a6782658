import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Failures that may pass are tried again each hour, and 72 hours long: the queue has to know since when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('amocrm_queue').addColumn('failed_at', 'bigint').execute()
  await sql`update amocrm_queue set failed_at = updated_at where status = 'failed'`.execute(db)
  await sql`create index queue_may_pass on amocrm_queue (account_id, updated_at) where status = 'failed' and recoverable = 1`.execute(db)
  await sql`create index queue_done on amocrm_queue (updated_at) where status = 'done'`.execute(db)
  await sql`create index intents_closed on intents (closed_at) where state <> 'open'`.execute(db)
  await sql`create index commands_ended on commands (updated_at) where status <> 'pending'`.execute(db)
}
