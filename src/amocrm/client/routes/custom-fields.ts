import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { listAll } from './pages.ts'

export type AmoFieldEntity = 'leads' | 'contacts' | 'companies'

const Field = z.object({
  id: z.int(),
  name: z.string(),
  code: z.string().nullish(),
  type: z.string(),
  enums: z
    .array(z.object({ id: z.int(), value: z.string(), code: z.string().nullish() }))
    .nullish()
    .transform((enums) => enums ?? []),
})
export type AmoField = z.infer<typeof Field>

export interface AmoNewField {
  type: string
  name: string
  code: string
  is_api_only?: boolean
}

export function listCustomFields<Class extends string>(
  amo: AmoClient<Class>,
  entity: AmoFieldEntity,
  call: CallOptions<Class>,
): Promise<AmoField[]> {
  return listAll(amo, { path: `/api/v4/${entity}/custom_fields`, key: 'custom_fields', item: Field }, call)
}

/** Administrators only. */
export async function createCustomFields<Class extends string>(
  amo: AmoClient<Class>,
  entity: AmoFieldEntity,
  fields: AmoNewField[],
  call: CallOptions<Class>,
): Promise<void> {
  await amo.post(`/api/v4/${entity}/custom_fields`, fields, z.unknown(), call)
}
