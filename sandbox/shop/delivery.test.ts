import fc from 'fast-check'
import { expect, test } from 'vitest'
import { statusOf } from './model.ts'
import { acceptAll, type ExchangeBody } from './testing/fake-service.ts'
import { startPair } from './testing/fixture.ts'

/** A service as strict as the protocol allows: an event id counts once, a lower rev of an order is ignored. */
function createLedger() {
  const seen = new Set<string>()
  const orders = new Map<string, { rev: number; state: unknown }>()
  return {
    orders,
    take({ events }: ExchangeBody): void {
      for (const { id, type, rev, data } of events) {
        if (seen.has(id)) continue
        seen.add(id)
        const known = orders.get(String(data.id))
        if (known !== undefined && known.rev > Number(rev)) continue
        orders.set(String(data.id), {
          rev: Number(rev),
          state: type === 'order.saved' ? (data.cancelled === true ? 'cancelled' : data.status) : type,
        })
      }
    },
  }
}

const step = fc.oneof(
  fc.record({ act: fc.constant('place' as const) }),
  fc.record({ act: fc.constantFrom('P', 'S', 'cancel', 'delete'), which: fc.nat(5) }),
  fc.record({ act: fc.constantFrom('send', 'lose request', 'lose answer', 'answer late') }),
)

test('whatever is lost on the way, the service ends with the last state of every order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await using pair = await startPair()
      const { shop, service } = pair
      const ledger = createLedger()
      const removed = new Set<string>()

      async function send(how: string): Promise<void> {
        service.answer((body) => {
          if (how === 'lose request') return { body: {}, flaw: 'unsigned' }
          ledger.take(body)
          const [first] = shop.orders()
          if (how === 'answer late' && first !== undefined) shop.setStatus(first.id, first.status === 'F' ? 'P' : 'F')
          return how === 'lose answer' ? { body: {}, flaw: 'unsigned' } : acceptAll(body)
        })
        await shop.sendNow()
      }

      for (const { act, ...more } of steps) {
        const order = 'which' in more ? shop.orders()[more.which] : undefined
        if (act === 'place') shop.placeOrder()
        else if (!('which' in more)) await send(act)
        else if (order === undefined) continue
        else if (act === 'cancel') shop.cancel(order.id)
        else if (act !== 'delete') shop.setStatus(order.id, act)
        else {
          shop.deleteOrder(order.id)
          removed.add(order.id)
        }
      }
      while (shop.pendingEvents().length > 0) await send('send')

      const expected = [...shop.orders().map((order) => [order.id, statusOf(order)]), ...[...removed].map((id) => [id, 'order.deleted'])]
      const known = [...ledger.orders].map(([id, { state }]) => [id, state])
      expect(new Map(known.map(([id, state]) => [id, state]))).toEqual(new Map(expected.map(([id, state]) => [id, state])))
    }),
    { numRuns: 60 },
  )
})
