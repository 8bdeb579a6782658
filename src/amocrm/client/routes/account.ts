import * as z from 'zod'
import type { AmoClient, CallOptions } from '../client.ts'
import { AmoMalformedAnswerError } from '../errors.ts'

const path = '/api/v4/account'

const Account = z.object({
  id: z.int(),
  name: z.string(),
  subdomain: z.string(),
  current_user_id: z.int().nullish(),
  currency: z.string().nullish(),
  is_api_filter_enabled: z.boolean().nullish(),
  is_loss_reason_enabled: z.boolean().nullish(),
  is_unsorted_on: z.boolean().nullish(),
})
export type AmoAccount = z.infer<typeof Account>

/** Open to every user: the cheapest way to see that the account lives. */
export async function getAccount<Class extends string>(amo: AmoClient<Class>, call: CallOptions<Class>): Promise<AmoAccount> {
  const account = await amo.get(`${path}?with=is_api_filter_enabled`, Account, call)
  if (account === undefined) throw new AmoMalformedAnswerError({ method: 'GET', path, status: 204, requestId: null }, 'no content')
  return account
}
