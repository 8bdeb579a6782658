import { z } from 'zod'
import { saveCustomer } from '../customers.ts'
import { type CommandContext, CommandError, type Effect, requireTick } from './outcome.ts'

const Update = z.object({ userId: z.string(), fields: z.record(z.string(), z.string().nullable()) })

const writable = ['firstName', 'lastName', 'middleName', 'workPhone', 'personalPhone', 'company'] as const
type Writable = (typeof writable)[number]
const isWritable = (field: string): field is Writable => writable.some((known) => known === field)

/** Never the login, e-mail, login phone, password or groups: these are the buyer's way in. */
export function updateCustomer(input: unknown, context: CommandContext): Effect {
  const { shop, commandId } = context
  const { userId, fields } = Update.parse(input)
  requireTick(context, 'buyers')
  const customer = shop.store.customers.get(userId)
  if (customer === undefined) throw new CommandError('user_missing', `Пользователя ${userId} нет`)
  if (customer.administrator) throw new CommandError('user_protected', `Пользователь ${userId} из группы администраторов`)

  const before: Partial<Record<Writable, string | null>> = {}
  const after: Partial<Record<Writable, string | null>> = {}
  for (const [field, value] of Object.entries(fields)) {
    if (!isWritable(field)) throw new CommandError('field_forbidden', `Поле ${field} снаружи не меняется`)
    before[field] = customer[field]
    after[field] = value
  }
  const changed = writable.some((field) => before[field] !== after[field])
  if (changed) saveCustomer(shop.store, shop.outbox, userId, after, shop.nowMs(), commandId)
  return { changed, data: { before, after } }
}
