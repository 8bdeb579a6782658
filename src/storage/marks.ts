import type { AccountId } from '../core/ids.ts'
import type { AccountMark } from '../ports/push-store.ts'
import type { Database, Transaction } from './database.ts'

export async function getMarks(database: Database, account: AccountId): Promise<Partial<Record<AccountMark, number>>> {
  const rows = await database.read.selectFrom('account_marks').select(['mark', 'value']).where('account_id', '=', account).execute()
  return Object.fromEntries(rows.map(({ mark, value }) => [mark, value]))
}

/** A mark only grows: two batches that end in another order than they began leave the higher one. */
export async function raiseMark(tx: Transaction, account: AccountId, mark: AccountMark, value: number): Promise<void> {
  await tx
    .insertInto('account_marks')
    .values({ account_id: account, mark, value })
    .onConflict((oc) => oc.columns(['account_id', 'mark']).doUpdateSet({ value }).where('account_marks.value', '<', value))
    .execute()
}
