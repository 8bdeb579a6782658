import { createAmoClient } from '../amocrm/client/client.ts'
import { createLimiter } from '../amocrm/client/limiter.ts'
import { createMemoryLog } from '../amocrm/client/sliding-log.ts'
import { createCrm } from '../amocrm/crm.ts'
import type { AccountId } from '../core/ids.ts'
import { type Crm, type RequestClass, requestClasses } from '../ports/crm.ts'
import { createRequestLog } from '../storage/lanes.ts'
import { addressOf, userAgent } from './account-runtime.ts'
import type { App } from './open-app.ts'

/** An account asked with a token that is not stored yet: to check settings before they are kept. Its requests count in the account's log where it has one. */
export async function withProbe<T>(
  { clock, database }: App,
  { baseUrl, token, account, perSecond }: { baseUrl: string; token: string; account: AccountId | undefined; perSecond: number },
  work: (crm: Crm) => Promise<T>,
): Promise<T> {
  const client = createAmoClient<RequestClass>({
    ...addressOf({ baseUrl }),
    accessToken: async () => token,
    gate: createLimiter({
      classes: requestClasses,
      perSecond: () => perSecond,
      log: account === undefined ? createMemoryLog(clock) : createRequestLog(database, account),
      clock,
      random: Math.random,
    }),
    userAgent,
    clock,
  })
  try {
    return await work(createCrm({ client }))
  } finally {
    await client.close()
  }
}
