import { anonymousUserId } from './dictionary.ts'
import { splitName } from './format.ts'
import type { CustomerChange, OrderInput } from './inputs.ts'
import type { Customer } from './model.ts'
import type { Outbox } from './outbox.ts'
import { nobody, type Store } from './store.ts'

/** The account a checkout puts the order under: the one given, the shared anonymous one, the owner of the e-mail, or a new one. */
export function findOrRegister(store: Store, input: OrderInput, atMs: number): string {
  if (input.userId !== undefined) return input.userId
  if (input.oneClick === true) return anonymousUserId
  const email = input.email?.trim().toLowerCase()
  const known = email === undefined ? undefined : store.userIdByEmail.get(email)
  if (known !== undefined) return known

  const userId = String(store.nextUserId++)
  const name = splitName(input.name ?? '')
  store.customers.set(userId, {
    ...nobody(userId, atMs),
    ...name,
    email: input.email ?? null,
    phone: input.phone ?? null,
    company: input.company?.name ?? null,
  })
  if (email !== undefined) store.userIdByEmail.set(email, userId)
  return userId
}

/** Saves a user; only an existing one makes an event, for a new one comes with an order anyway. */
export function saveCustomer(
  store: Store,
  outbox: Outbox,
  userId: string,
  change: CustomerChange,
  nowMs: number,
  origin: string | null,
): Customer | undefined {
  const customer = store.customers.get(userId)
  if (customer === undefined) return undefined
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const saved: Customer = { ...customer, ...given, updatedAtMs: Math.floor(nowMs / 1000) * 1000 }
  store.customers.set(userId, saved)
  outbox.put({ kind: 'customer.saved', entityId: userId, atMs: nowMs, origin })
  return saved
}
