import { z } from 'zod'
import type { AccountWorld } from './account-world.ts'
import type { ControlDeps } from './control.ts'
import { faultKinds } from './faults.ts'
import { entityKinds } from './world/model.ts'

interface VerbDeps extends ControlDeps {
  account: AccountWorld
}

type Verb = (body: unknown, deps: VerbDeps) => unknown

function verb<T>(schema: z.ZodType<T>, run: (input: T, deps: VerbDeps) => unknown): Verb {
  return (body, deps) => run(schema.parse(body), deps)
}

const kind = z.enum(entityKinds)
const by = z.int().optional()
const one = z.object({ id: z.int(), by })
const edit = {
  name: z.string().optional(),
  responsibleUserId: z.int().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
  addTags: z.array(z.string()).optional(),
  removeTags: z.array(z.string()).optional(),
}
const contactEdit = {
  ...edit,
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
}
const leadEdit = {
  ...edit,
  price: z.int().optional(),
  pipelineId: z.int().optional(),
  statusId: z.int().optional(),
  lossReasonId: z.int().nullable().optional(),
}

/** `path` is a part of path and query, `pathPattern` a regular expression. */
const faultRule = z.object({
  match: z
    .object({
      method: z.string().optional(),
      path: z.string().optional(),
      pathPattern: z.string().optional(),
      nth: z.int().positive().optional(),
      probability: z.number().min(0).max(1).optional(),
    })
    .optional(),
  times: z.union([z.int().positive(), z.literal('always')]).optional(),
  do: z.enum(faultKinds),
  when: z.enum(['before', 'after']).optional(),
  delayMs: z.number().nonnegative().optional(),
})

function planFault({ match: { pathPattern, path, ...match } = {}, ...rule }: z.infer<typeof faultRule>, { faults }: VerbDeps): void {
  faults.plan({ ...rule, match: { ...match, path: pathPattern === undefined ? path : new RegExp(pathPattern) } })
}

export const verbs: Record<string, Verb> = {
  fault: verb(faultRule, planFault),
  'clear-faults': (_, { faults }) => faults.clear(),
  clock: verb(z.object({ moveMs: z.number() }), ({ moveMs }, { clock }) => {
    clock.advance(moveMs)
    return { nowMs: clock.nowMs() }
  }),
  limits: verb(
    z.object({
      requestsPerSecond: z.int().positive().optional(),
      accountRequestsPerSecond: z.int().positive().optional(),
      answer: z.enum(['html', 'json', 'header']).optional(),
      retryAfterSec: z.int().nonnegative().optional(),
      violationsToBan: z.int().positive().optional(),
    }),
    (change, { limits }) => limits.configure(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))),
  ),
  'reset-limits': (_, { limits }) => limits.reset(),
  ban: (_, { limits, account }) => limits.ban(account.account.id),
  'clear-requests': (_, { log }) => log.clear(),

  'create-lead': verb(
    z.object({ ...leadEdit, contactId: z.int().optional(), companyId: z.int().optional(), by }),
    ({ by: author, ...lead }, { account }) => account.createLead(lead, author),
  ),
  'create-contact': verb(z.object({ ...contactEdit, by }), ({ by: author, ...contact }, { account }) =>
    account.createContact(contact, author),
  ),
  'create-contacts': verb(z.object({ count: z.int().min(1).max(1_000_000), seed: z.int().optional() }), ({ count, seed }, { account }) =>
    account.createContacts(count, seed),
  ),
  'create-company': verb(z.object({ ...edit, by }), ({ by: author, ...company }, { account }) => account.createCompany(company, author)),
  'move-lead': verb(z.object({ id: z.int(), pipelineId: z.int(), statusId: z.int(), by }), (move, { account }) =>
    account.moveLead(move.id, move, move.by),
  ),
  'edit-lead': verb(z.object({ ...leadEdit, id: z.int(), by }), ({ id, by: author, ...lead }, { account }) =>
    account.editLead(id, lead, author),
  ),
  'edit-contact': verb(z.object({ ...contactEdit, id: z.int(), by }), ({ id, by: author, ...contact }, { account }) =>
    account.editContact(id, contact, author),
  ),
  'edit-company': verb(z.object({ ...edit, id: z.int(), by }), ({ id, by: author, ...company }, { account }) =>
    account.editCompany(id, company, author),
  ),
  'add-note': verb(z.object({ kind, id: z.int(), text: z.string(), by }), (note, { account }) =>
    account.addNote(note.kind, note.id, note.text, note.by),
  ),
  'delete-lead': verb(one, ({ id, by: author }, { account }) => account.deleteLead(id, author)),
  'restore-lead': verb(one, ({ id, by: author }, { account }) => account.restoreLead(id, author)),
  'delete-contact': verb(one, ({ id, by: author }, { account }) => account.deleteContact(id, author)),
  'restore-contact': verb(one, ({ id, by: author }, { account }) => account.restoreContact(id, author)),
  'delete-company': verb(one, ({ id, by: author }, { account }) => account.deleteCompany(id, author)),
  'merge-leads': verb(z.object({ from: z.int(), into: z.int(), by }), (merge, { account }) =>
    account.mergeLeads(merge.from, merge.into, merge.by),
  ),
  'merge-contacts': verb(z.object({ from: z.int(), into: z.int(), by }), (merge, { account }) =>
    account.mergeContacts(merge.from, merge.into, merge.by),
  ),
  'deactivate-user': verb(z.object({ id: z.int() }), ({ id }, { account }) => account.deactivateUser(id)),
  'delete-field': verb(z.object({ kind, id: z.int() }), (field, { account }) => account.deleteField(field.kind, field.id)),
  'delete-enum': verb(z.object({ kind, id: z.int(), enumId: z.int() }), (field, { account }) =>
    account.deleteEnum(field.kind, field.id, field.enumId),
  ),
  'refuse-field': verb(
    z.object({ entity: kind, field: z.union([z.int(), z.string()]), code: z.string().optional() }),
    ({ entity, field, code }, { account }) => account.refuseField({ entity, field, code }),
  ),
  'accept-fields': (_, { account }) => account.acceptFields(),
  filters: verb(z.object({ on: z.boolean() }), ({ on }, { account }) => account.setFilters(on)),
  'duplicate-control': verb(
    z.object({
      pipelineId: z.int(),
      on: z.boolean(),
      contact: z.array(z.enum(['PHONE', 'EMAIL'])).optional(),
      leadFields: z.array(z.int()).optional(),
      statusIds: z.array(z.int()).optional(),
      onConflict: z.enum(['update', 'keep']).optional(),
      several: z.enum(['update-all', 'update-newest', 'create']).optional(),
    }),
    ({ pipelineId, on, ...rules }, { account }) => account.setDuplicateControl(pipelineId, on ? rules : null),
  ),
  subscription: verb(z.object({ state: z.enum(['paid', 'writes-refused', 'all-refused']) }), ({ state }, { account }) =>
    account.setSubscription(state),
  ),
  'issue-code': (_, { tokens, account }) => ({ code: tokens.issueCode(account.account.id), integration: tokens.integration }),
  'issue-pair': (_, { tokens, account }) => tokens.issuePair(account.account.id),
  'expire-tokens': (_, { tokens }) => tokens.expireAll(),
  'revoke-tokens': (_, { tokens }) => tokens.revokeAll(),
}
