import type { OrderInput } from '../sandbox/shop/inputs.ts'
import { createRandom } from '../sandbox/shop/random.ts'

/** The buyers of a run: half are in the CRM already, each tenth of these brings a new phone or e-mail, the others are strangers. */
export interface Workload {
  orders: OrderInput[]
  /** Contacts that must be in the account before: `createContacts(known)` makes them with these very phones and e-mails. */
  known: number
  /** Distinct people among buyers and old contacts. */
  people: number
}

const names: readonly [string, ...string[]] = ['Анна', 'Олег', 'Мария', 'Пётр', 'Ирина', 'Сергей', 'Елена', 'Дмитрий', 'Ольга', 'Андрей']
const surnames: readonly [string, ...string[]] = ['Орлова', 'Ким', 'Шмидт', 'Белых', 'Черных', 'Долгих', 'Савчук', 'Ли', 'Гринь', 'Савина']

export function createWorkload(count: number, seed: number): Workload {
  const random = createRandom(seed)
  const known = Math.ceil(count / 2)
  const orders = Array.from({ length: count }, (_, index): OrderInput => {
    const isKnown = index % 2 === 0
    const number = Math.floor(index / 2) + 1
    const buyer = isKnown ? knownBuyer(number) : stranger(number)
    const lines = [{ productId: '501' }, { productId: random.pick(['502', '503', '504']), quantity: random.between(1, 3) }]
    const touch = { first: { utm_source: 'yandex', utm_medium: 'cpc' }, last: { utm_source: 'vk', utm_medium: 'social' } }
    return { ...buyer, name: `${random.pick(surnames)} ${random.pick(names)}`, lines, touch }
  })
  return { orders, known, people: known + Math.floor(count / 2) }
}

const ten = (number: number) => String(number).padStart(9, '0')

/** The phone as somebody else writes it; each tenth has a second phone or e-mail that the CRM does not know. */
function knownBuyer(number: number): Pick<OrderInput, 'phone' | 'email'> {
  const digits = ten(number)
  const phone = `8 (9${digits.slice(0, 2)}) ${digits.slice(2, 5)}-${digits.slice(5, 7)}-${digits.slice(7)}`
  const email = `buyer${number}@example.test`
  if (number % 20 === 0) return { phone, email: `new${number}@example.test` }
  if (number % 20 === 10) return { phone: `+7 985 ${ten(number).slice(2)}`, email }
  return { phone, email }
}

const stranger = (number: number): Pick<OrderInput, 'phone' | 'email'> => ({
  phone: `+7916${ten(number).slice(2)}`,
  email: `stranger${number}@example.test`,
})
