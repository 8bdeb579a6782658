import type { Account } from './account.ts'
import type { FieldValue } from './fields.ts'
import type { Contact, Lead } from './model.ts'

/** The rules of one pipeline ("Контроль дублей"). Source: "Контроль дублей", complex addition; the asynchronous BIG DATA is not acted out. */
export interface DuplicateRules {
  /** What of the passed contact is compared with the main contacts of leads. */
  contact: ('PHONE' | 'EMAIL')[]
  /** Custom fields of the lead that are compared, by id. */
  leadFields: number[]
  /** Leads are searched in these statuses alone. */
  statusIds: number[]
  /** `update`: phones and e-mails are appended, everything else is overwritten. `keep`: the lead stays as it is. */
  onConflict: 'update' | 'keep'
  /** With two or three duplicates. More than three are never merged. */
  several: 'update-all' | 'update-newest' | 'create'
}

/** What a new lead is compared by. */
export interface Passed {
  pipelineId: number
  leadFields: ReadonlyMap<number, FieldValue[]>
  /** undefined: no contact, or one given by its id, which is not checked. */
  contactFields: ReadonlyMap<number, FieldValue[]> | undefined
}

const mostDuplicates = 3

/**
 * Leads that a new one is put into, newest first; empty: a new one is made. Only leads that were stored before the request: `before` is the
 * highest id of those.
 */
export function leadsToMergeInto(account: Account, passed: Passed, before: number): { leads: Lead[]; rules: DuplicateRules } | undefined {
  const rules = account.duplicateControl.get(passed.pipelineId)
  if (rules === undefined) return undefined
  const found = [...account.leads.walk('id', 'desc')].filter((lead) => lead.id <= before && isDuplicate(account, rules, lead, passed))
  const [newest] = found
  if (newest === undefined || found.length > mostDuplicates) return undefined
  if (found.length > 1 && rules.several === 'create') return undefined
  return { leads: found.length > 1 && rules.several === 'update-all' ? found : [newest], rules }
}

function isDuplicate(account: Account, rules: DuplicateRules, lead: Lead, passed: Passed): boolean {
  if (lead.pipelineId !== passed.pipelineId || !rules.statusIds.includes(lead.statusId)) return false
  const main = lead.mainContactId === null ? undefined : account.contacts.get(lead.mainContactId)
  return (
    rules.leadFields.some((id) => shareValue(lead.fields.get(id), passed.leadFields.get(id), plainText)) ||
    isSamePerson(account, rules, main, passed)
  )
}

function isSamePerson(account: Account, rules: DuplicateRules, main: Contact | undefined, { contactFields }: Passed): boolean {
  if (main === undefined || contactFields === undefined) return false
  return rules.contact.some((code) => {
    const id = account.fields.contacts.byCode(code)?.id ?? 0
    return shareValue(main.fields.get(id), contactFields.get(id), code === 'PHONE' ? lastTenDigits : plainText)
  })
}

const shareValue = (stored: FieldValue[] = [], sent: FieldValue[] = [], toKey: (value: unknown) => string) =>
  stored.some((one) => toKey(one.value) !== '' && sent.some((other) => toKey(other.value) === toKey(one.value)))

const plainText = (value: unknown) =>
  String(value ?? '')
    .trim()
    .toLowerCase()
const lastTenDigits = (value: unknown) =>
  String(value ?? '')
    .replace(/\D/g, '')
    .slice(-10)

/** The stored values, with what is new among the sent ones behind them. */
export function appended(stored: FieldValue[] = [], sent: FieldValue[]): FieldValue[] {
  return [...stored, ...sent.filter((one) => !stored.some(({ value }) => value === one.value))]
}
