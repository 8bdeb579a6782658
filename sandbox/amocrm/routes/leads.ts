import type { ApiRequest } from '../api-request.ts'
import { toChanges } from '../entity-input.ts'
import { getEntity, listEntities } from '../entity-list.ts'
import { createMany, type Patch, patchMany, patchOne } from '../entity-write.ts'
import { isLost, type LeadDraft, type LeadPatch, leadCreateParser, leadPatchParser, refuseLossReasons, stageOf } from '../lead-input.ts'
import type { Route } from '../router.ts'
import type { ParsedItem } from '../validation.ts'
import { changeLead, createLead, type LeadChanges } from '../world/leads.ts'
import { linkContact, setLeadCompany } from '../world/links.ts'
import type { Lead } from '../world/model.ts'

export const leadRoutes: Route[] = [
  { method: 'GET', pattern: '/leads', handle: (request) => listEntities(request, 'leads') },
  { method: 'GET', pattern: '/leads/{id}', handle: (request) => getEntity(request, 'leads') },
  { method: 'POST', pattern: '/leads', handle: postLeads },
  { method: 'PATCH', pattern: '/leads', handle: (request) => patchMany(request, leadPatch(request)) },
  { method: 'PATCH', pattern: '/leads/{id}', handle: (request) => patchOne(request, leadPatch(request)) },
]

function postLeads(request: ApiRequest) {
  const { account } = request
  const check = (items: ParsedItem<LeadDraft>[]) =>
    refuseLossReasons(items.flatMap(({ value }, index) => (hasWrongReason(request, value) ? [index] : [])))
  return createMany(request, 'leads', leadCreateParser(account), (draft) => createFromDraft(request, draft), check)
}

export function hasWrongReason({ account }: ApiRequest, draft: LeadDraft): boolean {
  return draft.loss_reason_id !== undefined && !isLost(stageOf(account, draft, undefined))
}

/** Makes the lead and links those that exist; the first contact is main unless another is named. */
export function createFromDraft({ account, author, user }: ApiRequest, draft: LeadDraft): Lead {
  const lead = createLead(
    account,
    {
      ...toChanges(draft),
      ...stageOf(account, draft, undefined),
      responsibleUserId: draft.responsible_user_id ?? user.id,
      price: draft.price,
      lossReasonId: draft.loss_reason_id,
      closedAt: draft.closed_at,
    },
    author,
  )
  for (const { id, is_main = false } of draft._embedded?.contacts ?? []) {
    const contact = id === undefined ? undefined : account.contacts.find(id)
    if (contact !== undefined) linkContact(account, lead, contact, is_main, author)
  }
  for (const { id } of draft._embedded?.companies ?? []) {
    const company = id === undefined ? undefined : account.companies.find(id)
    if (company !== undefined) setLeadCompany(account, lead, company, author)
  }
  return lead
}

function leadPatch(request: ApiRequest): Patch<LeadPatch> {
  const { account, author, habits } = request
  return {
    kind: 'leads',
    parser: (id) => leadPatchParser(account, id === undefined ? undefined : account.leads.find(id)),
    check: (patches) => {
      const wrong = patches.filter(({ id, draft }) => {
        const stored = account.leads.find(id)
        if (draft.loss_reason_id === undefined || stored === undefined || isLost(stored)) return false
        return habits.lossReasonWithStatus === 'refused' || !isLost(stageOf(account, draft, stored))
      })
      refuseLossReasons(wrong.map(({ id }) => id))
    },
    apply: (id, draft) => {
      const lead = account.leads.find(id)
      if (lead !== undefined) changeLead(account, lead, toLeadChanges(request, draft, lead), author)
    },
  }
}

/** `updated_at` of a PATCH is accepted and has no effect: the server's time counts. */
function toLeadChanges({ account }: ApiRequest, draft: LeadPatch, lead: Lead): LeadChanges {
  return {
    ...toChanges(draft),
    ...stageOf(account, draft, lead),
    price: draft.price,
    lossReasonId: draft.loss_reason_id,
    closedAt: draft.closed_at,
  }
}
