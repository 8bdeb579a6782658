import type { AccountWorld } from '../account-world.ts'
import type { Account } from '../world/account.ts'
import { readField } from '../world/fields.ts'
import type { Entity } from '../world/model.ts'

/** Everything the panel of a deal shows; undefined when the deal is not there any more. */
export function viewDeal({ account }: AccountWorld, id: number) {
  const lead = account.leads.find(id)
  if (lead === undefined) return undefined
  const { name, price, pipelineId, statusId, createdAt, updatedAt, closedAt } = lead
  const people = lead.contactIds.flatMap((contactId) => account.contacts.find(contactId) ?? [])
  const company = lead.companyId === null ? undefined : account.companies.find(lead.companyId)
  const reason = lead.lossReasonId === null ? undefined : account.lossReasons.get(lead.lossReasonId)
  return {
    id,
    name,
    price,
    pipelineId,
    statusId,
    createdAt,
    updatedAt,
    closedAt,
    lossReason: reason?.name ?? null,
    responsible: nameOfUser(account, lead.responsibleUserId),
    tags: lead.tagIds.flatMap((tagId) => account.tags.leads.get(tagId)?.name ?? []),
    fields: viewFields(account, lead),
    contacts: people.map((contact) => ({
      id: contact.id,
      name: contact.name,
      isMain: contact.id === lead.mainContactId,
      phone: firstValue(account, contact, 'PHONE'),
      email: firstValue(account, contact, 'EMAIL'),
      fields: viewFields(account, contact),
    })),
    company: company === undefined ? null : { id: company.id, name: company.name, fields: viewFields(account, company) },
    /** Elements of catalogs, once the emulator has them. */
    goods: [],
    notes: account.notes
      .of('leads', id)
      .map((note) => ({ id: note.id, at: note.createdAt, author: nameOfUser(account, note.createdBy), text: textOf(note.params) }))
      .reverse(),
  }
}

/** null: a robot or an integration. */
const nameOfUser = (account: Account, id: number): string | null => account.users.get(id)?.name ?? null

function viewFields(account: Account, entity: Entity) {
  return [...entity.fields].flatMap(([fieldId, values]) => {
    const field = account.fields[entity.kind].get(fieldId)
    return field === undefined ? [] : [readField(field, values)]
  })
}

function firstValue(account: Account, entity: Entity, code: string): string {
  const field = account.fields[entity.kind].byCode(code)
  const [first] = field === undefined ? [] : (entity.fields.get(field.id) ?? [])
  return first === undefined ? '' : String(first.value)
}

function textOf({ text, service, phone }: Record<string, unknown>): string {
  return [service, phone, text].filter((part) => typeof part === 'string').join('\n')
}
