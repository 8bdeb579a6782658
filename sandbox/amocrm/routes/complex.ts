import { type ApiRequest, requireItems } from '../api-request.ts'
import { refusingKeys, replacedTags } from '../entity-input.ts'
import { checkingStage, type LeadDraft, leadShape, refuseLossReasons, source } from '../lead-input.ts'
import { type CompanyDraft, type ContactDraft, companyParser, contactParser } from '../people-input.ts'
import { hal, type Reply, refuse } from '../reply.ts'
import type { Route } from '../router.ts'
import {
  choiceOfInt,
  type ItemError,
  int,
  isObject,
  list,
  object,
  oneOf,
  type Parsed,
  type ParsedItem,
  type Parser,
  parseItems,
  text,
} from '../validation.ts'
import { type Account, mainPipeline } from '../world/account.ts'
import { changeStored, indexText } from '../world/edit.ts'
import { linkContact, setContactCompany, setLeadCompany } from '../world/links.ts'
import type { Company, Contact, Lead } from '../world/model.ts'
import { companyFromDraft } from './companies.ts'
import { mergeIntoStored, type ComplexRow as Row } from './complex-merge.ts'
import { contactFromDraft } from './contacts.ts'
import { createFromDraft, hasWrongReason } from './leads.ts'

/** Source: "Сделки", complex addition; with duplicate control where a pipeline has it. */
export const complexRoutes: Route[] = [{ method: 'POST', pattern: '/leads/complex', handle: postComplex }]

const leadLimit = 50
const valueLimit = 40

function postComplex(request: ApiRequest): Reply {
  const bodies = requireItems(request)
  if (bodies.length > leadLimit) refuse(400, `Limit ${leadLimit} leads per request`)
  if (bodies.some(hasTooManyValues)) refuse(400, `Limit ${valueLimit} custom fields values per entity`)
  const items = parseItems(bodies, complexParser(request.account))
  refuseLossReasons(items.flatMap(({ value }, index) => (hasWrongReason(request, leadPart(value)) ? [index] : [])))
  const before = request.account.leads.walk('id', 'desc').next().value?.id ?? 0
  return hal(collapse(items.map((item) => createItem(request, item, before))))
}

function hasTooManyValues(item: unknown): boolean {
  if (!isObject(item)) return false
  const embedded = isObject(item._embedded) ? item._embedded : {}
  const entities: unknown[] = [item, embedded.contacts, embedded.companies].flat()
  return entities.some((entity) => {
    const values = isObject(entity) ? entity.custom_fields_values : undefined
    return Array.isArray(values) && values.length > valueLimit
  })
}

type Given<D> = { kind: 'existing'; id: number } | { kind: 'new'; draft: D }

/** Either the id of an existing entity and nothing else, or a whole new one. */
function given<D>(isKnown: (id: number) => boolean, parseNew: Parser<D>): Parser<Given<D>> {
  const parseId = object({ id: choiceOfInt(isKnown) }, ['id'])
  return (value, path, errors: ItemError[]) => {
    if (isObject(value) && 'id' in value) {
      const parsed = parseId(value, path, errors)
      return parsed?.id === undefined ? undefined : { kind: 'existing', id: parsed.id }
    }
    const failures = errors.length
    const draft = parseNew(value, path, errors)
    return draft === undefined || errors.length > failures ? undefined : { kind: 'new', draft }
  }
}

const metadata = object(
  {
    category: oneOf(['forms', 'sip']),
    form_id: text,
    form_name: text,
    form_page: text,
    form_sent_at: int,
    ip: text,
    referer: text,
    uniq: text,
    duration: int,
    service_code: text,
    link: text,
    phone: text,
    called_at: int,
    from: text,
  },
  ['category'],
)

const complexShape = (account: Account) => ({
  ...leadShape(account),
  _embedded: object({
    tags: replacedTags(account, 'leads'),
    contacts: list(
      given((id) => account.contacts.find(id) !== undefined, contactParser(account)),
      1,
    ),
    companies: list(
      given((id) => account.companies.find(id) !== undefined, companyParser(account)),
      1,
    ),
    source,
    metadata,
  }),
})
type ComplexDraft = Parsed<ReturnType<typeof complexShape>>

/** With `metadata` the stage is not read at all: the lead becomes unsorted. */
function complexParser(account: Account): Parser<ComplexDraft> {
  const parser = refusingKeys(account, 'leads', object(complexShape(account)))
  const checked = checkingStage(account, undefined, parser)
  return (value, path, errors) => {
    const embedded = isObject(value) ? value._embedded : undefined
    const isForm = isObject(embedded) && 'metadata' in embedded
    return (isForm ? parser : checked)(value, path, errors)
  }
}

function leadPart({ _embedded, ...draft }: ComplexDraft): LeadDraft {
  return { ...draft, _embedded: _embedded?.tags === undefined ? {} : { tags: _embedded.tags } }
}

/** Items that were put into one lead share its row. */
function collapse(rows: Row[]): Row[] {
  const byLead = new Map<number, Row>()
  for (const row of rows) {
    const known = byLead.get(row.id)
    if (known === undefined) byLead.set(row.id, row)
    else known.request_id.push(...row.request_id)
  }
  return [...byLead.values()]
}

function createItem(request: ApiRequest, { requestId, value }: ParsedItem<ComplexDraft>, before: number): Row {
  const { account, author } = request
  const person = value._embedded?.contacts?.[0]
  const merged = mergeIntoStored(request, leadPart(value), person?.kind === 'new' ? person.draft : undefined, before)
  if (merged !== undefined) return { ...merged, request_id: [requestId] }
  const isForm = value._embedded?.metadata !== undefined
  const place = isForm ? 'hidden' : 'live'
  const lead = createFromDraft(request, isForm ? withoutStatus(leadPart(value)) : leadPart(value))
  const contact = resolve(value._embedded?.contacts?.[0], account.contacts.find, (draft: ContactDraft) =>
    contactFromDraft(request, draft, place),
  )
  const company = resolve(value._embedded?.companies?.[0], account.companies.find, (draft: CompanyDraft) =>
    companyFromDraft(request, draft, place),
  )
  if (contact !== undefined) linkContact(account, lead, contact.entity, true, author)
  if (company !== undefined) setLeadCompany(account, lead, company.entity, author)
  if (contact?.isNew && company?.isNew) setContactCompany(account, contact.entity, company.entity, author)
  if (isForm) makeUnsorted(account, lead)
  return {
    id: lead.id,
    contact_id: contact?.entity.id ?? null,
    company_id: company?.entity.id ?? null,
    request_id: [requestId],
    merged: false,
  }
}

function resolve<D, E extends Contact | Company>(
  item: Given<D> | undefined,
  find: (id: number) => E | undefined,
  create: (draft: D) => E,
): { entity: E; isNew: boolean } | undefined {
  if (item === undefined) return undefined
  if (item.kind === 'new') return { entity: create(item.draft), isNew: true }
  const entity = find(item.id)
  return entity === undefined ? undefined : { entity, isNew: false }
}

function withoutStatus({ status_id: _, ...draft }: LeadDraft): LeadDraft {
  return draft
}

/** Its own uid and the list of the unsorted come with the unsorted API. */
function makeUnsorted(account: Account, lead: Lead): void {
  const pipeline = account.pipelines.get(lead.pipelineId) ?? mainPipeline(account)
  const unsorted = pipeline.statuses.values().find(({ type }) => type === 1)
  changeStored(account, lead, () => {
    lead.statusId = unsorted?.id ?? lead.statusId
  })
  indexText(account, lead)
}
