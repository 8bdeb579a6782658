import { z } from 'zod'
import type { Directory } from '../core/directory.ts'
import { isTimeZone } from '../core/fields/time-zone.ts'
import { ownFields } from '../core/settings/own-fields.ts'
import type { Problem } from '../core/settings/problems.ts'
import { resolveConnection, settingsFor, settingsForRule } from '../core/settings/resolve.ts'
import { WrittenConnection } from '../core/settings/written.ts'
import type { Connection } from '../ports/connections.ts'
import type { PushContext } from '../sync/push-orders/push.ts'
import { dealUrlOf } from './account-runtime.ts'

/** A connection's settings as its pushes use them. undefined: the marker's field is missing, and no deal may be made without it. */
export function createPushContext(
  connection: Connection,
  account: { baseUrl: string },
  directory: Directory,
  now: Date,
): { context: PushContext | undefined; problems: Problem[] } {
  const written = WrittenConnection.parse(connection.settings)
  const { resolved, problems } = resolveConnection(written, directory, connection.switchedOnAt ?? now)
  const { dealKey, ...rest } = ownFields(directory)
  if (dealKey === null) return { context: undefined, problems }
  const { contacts } = resolved
  const context: PushContext = {
    connection,
    directory,
    ownFields: { dealKey, ...rest },
    since: resolved.base.since,
    stopList: contacts.stopList,
    contactRules: contacts.toCrm ? contacts : { name: 'crm', phone: 'crm', email: 'crm' },
    language: account.baseUrl.includes('kommo.com') || account.baseUrl.includes('amocrm.com') ? 'en' : 'ru',
    timeZones: timeZonesOf(connection.shop.profile),
    shopName: connection.shop.host ?? connection.name,
    dealUrl: (dealId) => dealUrlOf(account, dealId),
    settingsFor: (order) => settingsFor(order, resolved),
    settingsForRule: (rule) => settingsForRule(resolved, rule),
  }
  return { context, problems }
}

const Profile = z.object({ sites: z.array(z.object({ id: z.string(), timeZone: z.string() })) })

/** Time zones of the shop's sites, as its profile told them; what cannot be read is as good as not told. */
function timeZonesOf(profile: unknown): ReadonlyMap<string, string> {
  const sites = Profile.safeParse(profile).data?.sites ?? []
  return new Map(sites.filter(({ timeZone }) => isTimeZone(timeZone)).map(({ id, timeZone }) => [id, timeZone]))
}
