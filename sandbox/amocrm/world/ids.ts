/** What gets an id of its own. */
type IdKind = 'lead' | 'contact' | 'company' | 'note' | 'tag' | 'field' | 'enum' | 'fieldGroup' | 'lossReason' | 'pipeline' | 'status'

/** Ids grow over all accounts, as in the real service, and are never given twice. */
export type NextId = (kind: IdKind) => number

export function createIds(): NextId {
  const last: Record<IdKind, number> = {
    lead: 4_200_000,
    contact: 5_100_000,
    company: 5_400_000,
    note: 76_000_000,
    tag: 6_100,
    field: 501_000,
    enum: 801_000,
    fieldGroup: 10_000_000_000_000,
    lossReason: 300_100,
    pipeline: 7_000_100,
    status: 60_001_000,
  }
  return (kind) => {
    last[kind] += 1
    return last[kind]
  }
}
