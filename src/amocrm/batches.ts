import { CrmUnknownOutcomeError } from '../core/crm-failure.ts'
import type { FieldEntity } from '../core/directory.ts'
import type { UpdateResult } from '../ports/crm.ts'
import { AmoNotFoundError } from './client/errors.ts'
import type { CreatedRow } from './client/routes/writes.ts'
import { inOurWords } from './map-failure.ts'
import type { SentRow } from './map-refusal.ts'

/** Sends a batch of creates and returns what the answer names, by key and never by place. An empty batch sends nothing: amoCRM refuses it. */
export async function createWithKeys<Row extends SentRow & { request_id: string }>(
  entity: FieldEntity,
  rows: readonly Row[],
  send: () => Promise<CreatedRow[] | undefined>,
): Promise<{ key: string; id: number }[]> {
  if (rows.length === 0) return []
  const keys = rows.map(({ request_id }) => request_id)
  const created = answered(await inOurWords(send(), { entity, keys, rows }))
  const sent = new Set(keys)
  return created.flatMap(({ id, requestIds }) => requestIds.filter((key) => sent.has(key)).map((key) => ({ key, id })))
}

/** Sends a batch of changes and returns the ids that amoCRM changed: those that are gone are missing, and no failure. */
export async function updateById<Id extends number>(
  entity: FieldEntity,
  rows: readonly (SentRow & { id: Id })[],
  send: () => Promise<number[]>,
): Promise<UpdateResult<Id>> {
  if (rows.length === 0) return { updated: new Set() }
  const keys = rows.map(({ id }) => String(id))
  const changed = new Set(await inOurWords(noneIfGone(send()), { entity, keys, rows }))
  return { updated: new Set(rows.map(({ id }) => id).filter((id) => changed.has(id))) }
}

/** A create that was accepted without content says nothing of what was made. */
export function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new CrmUnknownOutcomeError('amoCRM accepted a create without saying what it made')
  return answer
}

async function noneIfGone(changed: Promise<number[]>): Promise<number[]> {
  try {
    return await changed
  } catch (error) {
    if (error instanceof AmoNotFoundError) return []
    throw error
  }
}
