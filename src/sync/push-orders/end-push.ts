import { CrmAccountError, CrmForbiddenError, CrmTooLateError, CrmUnavailableError } from '../../core/crm-failure.ts'
import { type Retry, SyncError } from '../../core/failure.ts'
import { planAfterFailure } from '../../core/plan-retry.ts'
import type { Push, Run } from './push.ts'

/** Ends this run of an item after a failure. An account that is closed costs no attempt; a bug fails the item at once, for a person to see. */
export async function failPush(run: Run, push: Push, error: unknown): Promise<void> {
  if (error instanceof CrmAccountError || error instanceof CrmTooLateError) return holdPush(run, push, error.message)
  const retry: Retry = error instanceof SyncError ? error.retry : { when: 'never' }
  const reason = error instanceof Error ? error.message : String(error)
  const after = planAfterFailure(retry, push.item.attempts, run.deps.random())
  push.outcome =
    after.kind === 'failed'
      ? { ...after, reason }
      : { kind: 'later', attempts: after.attempts, dueAtMs: (await run.deps.store.now()) + after.delayMs, reason }
}

/** Comes again without an attempt spent: at once when the account is open again. */
export async function holdPush(run: Run, push: Push, reason: string, delayMs = 0): Promise<void> {
  push.outcome = { kind: 'later', attempts: push.item.attempts, dueAtMs: (await run.deps.store.now()) + delayMs, reason }
}

/** amoCRM did not get the create, or refused it before it looked at it: nothing to look for later. */
export const isUnsent = (error: unknown) =>
  error instanceof CrmUnavailableError || error instanceof CrmAccountError || error instanceof CrmForbiddenError
