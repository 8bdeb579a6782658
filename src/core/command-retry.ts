import { planAfterFailure } from './plan-retry.ts'

/** A command without a result is handed out again after this: the module answers a repeat with the result it kept. */
export const unansweredMs = 30_000

/** The part of a command's result that decides what becomes of the command. */
export type ResultVerdict = { ok: true } | { ok: false; error: { code: string; retry: boolean } }

export type AfterResult =
  | { kind: 'done' }
  /** Comes again after `delayMs`; `attempts` as it stands then. */
  | { kind: 'later'; delayMs: number; attempts: number; cause: 'shop-busy' | 'shop-copied' }
  /** `quiet`: the order moved on meanwhile, which is nobody's fault. */
  | { kind: 'failed'; attempts: number; quiet: boolean }

/** A shop that was copied or moved waits for its admin's answer. */
const copiedShopWaitMs = 600_000

/** What becomes of a command after its result. `attempts` are the failures before this one, `chance` is in [0, 1). */
export function planAfterResult(result: ResultVerdict, attempts: number, chance: number): AfterResult {
  if (result.ok) return { kind: 'done' }
  const { code, retry } = result.error
  if (code === 'installation_changed') return { kind: 'later', delayMs: copiedShopWaitMs, attempts, cause: 'shop-copied' }
  const next = planAfterFailure({ when: retry ? 'backoff' : 'never' }, attempts, chance)
  if (next.kind === 'failed') return { kind: 'failed', attempts: next.attempts, quiet: code === 'conflict' || code === 'superseded' }
  return { kind: 'later', delayMs: next.delayMs, attempts: next.attempts, cause: 'shop-busy' }
}
