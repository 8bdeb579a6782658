import { type Account, firstStage, isUnsorted } from './account.ts'
import { type Author, applyCommon, changeStored, type EntityChanges, edit, indexText, writeEvent, writeTagDifference } from './edit.ts'
import { type Lead, lostStatusId, wonStatusId } from './model.ts'

export interface LeadChanges extends EntityChanges {
  price?: number | undefined
  pipelineId?: number | undefined
  statusId?: number | undefined
  lossReasonId?: number | null | undefined
  closedAt?: number | null | undefined
}

const isClosed = (statusId: number) => statusId === wonStatusId || statusId === lostStatusId

export type NewLead = LeadChanges & { pipelineId: number; statusId: number; responsibleUserId: number }

export function createLead(account: Account, draft: NewLead, author: Author): Lead {
  const now = account.clock.nowSec()
  const lead: Lead = {
    kind: 'leads',
    id: account.nextId('lead'),
    name: '',
    price: draft.price ?? 0,
    responsibleUserId: draft.responsibleUserId,
    pipelineId: draft.pipelineId,
    statusId: draft.statusId,
    lossReasonId: draft.lossReasonId ?? null,
    closedAt: draft.closedAt ?? (isClosed(draft.statusId) ? now : null),
    createdBy: author,
    updatedBy: draft.updatedBy ?? author,
    createdAt: now,
    updatedAt: draft.updatedAt ?? now,
    place: 'live',
    fields: new Map(),
    tagIds: [],
    contactIds: [],
    mainContactId: null,
    companyId: null,
  }
  applyCommon(account, lead, draft)
  account.leads.add(lead)
  account.version += 1
  indexText(account, lead)
  writeEvent(account, lead, 'lead_added', author)
  writeTagDifference(account, lead, [], lead.tagIds, author)
  return lead
}

/** Any change takes a lead out of the unsorted: into the first stage, unless it names another. */
export function changeLead(account: Account, lead: Lead, changes: LeadChanges, author: Author): void {
  const wasUnsorted = isUnsorted(account, lead.pipelineId, lead.statusId)
  edit(account, lead, changes.updatedBy ?? author, () => {
    applyCommon(account, lead, changes)
    lead.price = changes.price ?? lead.price
    moveTo(lead, changes.pipelineId ?? lead.pipelineId, changes.statusId ?? stageAfter(account, lead, wasUnsorted), account.clock.nowSec())
    if (changes.lossReasonId !== undefined) lead.lossReasonId = changes.lossReasonId
    if (changes.closedAt !== undefined) lead.closedAt = changes.closedAt
  })
  if (wasUnsorted) revealPeople(account, lead)
}

function stageAfter(account: Account, lead: Lead, wasUnsorted: boolean): number {
  const pipeline = account.pipelines.get(lead.pipelineId)
  return wasUnsorted && pipeline !== undefined ? firstStage(pipeline) : lead.statusId
}

/** The loss reason stays after reopening, as users report of the real service. */
function moveTo(lead: Lead, pipelineId: number, statusId: number, nowSec: number): void {
  if (lead.pipelineId === pipelineId && lead.statusId === statusId) return
  lead.pipelineId = pipelineId
  lead.statusId = statusId
  lead.closedAt = isClosed(statusId) ? nowSec : null
}

/** Contact and company of an unsorted lead show in the lists only after it was taken in. */
function revealPeople(account: Account, lead: Lead): void {
  const contacts = lead.contactIds.flatMap((id) => account.contacts.get(id) ?? [])
  const company = lead.companyId === null ? undefined : account.companies.get(lead.companyId)
  for (const entity of [...contacts, ...(company === undefined ? [] : [company])]) {
    if (entity.place !== 'hidden') continue
    changeStored(account, entity, () => {
      entity.place = 'live'
    })
    indexText(account, entity)
  }
}
