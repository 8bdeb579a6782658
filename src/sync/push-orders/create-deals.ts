import { CrmRejectedError, CrmUnavailableError } from '../../core/crm-failure.ts'
import { type Directory, lostStatus, type Stage } from '../../core/directory.ts'
import { companyId, contactId, type FieldId, fieldId, userId } from '../../core/ids.ts'
import { afterSending, type SentView } from '../../core/plan-deal.ts'
import { basisOf, firstOrdinaryStage, firstStage, isClosed } from '../../core/plan-stage.ts'
import type { CompanyWrite, ContactWrite, CreatedDeal, FieldWrite, NewDeal } from '../../ports/crm.ts'
import type { DealPair, Intent, SentCreate, Writes } from '../../ports/push-store.ts'
import { failPush, isUnsent } from './end-push.ts'
import { viewIncidents } from './load-pushes.ts'
import { companyAt, madeContact } from './parties.ts'
import { alive, incident, type Push, type Run, step } from './push.ts'
import { setDeal } from './recover-deals.ts'
import { sendMending } from './send-mending.ts'

/** amoCRM takes at most this many field values per entity in a complex create; the rest follows as an update. */
const valuesPerCreate = 40

/** Makes the deals that are missing, fifty a request, each with its contact and company. At most one create per order, whatever fails. */
export async function createDeals(run: Run, pushes: Push[]): Promise<void> {
  const missing = alive(pushes).filter(({ pair, person }) => pair === undefined && person !== null)
  if (missing.length === 0) return
  const floor = await knownFloor(run)
  const sent = await sendMending(run, missing, (batch) => createBatch(run, batch, floor))
  for (const { pushes: batch, result } of sent) await remember(run, batch, result.created, result.intents)
}

/** The highest deal id known before sending. Only the very first create of an account has to ask. */
async function knownFloor(run: Run): Promise<number> {
  const marks = await run.deps.store.getMarks(run.lane.accountId)
  if (marks['highest-deal'] !== undefined) return marks['highest-deal']
  let highest = 0
  for await (const deal of run.deps.crm.listDealsByNewest({ class: 'live-create', signal: run.signal })) {
    highest = deal.id
    break
  }
  await run.deps.store.save(run.lane, { marks: { 'highest-deal': highest } })
  return highest
}

interface Created {
  created: CreatedDeal[]
  intents: Map<string, Intent>
}

async function createBatch(run: Run, batch: Push[], floor: number): Promise<Created> {
  // A crash after this line leaves intents without an answer: the next run looks for the markers before it sends again.
  const intents = await run.deps.store.beginIntents(
    run.lane,
    batch.map((push) => ({
      connection: push.item.connection,
      kind: 'deal' as const,
      key: push.marker,
      entityKey: push.item.entityKey,
      floor,
      limitMs: run.deps.writeLimitMs,
      sent: createdFrom(push),
    })),
  )
  const byMarker = new Map(intents.map((intent) => [intent.key, intent]))
  for (const push of batch) push.unanswered = true
  try {
    const created = await run.deps.crm.createDealsComplex(batch.map(toNewDeal), {
      class: batch[0]?.item.class ?? 'live-create',
      signal: run.signal,
    })
    return { created, intents: byMarker }
  } catch (error) {
    if (isUnsent(error))
      await run.deps.store.save(run.lane, { closeIntents: intents.map(({ id }) => ({ id, state: 'unsent', crmId: null })) })
    if (isUnsent(error) || error instanceof CrmRejectedError) for (const push of batch) push.unanswered = false
    throw error
  }
}

type CreateWrites = Required<
  Pick<Writes, 'pairs' | 'closeIntents' | 'contacts' | 'companies' | 'commands' | 'timeline' | 'incidents' | 'closeIncidents'>
>

async function remember(run: Run, batch: Push[], created: CreatedDeal[], intents: Map<string, Intent>): Promise<void> {
  const connections = new Set(batch.map(({ item }) => item.connection))
  const writes: CreateWrites = {
    pairs: [],
    closeIntents: [],
    contacts: [],
    companies: [],
    commands: [],
    timeline: [],
    incidents: [],
    closeIncidents: [...connections].map((connection) => ({ connection, code: 'marker-refused', entity: 'account' })),
  }
  const now = await run.deps.store.now()
  for (const push of batch) {
    const row = created.find(({ key }) => key === push.marker)
    const intent = intents.get(push.marker)
    if (row === undefined || intent === undefined) {
      // The answer does not name this order: it may exist. The intent stays open and is looked for.
      await failPush(
        run,
        push,
        new CrmUnavailableError(`amoCRM's answer does not name order ${push.stored.order.number}`, { when: 'backoff' }),
      )
      continue
    }
    push.unanswered = false
    if (row.merged) {
      // Duplicate control answered with somebody's deal: no pair is made, nobody's deal is overwritten.
      writes.incidents.push(incident(push, 'duplicate-control', { deal: row.dealId }, 'account'))
      writes.closeIntents.push({ id: intent.id, state: 'unsent', crmId: row.dealId })
      push.outcome = {
        kind: 'failed',
        attempts: push.item.attempts + 1,
        recoverable: true,
        reason: `duplicate control put the order into deal ${row.dealId}; switch it off for this integration`,
      }
      continue
    }
    push.pair = toPair(push, row)
    writes.pairs.push(push.pair)
    writes.closeIntents.push({ id: intent.id, state: 'done', crmId: row.dealId })
    writes.commands.push(setDeal(push, row.dealId))
    writes.timeline.push(step(push, 'deal-created', { deal: row.dealId, contact: row.contactId }))
    writes.incidents.push(...viewIncidents(push))
    writes.contacts.push(...madeContact(push, row, now))
    writes.companies.push(...companyAt(push, row.companyId))
  }
  const highest = Math.max(0, ...created.map(({ dealId }) => dealId))
  await run.deps.store.save(run.lane, { ...writes, marks: { 'highest-deal': highest } })
}

function toPair(push: Push, row: CreatedDeal): DealPair {
  return {
    connection: push.item.connection,
    entityKey: push.item.entityKey,
    dealId: row.dealId,
    contactId: row.contactId ?? push.person?.contact?.id ?? null,
    companyId: row.companyId,
    noteId: null,
    doubt: null,
    ...createdFrom(push),
    state: 'live',
  }
}

function createdFrom(push: Push): SentCreate {
  const basis = basisOf(push.stored.order)
  // A deal that is made lost is owed its reason: its order counts as not yet cancelled until the deal has it.
  const owed = basis.cancelled && push.settings.lossReasons.cancelled !== undefined && stageOf(push).statusId === lostStatus
  return { sent: sentOnCreate(push), basis: owed ? { ...basis, cancelled: false } : basis, rule: push.rule }
}

/** What a create carries: the marker in any case, then as many fields as fit. */
function sentOnCreate({ view, context, refused }: Push): SentView {
  const marker = String(context.ownFields.dealKey)
  const others = Object.entries(view.deal.fields).filter(([id]) => id !== marker)
  const fields = Object.fromEntries(others.slice(0, valuesPerCreate - 1))
  const sent = afterSending({ ...view.deal, fields: { ...fields, [marker]: view.deal.fields[marker] ?? [] } }, undefined, null)
  return refused.buyerLeftovers.length === 0 ? sent : { ...sent, buyerLeftovers: refused.buyerLeftovers }
}

function toNewDeal(push: Push): NewDeal {
  const { marker } = push
  const sent = sentOnCreate(push)
  const responsibleId = responsibleOf(push)
  return {
    key: marker,
    deal: {
      name: sent.name,
      ...(sent.price === null ? {} : { price: sent.price }),
      stage: stageOf(push),
      ...(responsibleId === undefined ? {} : { responsibleId }),
      fields: toFieldWrites(sent.fields),
      ...(sent.tags.length > 0 ? { tagsToAdd: sent.tags } : {}),
    },
    contact: contactOf(push),
    company: companyOf(push),
  }
}

export function toFieldWrites(fields: SentView['fields']): FieldWrite[] {
  return Object.entries(fields).map(([id, values]) => ({ fieldId: fieldId(Number(id)), values }))
}

function stageOf({ settings, context: { directory }, refused, stored }: Push): Stage {
  const first = firstOrdinaryStage(directory, settings.pipelineId) ?? fallbackStages(directory)[0]
  const stage =
    refused.stages === 0 ? first && firstStage(stored.order, settings.stages, first) : fallbackStages(directory)[refused.stages - 1]
  if (stage === undefined) throw new CrmRejectedError('amoCRM refuses every stage that it told of', [])
  return stage
}

/** Ordinary stages of all pipelines, the main one's first. */
function fallbackStages({ pipelines }: Directory): Stage[] {
  return pipelines
    .toSorted((a, b) => Number(b.main) - Number(a.main))
    .flatMap(({ id, statuses }) =>
      statuses
        .filter((status) => !status.unsorted && !isClosed({ pipelineId: id, statusId: status.id }))
        .map((status) => ({ pipelineId: id, statusId: status.id })),
    )
}

/** `fixed`: the first of the list. `round-robin`: by order, so that a repeat gives the same. `previous`: the contact's own. Refused ones are passed over. */
function responsibleOf({ settings, refused, person, orderId, context }: Push) {
  const { rule, users } = settings.responsible
  const assignable = (id: number) => context.directory.users?.find((user) => user.id === id)?.assignable !== false
  const previous = rule === 'previous' && refused.responsibles === 0 ? person?.contact?.responsibleId : undefined
  if (previous && assignable(previous)) return previous
  const active = users.filter(assignable)
  const turn = rule === 'round-robin' ? Number(orderId.replace(/\D/g, '') || 0) : 0
  const id =
    refused.responsibles >= active.length && refused.responsibles > 0
      ? undefined
      : active[(turn + refused.responsibles) % Math.max(1, active.length)]
  return id === undefined ? undefined : userId(id)
}

function contactOf({ person, view }: Push): NewDeal['contact'] {
  if (person === null) return null
  if (person.contact) return { id: contactId(person.contact.id) }
  const { firstName, lastName, phones, emails } = person.wanted
  const named = view.contact.named
  const write: ContactWrite = {
    firstName: named.firstName?.[0] ?? firstName,
    lastName: named.lastName?.[0] ?? lastName,
    // An empty array is a write too, and a field that amoCRM refuses it refuses empty as well.
    ...(phones.length > 0 ? { phones: phones.map((value) => ({ value, enumCode: 'MOB' })) } : {}),
    ...(emails.length > 0 ? { emails: emails.map((value) => ({ value, enumCode: 'WORK' })) } : {}),
    fields: toFieldWrites(view.contact.fields),
  }
  const empty = !write.firstName && !write.lastName && phones.length === 0 && emails.length === 0
  return empty ? null : { create: write }
}

function companyOf({ person, stored, context, view, refused }: Push): NewDeal['company'] {
  const company = stored.order.buyer.company
  if (refused.company) return null
  if (person?.companyId != null) return { id: companyId(person.companyId) }
  if (!company?.name && !company?.inn) return null
  const { companyInn, companyKpp } = context.ownFields
  const own = (field: FieldId | null, value: string | null): FieldWrite[] =>
    field === null || !value || refused.fields.has(field) ? [] : [{ fieldId: field, values: [{ value }] }]
  const write: CompanyWrite = {
    name: company.name ?? `ИНН ${company.inn}`,
    fields: [...own(companyInn, company.inn), ...own(companyKpp, company.kpp), ...toFieldWrites(view.company.fields)],
  }
  return { create: write }
}
