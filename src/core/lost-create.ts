/** How far apart two readings must be before "it is not there" may be concluded. */
export const betweenReadingsMs = 10_000
/** How long after the request's own time limit a create may still come out in amoCRM. */
export const lateCommitMs = 30_000

/** A create whose answer never came. Instants are the database's clock. */
export interface LostCreate {
  sentAtMs: number
  /** The time limit of the request that was sent. */
  limitMs: number
  /** When a full reading first did not find it. */
  firstAbsentAtMs: number | null
}

export type LostCreateState =
  /** Not found, and it may be concluded: send it again. */
  | { kind: 'absent' }
  /** Too early to conclude: read again at `againAtMs`. */
  | { kind: 'wait'; againAtMs: number; firstAbsentAtMs: number }

/**
 * After a full reading that did not find it, begun at `readAtMs`. *Absent* takes two readings at least 10 s apart, the second not earlier
 * than the time limit + 30 s after sending: a request that was given up may still be carried out (docs/delivery.md).
 */
export function afterNotFound({ sentAtMs, limitMs, firstAbsentAtMs }: LostCreate, readAtMs: number): LostCreateState {
  const earliest = sentAtMs + limitMs + lateCommitMs
  const first = firstAbsentAtMs ?? readAtMs
  const again = Math.max(earliest, first + betweenReadingsMs)
  return firstAbsentAtMs !== null && readAtMs >= again ? { kind: 'absent' } : { kind: 'wait', againAtMs: again, firstAbsentAtMs: first }
}
