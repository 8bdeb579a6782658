import type { ApiRequest } from './api-request.ts'
import { selfLink } from './paging.ts'
import { readField } from './world/fields.ts'
import type { Company, Contact, Entity, Lead } from './world/model.ts'

/** What `with=` asks for. Unknown words are passed over. */
export function wished({ query }: ApiRequest): Set<string> {
  return new Set(query.list('with').flatMap((words) => words.split(',')))
}

function entityPath(entity: Pick<Entity, 'kind' | 'id'>): string {
  return `/api/v4/${entity.kind}/${entity.id}`
}

export function entityLinks(request: ApiRequest, entity: Pick<Entity, 'kind' | 'id'>) {
  return selfLink(request, entityPath(entity))
}

export function viewEntity(request: ApiRequest, entity: Entity, wishes: Set<string>): Record<string, unknown> {
  if (entity.kind === 'leads') return viewLead(request, entity, wishes)
  return entity.kind === 'contacts' ? viewContact(request, entity, wishes) : viewCompany(request, entity, wishes)
}

function viewLead(request: ApiRequest, lead: Lead, wishes: Set<string>): Record<string, unknown> {
  return {
    id: lead.id,
    name: lead.name,
    price: lead.price,
    responsible_user_id: lead.responsibleUserId,
    group_id: 0,
    status_id: lead.statusId,
    pipeline_id: lead.pipelineId,
    loss_reason_id: lead.lossReasonId,
    created_by: lead.createdBy,
    updated_by: lead.updatedBy,
    created_at: lead.createdAt,
    updated_at: lead.updatedAt,
    closed_at: lead.closedAt,
    closest_task_at: null,
    is_deleted: false,
    custom_fields_values: viewFields(request, lead),
    score: null,
    account_id: request.account.id,
    labor_cost: null,
    ...(wishes.has('is_price_modified_by_robot') ? { is_price_modified_by_robot: false } : {}),
    ...(wishes.has('source_id') ? { source_id: null } : {}),
    _links: entityLinks(request, lead),
    _embedded: embeddedOfLead(request, lead, wishes),
  }
}

function embeddedOfLead(request: ApiRequest, lead: Lead, wishes: Set<string>): Record<string, unknown> {
  return {
    tags: viewTags(request, lead),
    companies: linked(request, 'companies', lead.companyId),
    ...(wishes.has('contacts') ? { contacts: contactsOfLead(request, lead) } : {}),
    ...(wishes.has('loss_reason') ? { loss_reason: lossReasonOf(request, lead) } : {}),
    ...(wishes.has('catalog_elements') ? { catalog_elements: [] } : {}),
    ...(wishes.has('source') ? { source: null } : {}),
  }
}

function contactsOfLead(request: ApiRequest, lead: Lead) {
  return lead.contactIds
    .filter((id) => request.account.contacts.find(id) !== undefined)
    .map((id) => ({ id, is_main: id === lead.mainContactId, _links: entityLinks(request, { kind: 'contacts', id }) }))
}

function lossReasonOf(request: ApiRequest, { lossReasonId }: Lead) {
  const reason = lossReasonId === null ? undefined : request.account.lossReasons.get(lossReasonId)
  if (reason === undefined) return []
  const { id, name, sort, createdAt, updatedAt } = reason
  const links = selfLink(request, `/api/v4/leads/loss_reasons/${id}`)
  return [{ id, name, sort, created_at: createdAt, updated_at: updatedAt, _links: links }]
}

function viewContact(request: ApiRequest, contact: Contact, wishes: Set<string>): Record<string, unknown> {
  const { id, name, firstName, lastName } = contact
  return {
    id,
    name,
    first_name: firstName,
    last_name: lastName,
    ...viewPersonCommon(request, contact),
    _embedded: {
      tags: viewTags(request, contact),
      companies: linked(request, 'companies', contact.companyId),
      ...(wishes.has('leads') ? { leads: linkedAll(request, 'leads', contact.leadIds) } : {}),
      ...(wishes.has('customers') ? { customers: [] } : {}),
      ...(wishes.has('catalog_elements') ? { catalog_elements: [] } : {}),
    },
  }
}

function viewCompany(request: ApiRequest, company: Company, wishes: Set<string>): Record<string, unknown> {
  const { id, name } = company
  return {
    id,
    name,
    ...viewPersonCommon(request, company),
    _embedded: {
      tags: viewTags(request, company),
      ...(wishes.has('contacts') ? { contacts: linkedAll(request, 'contacts', company.contactIds) } : {}),
      ...(wishes.has('leads') ? { leads: linkedAll(request, 'leads', company.leadIds) } : {}),
      ...(wishes.has('customers') ? { customers: [] } : {}),
      ...(wishes.has('catalog_elements') ? { catalog_elements: [] } : {}),
    },
  }
}

function viewPersonCommon(request: ApiRequest, entity: Contact | Company): Record<string, unknown> {
  return {
    responsible_user_id: entity.responsibleUserId,
    group_id: 0,
    created_by: entity.createdBy,
    updated_by: entity.updatedBy,
    created_at: entity.createdAt,
    updated_at: entity.updatedAt,
    closest_task_at: null,
    is_deleted: false,
    custom_fields_values: viewFields(request, entity),
    account_id: request.account.id,
    _links: entityLinks(request, entity),
  }
}

/** Only filled fields that still exist; null when there are none. */
function viewFields({ account }: ApiRequest, entity: Entity): unknown[] | null {
  const shown = [...entity.fields].flatMap(([fieldId, values]) => {
    const field = account.fields[entity.kind].get(fieldId)
    return field === undefined ? [] : [readField(field, values)]
  })
  return shown.length === 0 ? null : shown
}

function viewTags({ account }: ApiRequest, entity: Entity) {
  return entity.tagIds.flatMap((id) => account.tags[entity.kind].get(id) ?? []).map(({ id, name, color }) => ({ id, name, color }))
}

function linked(request: ApiRequest, kind: 'companies', id: number | null) {
  return id === null ? [] : linkedAll(request, kind, [id])
}

function linkedAll(request: ApiRequest, kind: Entity['kind'], ids: Iterable<number>) {
  return [...ids]
    .filter((id) => request.account[kind].find(id) !== undefined)
    .map((id) => ({ id, _links: entityLinks(request, { kind, id }) }))
}
