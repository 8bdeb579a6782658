import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { listAll } from './pages.ts'

const User = z.object({
  id: z.int(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  rights: z.object({ is_active: z.boolean().nullish(), is_free: z.boolean().nullish(), is_admin: z.boolean().nullish() }).nullish(),
})
export type AmoUser = z.infer<typeof User>

/** Administrators only: everybody else gets AmoForbiddenError. */
export function listUsers<Class extends string>(amo: AmoClient<Class>, call: CallOptions<Class>): Promise<AmoUser[]> {
  return listAll(amo, { path: '/api/v4/users', key: 'users', item: User }, call)
}
