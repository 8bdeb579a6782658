import { z } from 'zod'
import { keyByRole } from '../dictionary.ts'
import { type PropertyValue, statusOf } from '../model.ts'
import { type CommandContext, CommandError, type Effect, requireFreeOrder, requireTick } from './outcome.ts'

const SetStatus = z.object({
  orderId: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  ifStatus: z.string(),
  notifyCustomer: z.boolean(),
  seq: z.int(),
})

/** Applies only to the state the service believes in; otherwise it learns the present one and decides again. */
export function setStatus(input: unknown, context: CommandContext): Effect {
  const { shop, commandId, lastSeq } = context
  const data = SetStatus.parse(input)
  requireTick(context, 'statuses')
  const before = statusOf(shop.orders.get(data.orderId))
  const seen = lastSeq.get(data.orderId)
  if (seen !== undefined && data.seq < seen) throw new CommandError('superseded', `После seq ${data.seq} уже была ${seen}`)
  lastSeq.set(data.orderId, data.seq)
  requireFreeOrder(context, data.orderId)
  if (before === data.status) return { changed: false, data: { before, after: before, warnings: [] } }
  if (before !== data.ifStatus) throw new CommandError('conflict', `Заказ ${data.orderId} уже в статусе ${before}`, { current: before })

  const author = { origin: commandId, notify: data.notifyCustomer }
  if (data.status === 'cancelled') {
    shop.orders.cancel(data.orderId, data.reason ?? null, author)
  } else {
    const wanted = shop.orders.get(data.orderId)
    // The status is checked before anything is written: an un-cancelled order in an unknown status would be half a change.
    shop.orders.requireStatus(data.status)
    if (wanted.cancelled) shop.orders.uncancel(data.orderId, author)
    shop.orders.setStatus(data.orderId, data.status, author)
  }
  return { changed: true, data: { before, after: statusOf(shop.orders.get(data.orderId)), warnings: [] } }
}

const Update = z.object({
  orderId: z.string(),
  properties: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  buyer: z
    .object({
      name: z.string().nullish(),
      firstName: z.string().nullish(),
      lastName: z.string().nullish(),
      phone: z.string().nullish(),
      email: z.string().nullish(),
    })
    .optional(),
})

/** Properties by code; the buyer goes to whatever properties this person type marks as payer name, phone and e-mail. */
export function updateOrder(input: unknown, context: CommandContext): Effect {
  const { shop, commandId } = context
  const data = Update.parse(input)
  if (data.properties !== undefined) requireTick(context, 'properties')
  if (data.buyer !== undefined) requireTick(context, 'buyers')
  const order = shop.orders.get(data.orderId)
  requireFreeOrder(context, data.orderId)

  const wanted = { ...data.properties, ...buyerValues(order.personType, data.buyer ?? {}) }
  const before: Record<string, PropertyValue | null> = {}
  const after: Record<string, PropertyValue> = {}
  for (const [key, value] of Object.entries(wanted)) {
    const current = order.properties[key] ?? null
    before[key] = current
    after[key] = value
  }
  const changed = Object.keys(after).some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  if (changed) shop.orders.setProperties(data.orderId, after, { origin: commandId, notify: false })
  else shop.orders.requireProperties(data.orderId, Object.keys(after))
  return { changed, data: { before, after } }
}

type BuyerChange = NonNullable<z.infer<typeof Update>['buyer']>

function buyerValues(personType: string, buyer: BuyerChange): Record<string, string> {
  const parts = [buyer.lastName, buyer.firstName].filter((part) => part !== undefined && part !== null && part !== '')
  const name = buyer.name ?? (parts.length > 0 ? parts.join(' ') : undefined)
  const values: Record<string, string> = {}
  for (const [role, value] of [
    ['payer', name],
    ['phone', buyer.phone],
    ['email', buyer.email],
  ] as const) {
    if (value === undefined || value === null) continue
    const key = keyByRole(personType, role)
    if (key === undefined) throw new CommandError('property_missing', `Ни одно свойство не отмечено как ${role}`)
    values[key] = value
  }
  return values
}

const SetDeal = z.object({ orderId: z.string(), dealId: z.union([z.string(), z.int().transform(String)]), dealUrl: z.string().nullish() })

export function setDeal(input: unknown, { shop, commandId }: CommandContext): Effect {
  const data = SetDeal.parse(input)
  const before = shop.orders.get(data.orderId)
  const after = shop.orders.setDeal(data.orderId, { id: data.dealId, url: data.dealUrl ?? null }, { origin: commandId, notify: false })
  return { changed: after !== before, data: {} }
}
