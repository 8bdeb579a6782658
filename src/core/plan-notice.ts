const waitsMs = [1_000, 5_000, 30_000, 120_000, 600_000] as const
const hourMs = 3_600_000
const triedForMs = 72 * hourMs

/** When a notice that was not delivered is tried again; undefined: after 72 hours nobody waits for it any more. `attempts`: failures before this one. */
export function nextNoticeTry(attempts: number, createdAtMs: number, nowMs: number): number | undefined {
  const at = nowMs + (waitsMs[attempts] ?? hourMs)
  return at - createdAtMs > triedForMs ? undefined : at
}
