import type { AmoEmulator } from '../sandbox/amocrm/emulator.ts'
import type { OrderInput } from '../sandbox/shop/inputs.ts'

/** The script every integrator writes, two ways. Neither keeps anything between runs; an error makes the step run again. */
export interface RecipeOrder {
  id: string
  input: OrderInput
}

interface Api {
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
}

const tries = 4
const pauseAfterErrorMs = 1_000

/** (a) One order after the other: search by phone, by e-mail, create the contact, the deal, the note. */
export async function runInSeries(amo: AmoEmulator, orders: RecipeOrder[]): Promise<void> {
  const api = createApi(amo, async () => undefined)
  for (const order of orders) {
    await again(async () => {
      const contactId = (await findContact(api, order)) ?? (await createContact(api, order))
      const dealId = await createDeal(api, order, contactId)
      await api.post('/api/v4/leads/notes', [noteOf(order, dealId)])
    })
  }
}

/** (b) What a good engineer writes in a day: parallel up to the limit, `complex` for strangers, notes fifty at a time. */
export async function runWell(amo: AmoEmulator, orders: RecipeOrder[], requestsPerSecond: number): Promise<void> {
  const api = createApi(amo, createSpacing(requestsPerSecond))
  const waiting = [...orders]
  const notes: object[] = []
  const sendNotes = async (least: number) => {
    while (notes.length >= least && notes.length > 0) {
      const batch = notes.splice(0, 50)
      await again(() => api.post('/api/v4/leads/notes', batch))
    }
  }
  const work = async () => {
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
      const current = order
      await again(async () => {
        const contactId = await findContact(api, current)
        const contact = contactId === undefined ? contactOf(current) : { id: contactId }
        const made = await api.post('/api/v4/leads/complex', [{ ...dealOf(current), _embedded: { contacts: [contact] } }])
        notes.push(noteOf(current, firstId(made)))
      })
      await sendNotes(50)
    }
  }
  await Promise.all(Array.from({ length: 12 }, work))
  await sendNotes(1)
}

async function findContact(api: Api, { input }: RecipeOrder): Promise<number | undefined> {
  for (const query of [input.phone?.replace(/\D/g, '').slice(-10), input.email]) {
    const found = query ? firstOf(await api.get(`/api/v4/contacts?query=${encodeURIComponent(query)}`), 'contacts') : undefined
    if (found !== undefined) return found
  }
  return undefined
}

const createContact = async (api: Api, order: RecipeOrder) =>
  firstOf(await api.post('/api/v4/contacts', [contactOf(order)]), 'contacts') ?? 0

const createDeal = async (api: Api, order: RecipeOrder, contactId: number) =>
  firstOf(await api.post('/api/v4/leads', [{ ...dealOf(order), _embedded: { contacts: [{ id: contactId }] } }]), 'leads') ?? 0

const contactOf = ({ input }: RecipeOrder) => ({
  name: input.name,
  custom_fields_values: [
    { field_code: 'PHONE', values: [{ value: input.phone, enum_code: 'MOB' }] },
    { field_code: 'EMAIL', values: [{ value: input.email, enum_code: 'WORK' }] },
  ],
})
const dealOf = ({ id }: RecipeOrder) => ({ name: `Заказ ${id}`, price: 1000 })
const noteOf = ({ id }: RecipeOrder, dealId: number) => ({ entity_id: dealId, note_type: 'common', params: { text: `Заказ ${id}` } })

async function again(step: () => Promise<unknown>): Promise<void> {
  for (let left = tries; ; left -= 1) {
    try {
      await step()
      return
    } catch (error) {
      if (left === 1) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs))
    }
  }
}

function createApi({ url, tokens }: AmoEmulator, turn: () => Promise<void>): Api {
  const headers = { authorization: `Bearer ${tokens.longLived()}`, 'content-type': 'application/json', 'user-agent': 'recipe/1.0' }
  const call = async (path: string, init: RequestInit) => {
    await turn()
    const answer = await fetch(url + path, { ...init, headers })
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer.status === 204 ? undefined : answer.json()
  }
  return { get: (path) => call(path, {}), post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }) }
}

/** One request each so many milliseconds, as most client libraries do it. */
function createSpacing(perSecond: number): () => Promise<void> {
  let nextAt = 0
  return async () => {
    const now = performance.now()
    const at = Math.max(now, nextAt)
    nextAt = at + 1000 / perSecond
    await new Promise((resolve) => setTimeout(resolve, at - now))
  }
}

function firstOf(answer: unknown, kind: 'contacts' | 'leads'): number | undefined {
  const { _embedded } = (answer ?? {}) as { _embedded?: Record<string, { id: number }[]> }
  return _embedded?.[kind]?.[0]?.id
}
const firstId = (answer: unknown) => (answer as { id: number }[])[0]?.id ?? 0
