import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startInstallation, usualOrders } from './support/installation.ts'

const dummy = 'no@mail.example'
const shopPhone = '+74950000000'

interface Someone {
  number: number
  /** In the CRM before the first order, with the number as somebody typed it. */
  known: boolean
  /** Gives the phone of this one. */
  family: number | null
}
interface Purchase {
  buyer: number
  gives: 'phone' | 'email' | 'both' | 'both-with-dummy-email' | 'email-with-shop-phone'
}

const people = fc.array(fc.record({ known: fc.boolean(), inFamily: fc.boolean() }), { minLength: 2, maxLength: 8 })
const purchases = fc.array(
  fc.record({
    buyer: fc.nat(7),
    gives: fc.constantFrom(
      'phone' as const,
      'email' as const,
      'both' as const,
      'both-with-dummy-email' as const,
      'email-with-shop-phone' as const,
    ),
  }),
  { minLength: 4, maxLength: 14 },
)

const pad = (number: number) => String(number).padStart(7, '0')
const phoneOf = ({ number, family }: Someone) => `+7916${pad(family ?? number)}`
const emailOf = ({ number }: Someone) => `person${number}@example.test`
/** 12: Албвова. */
const surnameFor = (number: number) => `Ал${[...String(number)].map((digit) => 'абвгдежзик'[Number(digit)]).join('')}ова`
const surnameOf = ({ number }: Someone) => surnameFor(number)

function buyerOf(one: Someone, gives: Purchase['gives']) {
  const name = { name: `${surnameOf(one)} Анна` }
  switch (gives) {
    case 'phone':
      return { ...name, phone: phoneOf(one) }
    case 'email':
      return { ...name, email: emailOf(one) }
    case 'both':
      return { ...name, phone: phoneOf(one), email: emailOf(one) }
    case 'both-with-dummy-email':
      return { ...name, phone: phoneOf(one), email: dummy }
    case 'email-with-shop-phone':
      return { ...name, phone: shopPhone, email: emailOf(one) }
  }
}

test('strangers, families and dummy values: one person, one contact, and no value travels to another person', {
  timeout: 180_000,
}, async () => {
  const contacts = `stopList: ["${shopPhone}"]`
  await using here = await startInstallation({ speed: 50, contacts, orders: usualOrders })
  for (let number = 0; number < 6; number += 1)
    await here.dealOf(here.shop.placeOrder({ name: `${surnameFor(number)} Анна`, phone: `+7900${pad(number)}`, email: dummy }).id)

  const passersBy = here.amo.world.contacts().map(({ id }) => id)
  let numbers = 100
  await fc.assert(
    fc.asyncProperty(people, purchases, async (kinds, bought) => {
      const everyone = kinds.map(({ known, inFamily }, index): Someone => {
        numbers += 1
        return { number: numbers, known: known && !inFamily, family: inFamily && index > 0 ? numbers - 1 : null }
      })
      for (const [index, one] of everyone.entries()) {
        const before = everyone[index - 1]
        if (one.family !== null && before?.family != null) one.family = before.family
        const phone = phoneOf(one).replace(/^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/, '8 ($1) $2-$3-$4')
        if (one.known) here.amo.world.createContact({ firstName: 'Анна', lastName: surnameOf(one), phone })
      }
      await here.clockPasses(2_000)

      const orders = []
      for (const { buyer, gives } of bought) {
        const one = everyone[buyer % everyone.length]
        if (one === undefined) throw new Error('nobody buys')
        orders.push({ one, gives, id: here.shop.placeOrder(buyerOf(one, gives)).id })
      }
      await here.settled()

      const made = orders.map((order) => {
        const deals = here.dealsOf(order.id)
        expect(deals).toHaveLength(1)
        return { ...order, contactId: deals[0]?.mainContactId ?? 0 }
      })
      for (const { one, contactId } of made) {
        expect(passersBy, 'found by a value of everybody').not.toContain(contactId)
        const contact = here.amo.world.contact(contactId)
        const given = made.filter((order) => order.contactId === contactId)
        const home = new Set([one.family ?? one.number, ...given.map((order) => order.one.family ?? order.one.number)])
        expect(home.size, 'people of one household at most').toBe(1)
        for (const email of contact?.fields.EMAIL ?? [])
          expect([...given.map((order) => emailOf(order.one)), dummy], 'an e-mail of whoever bought').toContain(String(email))
        const surnames = new Set(given.filter(({ gives }) => gives === 'both').map((order) => surnameOf(order.one)))
        const owned = (contact?.fields.EMAIL ?? []).filter((email) => String(email) !== dummy)
        expect(owned.length, `e-mails of ${[...surnames].join(', ')}`).toBeLessThanOrEqual(1)
      }
      const holders = here.amo.world.contacts()
      for (const one of everyone) {
        const withEmail = holders.filter(({ fields }) => fields.EMAIL?.some((value) => String(value) === emailOf(one)))
        expect(withEmail.length, `contacts with ${emailOf(one)}`).toBeLessThanOrEqual(1)
        const digits = phoneOf(one).slice(-10)
        const withPhone = holders.filter(({ fields }) => fields.PHONE?.some((value) => String(value).replace(/\D/g, '').endsWith(digits)))
        expect(withPhone.length, `contacts with ${phoneOf(one)}`).toBeLessThanOrEqual(1)
      }
    }),
    { numRuns: 12 },
  )
})
