import type { Kysely } from 'kysely'

/** With which surnames a phone or an e-mail came: a value of many people identifies nobody. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('identifier_surnames')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('identifier', 'text', (c) => c.notNull())
    .addColumn('surname', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('identifier_surnames_key', ['account_id', 'identifier', 'surname'])
    .execute()
}
