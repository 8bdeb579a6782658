import type { Kysely } from 'kysely'

/** Which parts of a deal an unanswered write may have changed (docs/delivery.md). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('deal_pairs').addColumn('doubt', 'text').execute()
}
