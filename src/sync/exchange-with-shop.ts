import type { Clock } from '../ports/clock.ts'
import type { Commands } from '../ports/commands.ts'
import type { Connection } from '../ports/connections.ts'
import type { RejectedEvent, ShopAnswer, ShopCaller } from '../ports/exchange.ts'
import { type AcceptDeps, acceptExchange } from './accept-exchange.ts'

/** How one call to a shop, with its follow-ups, ended. */
export type ShopCallOutcome = { kind: 'done'; rounds: number } | Exclude<ShopAnswer, { kind: 'answer' }>

export interface ExchangeWithShopDeps extends AcceptDeps {
  shop: ShopCaller
  commands: Commands
}

/** The network's delay alone makes smaller differences. */
const noticedOffsetMs = 2_000

/**
 * Sends the due commands to the shop and takes in its events, until neither side has more. What the shop sent is committed before the next
 * round acknowledges it; a crash in between makes it come again, which changes nothing. Throws only when aborted or when storing fails.
 */
async function exchangeWithShop(connection: Connection, deps: ExchangeWithShopDeps, signal: AbortSignal): Promise<ShopCallOutcome> {
  let accepted: string[] = []
  let rejected: RejectedEvent[] = []
  for (let rounds = 1; ; rounds += 1) {
    signal.throwIfAborted()
    const commands = await deps.commands.listDue(connection.id)
    const answer = await deps.shop.call(connection, { commands, accepted, rejected }, signal)
    if (answer.kind !== 'answer') return answer
    await noteClock(connection, answer.clockOffsetMs, deps)
    const outcome = await acceptExchange(connection, null, answer.message, deps)
    if (outcome.kind !== 'accepted') return { kind: 'no-answer', why: whyNotAccepted[outcome.kind] }

    const answered = new Set(answer.message.results.map(({ id }) => id))
    const unanswered = commands.flatMap(({ id }) => (answered.has(id) ? [] : id))
    if (unanswered.length > 0) await deps.commands.postpone(connection.id, unanswered)

    const acknowledged = new Set([...accepted, ...rejected.map(({ id }) => id)])
    const toAcknowledge = [...outcome.ids, ...outcome.rejected.map(({ id }) => id)].some((id) => !acknowledged.has(id))
    const moreCommands = answered.size > 0 && (await deps.commands.listDue(connection.id)).length > 0
    if (!toAcknowledge && !moreCommands) return { kind: 'done', rounds }
    accepted = outcome.ids
    rejected = outcome.rejected
  }
}

const whyNotAccepted = {
  foreign: 'another installation or host answers at this address: pair again if the shop has moved',
  off: 'the connection is switched off',
  replayed: 'the same answer came twice',
}

async function noteClock(connection: Connection, offsetMs: number, { exchanges }: AcceptDeps): Promise<void> {
  if (Math.abs(offsetMs - connection.shop.clockOffsetMs) > noticedOffsetMs) await exchanges.saveClockOffset(connection.id, offsetMs)
}

export interface ShopCallsDeps extends ExchangeWithShopDeps {
  clock: Clock
  /** Told after each call; for the log and the console. */
  onCalled(connection: Connection, outcome: ShopCallOutcome): void
  /** A call ended by what should not happen: the database is down, or a bug. */
  onError(connection: Connection, error: unknown): void
}

export interface ShopCalls {
  /** Begins a call to each shop that has something to get or was silent for a minute, and is not being called already. */
  begin(signal: AbortSignal): Promise<void>
  /** Resolves when no call is under way. */
  idle(): Promise<void>
}

const silentMs = 60_000
const firstPauseMs = 2_000
const longestPauseMs = 300_000
/** Whatever a shop, or a guard before it, asks for. */
const longestAskedMs = 3_600_000

/** Calls shops side by side; one that does not answer is left alone for 2 s, doubling to 5 minutes, and for as long as it asks. */
export function createShopCalls(deps: ShopCallsDeps): ShopCalls {
  const inFlight = new Map<string, Promise<void>>()
  const resting = new Map<string, { untilMs: number; pauseMs: number }>()

  async function callOnce(connection: Connection, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await exchangeWithShop(connection, deps, signal)
      if (outcome.kind === 'done') resting.delete(connection.id)
      else rest(connection, outcome.kind === 'refused' ? (outcome.retryAfterMs ?? 0) : 0)
      deps.onCalled(connection, outcome)
    } catch (error) {
      if (signal.aborted) return
      rest(connection, 0)
      deps.onError(connection, error)
    }
  }

  function rest({ id }: Connection, askedMs: number): void {
    const before = resting.get(id)
    const pauseMs = before === undefined ? firstPauseMs : Math.min(longestPauseMs, before.pauseMs * 2)
    resting.set(id, { pauseMs, untilMs: deps.clock.now() + Math.max(pauseMs, Math.min(askedMs, longestAskedMs)) })
  }

  return {
    async begin(signal) {
      for (const connection of await deps.exchanges.listShopsToCall(silentMs)) {
        if (inFlight.has(connection.id) || (resting.get(connection.id)?.untilMs ?? 0) > deps.clock.now()) continue
        const call = callOnce(connection, signal).finally(() => inFlight.delete(connection.id))
        inFlight.set(connection.id, call)
      }
    },
    async idle() {
      while (inFlight.size > 0) await Promise.all(inFlight.values())
    },
  }
}
