/**
 * Identifiers of persons (phones, e-mails, INNs) whose contact is being found or made right now. Two orders of one stranger must not
 * both make him; one lane works an account, so one process' memory is enough.
 */
export interface PersonLocks {
  /** All of them, or none. */
  take(identifiers: string[]): boolean
  release(identifiers: string[]): void
}

export function createPersonLocks(): PersonLocks {
  const held = new Set<string>()
  return {
    take(identifiers) {
      if (identifiers.some((identifier) => held.has(identifier))) return false
      for (const identifier of identifiers) held.add(identifier)
      return true
    },
    release(identifiers) {
      for (const identifier of identifiers) held.delete(identifier)
    },
  }
}
