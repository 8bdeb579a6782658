import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { listAll } from './pages.ts'

const LossReason = z.object({ id: z.int(), name: z.string() })
export type AmoLossReason = z.infer<typeof LossReason>

export function listLossReasons<Class extends string>(amo: AmoClient<Class>, call: CallOptions<Class>): Promise<AmoLossReason[]> {
  return listAll(amo, { path: '/api/v4/leads/loss_reasons', key: 'loss_reasons', item: LossReason }, call)
}
