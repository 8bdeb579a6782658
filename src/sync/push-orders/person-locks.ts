import type { Clock } from '../../ports/clock.ts'

/**
 * Identifiers of persons (phones, e-mails, INNs) whose contact is being found or made right now, each held for one order. Two orders of one
 * stranger must not both make him; one lane works an account, so one process' memory is enough.
 */
export interface PersonLocks {
  /** All of them for this order, or none. What the order itself holds already is its own. `kept`: held by one whose answer was lost. */
  take(order: string, identifiers: string[]): 'taken' | 'in-flight' | 'kept'
  release(order: string): void
  /** The order's create was sent and never answered: its buyer may come out until then, so nobody else makes him. */
  keepUntil(order: string, identifiers: string[], untilMs: number): void
}

export function createPersonLocks(clock: Pick<Clock, 'now'>): PersonLocks {
  const held = new Map<string, { order: string; untilMs: number }>()
  const isFree = (order: string, identifier: string) => {
    const holder = held.get(identifier)
    return holder === undefined || holder.order === order || holder.untilMs <= clock.now()
  }
  const hold = (order: string, identifiers: string[], untilMs: number) => {
    for (const identifier of identifiers) held.set(identifier, { order, untilMs })
  }
  const locks: PersonLocks = {
    take(order, identifiers) {
      const others = identifiers.filter((identifier) => !isFree(order, identifier))
      if (others.some((identifier) => held.get(identifier)?.untilMs === Infinity)) return 'in-flight'
      if (others.length > 0) return 'kept'
      hold(order, identifiers, Infinity)
      return 'taken'
    },
    release(order) {
      for (const [identifier, holder] of held) if (holder.order === order) held.delete(identifier)
    },
    keepUntil(order, identifiers, untilMs) {
      locks.release(order)
      hold(
        order,
        identifiers.filter((identifier) => isFree(order, identifier)),
        untilMs,
      )
    },
  }
  return locks
}
