import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Shop } from '../sandbox/shop/shop.ts'
import { type Installation, startInstallation } from './support/installation.ts'

const stages: Record<string, number> = { N: 60_000_002, P: 60_000_004, F: 142 }
const lost = 143

type Step =
  | { do: 'edit'; kopecks: number }
  | { do: 'status'; to: 'N' | 'P' | 'F' }
  | { do: 'cancel' | 'uncancel' | 'save' }
  /** What happens to the messages so far, before the next step. */
  | { do: 'send' | 'settle' | 'lose-answer' | 'lose-create' | 'lose-update' | 'refuse-update' | 'restart' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), kopecks: fc.integer({ min: 0, max: 500_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('status' as const), to: fc.constantFrom('N' as const, 'P' as const, 'F' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'uncancel' as const, 'save' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('send' as const, 'settle' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'lose-answer' as const,
        'lose-create' as const,
        'lose-update' as const,
        'refuse-update' as const,
        'restart' as const,
      ),
    }),
  },
)

async function take(here: Installation, shop: Shop, id: string, todo: Step): Promise<unknown> {
  const order = shop.order(id)
  switch (todo.do) {
    case 'edit':
      return shop.editOrder(id, { deliveryPriceKopecks: todo.kopecks })
    case 'status':
      return order?.cancelled ? undefined : shop.setStatus(id, todo.to)
    case 'cancel':
      return order?.cancelled ? undefined : shop.cancel(id, 'передумал')
    case 'uncancel':
      return order?.cancelled ? shop.uncancel(id) : undefined
    case 'save':
      return shop.editOrder(id, {})
    case 'send':
      return shop.sendNow()
    case 'settle':
      return here.settled()
    case 'lose-answer':
      shop.faults.set({ loseServiceAnswers: true })
      await shop.sendNow()
      return shop.faults.clear()
    case 'lose-create':
      return here.amo.faults.plan({ match: { method: 'POST', path: '/api/v4/leads' }, do: '504', when: 'after' })
    case 'lose-update':
      return here.amo.faults.plan({ match: { method: 'PATCH', path: '/api/v4/leads' }, do: '504', when: 'after' })
    case 'refuse-update':
      return here.amo.faults.plan({ match: { method: 'PATCH', path: '/api/v4/leads' }, do: '500' })
    case 'restart':
      return here.restart()
  }
}

test('pushes of one order, in any order with its edits and failures, make one deal that shows the newest state', {
  timeout: 120_000,
}, async () => {
  await using here = await startInstallation({ speed: 50 })
  const { shop } = here
  let buyers = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      buyers += 1
      shop.autoSend = false
      const { id } = shop.placeOrder({ phone: `+7916${String(buyers).padStart(7, '0')}` })
      for (const todo of steps) await take(here, shop, id, todo)
      shop.autoSend = true
      await here.dealOf(id)
      here.amo.faults.clear()

      const order = shop.order(id)
      const deals = here.dealsOf(id)
      expect(deals).toHaveLength(1)
      const [deal] = deals
      const kopecks = (order?.lines ?? []).reduce((sum, line) => sum + line.priceKopecks * line.quantity, order?.deliveryPriceKopecks ?? 0)
      expect(deal?.price).toBe(Math.round(kopecks / 100))
      expect(deal?.statusId).toBe(order?.cancelled ? lost : stages[order?.status ?? ''])
      expect(here.amo.world.notes('leads', deal?.id)).toHaveLength(1)
      expect(here.amo.world.contacts()).toHaveLength(buyers)
    }),
    { numRuns: 25 },
  )
})
