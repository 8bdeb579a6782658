import { CrmAccountError, CrmRejectedError, type Refusal } from '../../core/crm-failure.ts'
import { SyncError } from '../../core/failure.ts'
import { failPush } from './end-push.ts'
import { viewPush } from './load-pushes.ts'
import { MarkerRefusedError } from './marker-refused.ts'
import { alive, incident, type Push, type Run } from './push.ts'

/** Refusals of one request are mended and sent again at most this often: each round takes one complaint of each item away. */
const rounds = 12
/** How long a field that amoCRM does not know is left out of all orders. */
const refusedForMs = 10 * 60_000

export interface Sent<T> {
  pushes: Push[]
  result: T
}

/**
 * Sends a batch; what amoCRM refuses is taken out of its item, or the item out of the batch, and the rest goes. Answers what was sent in the end.
 * Items that cannot be delivered have an outcome afterwards. Throws CrmAccountError and the abort reason.
 */
export async function sendMending<T>(run: Run, pushes: Push[], send: (batch: Push[]) => Promise<T>): Promise<Sent<T>[]> {
  let batch = alive(pushes)
  for (let round = 0; round < rounds && batch.length > 0; round += 1) {
    try {
      return [{ pushes: batch, result: await send(batch) }]
    } catch (error) {
      if (error instanceof CrmRejectedError) {
        const named = error.refusals.filter(({ key }) => batch.some((push) => isMeant(push, key)))
        if (named.length === 0 && batch.length > 1) return sendHalves(run, batch, send)
        await mendBatch(run, batch, error, named)
      } else await failAll(run, batch, error)
      batch = alive(batch)
    }
  }
  for (const push of batch)
    await failPush(
      run,
      push,
      new CrmRejectedError(`amoCRM refused order ${push.stored.order.number} ${rounds} times, each time for something else`, []),
    )
  return []
}

/** amoCRM did not say whom it meant: the halves tell. */
async function sendHalves<T>(run: Run, batch: Push[], send: (batch: Push[]) => Promise<T>): Promise<Sent<T>[]> {
  const middle = Math.ceil(batch.length / 2)
  return [...(await sendMending(run, batch.slice(0, middle), send)), ...(await sendMending(run, batch.slice(middle), send))]
}

async function failAll(run: Run, batch: Push[], error: unknown): Promise<void> {
  run.signal.throwIfAborted()
  if (error instanceof CrmAccountError || !(error instanceof SyncError)) throw error
  for (const push of batch) await failPush(run, push, error)
}

/** Requests name their items by marker, deal id or note id, whichever they have. */
function isMeant(push: Push, key: string | null): boolean {
  return key !== null && (key === push.marker || key === String(push.pair?.dealId) || key === String(push.pair?.noteId))
}

async function mendBatch(run: Run, batch: Push[], error: CrmRejectedError, named: Refusal[]): Promise<void> {
  for (const push of batch) {
    const own = named.filter(({ key }) => isMeant(push, key))
    const refusals = batch.length === 1 && own.length === 0 ? error.refusals : own
    if (batch.length === 1 && refusals.length === 0) return failPush(run, push, error)
    for (const refusal of refusals) if (push.outcome === null && !(await mend(run, push, refusal))) await failPush(run, push, error)
    viewPush(run, push)
  }
}

/** Takes the refused part out of the order. False: this order cannot go without it. */
async function mend(run: Run, push: Push, refusal: Refusal): Promise<boolean> {
  const { refused, view } = push
  const told = (code: string, params: Record<string, string>) =>
    run.deps.store.save(run.lane, {
      incidents: [incident(push, code, { detail: refusal.detail, ...params }, `setting:${params.setting ?? refusal.path}`)],
    })

  switch (refusal.field?.kind) {
    case 'custom': {
      const { fieldId, fieldCode } = refusal.field
      // The marker is the one field that is not dropped.
      if (fieldId === push.context.ownFields.dealKey)
        throw new MarkerRefusedError(`amoCRM refused the field of the marker: ${refusal.detail}`)
      if (fieldId === null) return dropPartyValue(push, fieldCode)
      if (refused.fields.has(fieldId)) return false
      refused.fields.add(fieldId)
      if (refusal.path.endsWith('field_id')) run.deps.refusedFields.set(fieldId, run.deps.clock.now() + refusedForMs)
      const field = push.context.directory.fields.find(({ id }) => id === fieldId)
      await told('field-refused', { field: field?.name ?? String(fieldId), setting: placeOf(push, fieldId) })
      return true
    }
    case 'responsible':
      if (refused.responsibles > push.settings.responsible.users.length) return false
      refused.responsibles += 1
      await told('responsible-refused', { setting: 'orders.responsible' })
      return true
    case 'stage':
      // A deal that is made tries the account's other stages in turn: after a pipeline was deleted the directory is old.
      if (refused.stages > 0 && push.pair !== undefined) return false
      refused.stages += 1
      await told('stage-refused', { setting: 'orders.stages' })
      return true
    case 'name':
      return dropName(push, refusal, told)
    case 'price':
      if (refused.price) return false
      refused.price = true
      refused.leftovers.push({ title: 'price', value: String(view.deal.price ?? '') })
      await told('price-refused', {})
      return true
    case 'tags':
      if (refused.tags) return false
      refused.tags = true
      await told('tags-refused', { setting: 'orders.tags' })
      return true
    case 'company':
      if (refused.company) return false
      refused.company = true
      return true
    case 'contact':
      return forgetGoneContact(run, push)
    default:
      return false
  }
}

type Tell = (code: string, params: Record<string, string>) => Promise<void>

async function dropName({ person, refused, view }: Push, { entity }: Refusal, told: Tell): Promise<boolean> {
  if (entity === 'deal') {
    if (refused.name) return false
    refused.name = true
    refused.leftovers.push({ title: 'name', value: view.deal.name })
    await told('field-refused', { field: 'name', setting: 'orders.name' })
    return true
  }
  if (entity !== 'contact' || person === null) return false
  const value = [person.wanted.firstName, person.wanted.lastName].filter(Boolean).join(' ')
  if (value === '' && !view.contact.named.firstName && !view.contact.named.lastName) return false
  refused.buyerLeftovers.push({ title: 'name', value })
  refused.contactName = true
  person.wanted = { ...person.wanted, firstName: '', lastName: '' }
  return true
}

function dropPartyValue({ person, refused }: Push, fieldCode: string | undefined): boolean {
  if (person === null) return false
  const key = fieldCode === 'EMAIL' ? 'emails' : 'phones'
  const [value] = person.wanted[key]
  if (value === undefined) return false
  refused.buyerLeftovers.push({ title: fieldCode ?? 'PHONE', value })
  person.wanted = { ...person.wanted, [key]: [] }
  return true
}

/** The contact was deleted or merged in amoCRM since we saw it: looked for anew in the next run, which comes at once. */
async function forgetGoneContact(run: Run, push: Push): Promise<boolean> {
  const gone = push.person?.contact
  if (!gone) return false
  await run.deps.store.save(run.lane, { forgetContacts: [gone.id] })
  push.outcome = {
    kind: 'later',
    attempts: push.item.attempts + 1,
    dueAtMs: await run.deps.store.now(),
    reason: `contact ${gone.id} is gone from amoCRM`,
  }
  return true
}

function placeOf(push: Push, fieldId: number): string {
  return push.settings.fields.find(({ to }) => to.kind === 'custom' && to.fieldId === fieldId)?.place ?? `field ${fieldId}`
}
