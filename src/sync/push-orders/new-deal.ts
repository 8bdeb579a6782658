import { CrmRejectedError } from '../../core/crm-failure.ts'
import { type Directory, lostStatus, type Stage } from '../../core/directory.ts'
import { companyId, contactId, type FieldId, fieldId, userId } from '../../core/ids.ts'
import { afterSending, type SentView } from '../../core/plan-deal.ts'
import { basisOf, firstOrdinaryStage, firstStage, isClosed } from '../../core/plan-stage.ts'
import type { CompanyWrite, ContactWrite, FieldWrite, NewDeal } from '../../ports/crm.ts'
import type { SentCreate } from '../../ports/push-store.ts'
import type { Push } from './push.ts'

/** amoCRM takes at most this many field values per entity in a complex create; the rest follows as an update. */
const valuesPerCreate = 40

/** What a create of this order carries now: remembered with its intent, then with the pair. */
export function createdFrom(push: Push): SentCreate {
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

export function toNewDeal(push: Push): NewDeal {
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

export function stageOf({ settings, context: { directory }, refused, stored }: Push): Stage {
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

/** null: a buyer of whom nothing is known. */
export function contactOf({ person, view }: Push): NewDeal['contact'] {
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

export function companyOf({ person, stored, context, view, refused }: Push): NewDeal['company'] {
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
