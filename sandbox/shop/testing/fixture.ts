import { startShop } from '../emulator.ts'
import type { ShopOptions } from '../shop.ts'
import { type CallOptions, call, connectionName, secret, startFakeService } from './fake-service.ts'

/** A connected shop on a clock that stands still until the test moves it, and a service of the test's own. */
export async function startPair(options: ShopOptions = {}) {
  let nowMs = Date.UTC(2026, 10, 23, 8, 0, 0)
  const service = await startFakeService()
  const shop = await startShop({
    nowMs: () => nowMs,
    serviceUrl: service.url,
    connection: connectionName,
    secret,
    autoSend: false,
    ...options,
  })
  return {
    shop,
    service,
    nowMs: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms
    },
    call: (commands: readonly unknown[], accepted: readonly string[] = [], how: CallOptions = {}) =>
      call(shop.endpoint, nowMs, commands, accepted, how),
    async [Symbol.asyncDispose]() {
      await shop.close()
      await service[Symbol.asyncDispose]()
    },
  }
}

export const buyer = { name: 'Анна Петрова', phone: '8 (999) 000-11-22', email: 'Anna@Example.test' }
