import type { FieldEntity } from '../core/directory.ts'
import type { Call, NewField } from '../ports/crm.ts'
import type { Amo } from './amo.ts'
import { createCustomFields, listCustomFields } from './client/routes/custom-fields.ts'
import { amoEntity } from './map-directory.ts'
import { inOurWords } from './map-failure.ts'

const entities: readonly FieldEntity[] = ['deal', 'contact', 'company']

/** Makes those of the fields that the account does not have yet, by their code; may be repeated. */
export async function createMissingFields(amo: Amo, fields: NewField[], call: Call): Promise<void> {
  for (const entity of entities) {
    const wanted = fields.filter((field) => field.entity === entity)
    if (wanted.length > 0) await createMissing(amo, entity, wanted, call)
  }
}

async function createMissing(amo: Amo, entity: FieldEntity, wanted: NewField[], call: Call): Promise<void> {
  const existing = await inOurWords(listCustomFields(amo, amoEntity[entity], call))
  const codes = new Set(existing.map(({ code }) => code))
  const missing = wanted.filter(({ code }) => !codes.has(code))
  if (missing.length === 0) return
  const rows = missing.map(({ type, name, code, apiOnly }) => ({ type, name, code, is_api_only: apiOnly }))
  await inOurWords(createCustomFields(amo, amoEntity[entity], rows, call), { entity, keys: missing.map(({ code }) => code), rows: [] })
}
