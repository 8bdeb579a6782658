import { expect, test } from 'vitest'
import { startShop } from '../sandbox/shop/emulator.ts'
import { startInstallation } from './support/installation.ts'
import { until } from './support/until.ts'

test("two shops on one account share its people and its limit, and never each other's deals", async () => {
  await using here = await startInstallation({ secondConnection: true })
  const other = await startShop({ nowMs: here.clock.now, ticks: ['statuses'] })
  try {
    await other.pair((await here.admin.pair('shop-2')).code)
    const buyers = Array.from({ length: 30 }, (_, index) => ({ phone: `+7916000${String(index).padStart(4, '0')}` }))
    const placed = buyers.map((buyer) => [here.shop.placeOrder(buyer), other.placeOrder(buyer)] as const)
    await until('all deals', () => here.amo.world.leads().length >= 60, { longestMs: 30_000 })
    await here.settled()
    const keys = here.amo.world.leads().map(({ fields }) => String(fields.AMOBRIDGE_KEY?.[0]))
    expect(new Set(keys).size).toBe(60)
    // Both shops count their orders from the same number.
    expect(placed.map(([mine, theirs]) => mine.id === theirs.id)).not.toContain(false)
    expect(here.amo.world.contacts()).toHaveLength(30)
    // One lane: its log of requests is the only one there is (src/storage/request-log.test.ts says what it lets through).
    expect(await here.app.database.read.selectFrom('lanes').select('account_id').execute()).toHaveLength(1)
  } finally {
    await other.close()
  }
})
