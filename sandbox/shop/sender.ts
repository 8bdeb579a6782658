import type { Exchange, ExchangeResult } from './exchange.ts'
import type { ShopModule } from './module.ts'

/** Starts exchanges by itself: right after a change, as the background job of a hit does, and each minute, as the agent does. */
export interface Sender {
  auto: boolean
  /** Something other than a dirty row gives a reason to call, as a new pairing does. */
  wake(): void
  close(): void
}

export function createSender(shop: ShopModule, exchange: Exchange, agentEveryMs: number): Sender {
  let auto = true
  let closed = false
  let draining = false
  let asked = false
  let again: NodeJS.Timeout | undefined

  const agent = setInterval(() => auto && start(), agentEveryMs)
  agent.unref()
  shop.outbox.onPut(() => auto && shop.faults.now.noJob !== true && start())

  function start(): void {
    asked = true
    if (draining || closed) return
    draining = true
    // After the running code: a burst of saves costs one exchange.
    setImmediate(() => void drain().finally(() => (draining = false)))
  }

  async function drain(): Promise<void> {
    let result: ExchangeResult
    do {
      asked = false
      result = await exchange.once()
    } while (!closed && auto && (asked || movedOn(result)) && exchange.hasWork())
    if (result.kind === 'refused' && result.retryAfterSec !== null) startIn(result.retryAfterSec * 1000)
  }

  function startIn(ms: number): void {
    clearTimeout(again)
    again = setTimeout(() => auto && start(), ms)
    again.unref()
  }

  return {
    get auto() {
      return auto
    },
    set auto(value) {
      auto = value
      if (value && exchange.hasWork()) start()
    },
    wake: () => auto && start(),
    close() {
      closed = true
      clearInterval(agent)
      clearTimeout(again)
    },
  }
}

/** Whether another exchange at once makes sense: a service that settles nothing is not asked again in a loop. */
function movedOn(result: ExchangeResult): boolean {
  return result.kind === 'done' && result.accepted + result.rejected + result.results + result.commands > 0
}
