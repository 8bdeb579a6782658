import { describe, expect, test } from 'vitest'
import { type Installation, startInstallation } from './support/installation.ts'

const company = (number: number) => ({ name: `ООО Ромашка ${number}`, inn: `77070838${String(number).padStart(2, '0')}`, kpp: '770701001' })
const buyer = (number: number) => ({ phone: `+7916000${String(number).padStart(4, '0')}`, company: company(number) })

const reads = ({ amo }: Installation) =>
  amo.requests().all.filter(({ method, path }) => method === 'GET' && /^\/api\/v4\/companies\?/.test(path)).length
/** A field that the account had before us. */
const inn = 500_205

async function placeAtOnce(here: Installation, numbers: number[]) {
  here.shop.autoSend = false
  const orders = numbers.map((number) => here.shop.placeOrder(buyer(number)))
  await here.shop.sendNow()
  here.shop.autoSend = true
  await here.settled()
  return orders.map(({ id }) => here.dealsOf(id)[0])
}

describe('companies', () => {
  test('of a whole batch cost one reading; known ones none', async () => {
    await using here = await startInstallation()
    await here.dealOf(here.shop.placeOrder({ phone: '+79160000000' }).id)
    const numbers = Array.from({ length: 20 }, (_, index) => 10 + index)
    const deals = await placeAtOnce(here, numbers)
    expect(here.amo.world.companies()).toHaveLength(20)
    expect(new Set(deals.map((deal) => deal?.companyId)).size).toBe(20)
    const before = reads(here)
    expect(before).toBe(1)
    await placeAtOnce(here, numbers.slice(0, 5))
    expect(reads(here)).toBe(before)
    expect(here.amo.world.companies()).toHaveLength(20)
  })

  test('that a manager made since are found by their INN, with the KPP where both name one', async () => {
    await using here = await startInstallation()
    await here.dealOf(here.shop.placeOrder(buyer(10)).id)
    await here.clockPasses(10_000)
    const made = here.amo.world.createCompany({ name: 'Ромашка', fields: { [inn]: company(11).inn } })
    const other = here.amo.world.createCompany({ name: 'Филиал', fields: { [inn]: company(12).inn, AMOBRIDGE_KPP: '999901001' } })
    const [eleventh, twelfth] = await placeAtOnce(here, [11, 12])
    expect(eleventh?.companyId).toBe(made.id)
    expect(twelfth?.companyId).not.toBe(other.id)
    expect(here.amo.world.companies()).toHaveLength(4)
  })

  test('are searched for by INN in an account of very many', async () => {
    await using here = await startInstallation({
      before: (amo) => {
        for (let number = 0; number < 1_010; number += 1) amo.world.createCompany({ name: `Старая ${number}` })
      },
    })
    await here.dealOf(here.shop.placeOrder({ phone: '+79160000000' }).id)
    const made = here.amo.world.createCompany({ name: 'Ромашка', fields: { [inn]: company(11).inn } })
    const [eleventh, twelfth] = await placeAtOnce(here, [11, 12])
    expect(eleventh?.companyId).toBe(made.id)
    expect(twelfth?.companyId).not.toBeNull()
    expect(here.amo.world.companies()).toHaveLength(1_012)
  })
})
