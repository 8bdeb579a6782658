import type { FitValue } from '../core/fields/fit.ts'
import { type AccountId, type ContactId, companyId, contactId, userId } from '../core/ids.ts'
import { contactKeys, type KnownContact } from '../core/plan-person.ts'
import type { KnownCompany } from '../ports/push-store.ts'
import type { Database, Transaction } from './database.ts'
import { getMarks } from './marks.ts'

interface ContactRow {
  contact_id: number
  name: string
  first_name: string
  last_name: string
  phones: string
  emails: string
  company_id: number | null
  responsible_id: number | null
}

function toContact(row: ContactRow): KnownContact {
  return {
    id: contactId(row.contact_id),
    name: row.name,
    firstName: row.first_name,
    lastName: row.last_name,
    phones: JSON.parse(row.phones) as FitValue[],
    emails: JSON.parse(row.emails) as FitValue[],
    companyId: row.company_id === null ? null : companyId(row.company_id),
    responsibleId: row.responsible_id === null ? null : userId(row.responsible_id),
  }
}

/** Who holds these identifiers, by identifier. */
export async function findContacts(database: Database, account: AccountId, keys: { phones: string[]; emails: string[] }) {
  return { phones: await findBy(database, account, 'phone', keys.phones), emails: await findBy(database, account, 'email', keys.emails) }
}

async function findBy(
  database: Database,
  account: AccountId,
  kind: 'phone' | 'email',
  values: string[],
): Promise<Map<string, KnownContact[]>> {
  const found = new Map<string, KnownContact[]>()
  if (values.length === 0) return found
  const rows = await database.read
    .selectFrom('crm_contact_values as held')
    .innerJoin('crm_contacts as contact', (join) =>
      join.onRef('contact.account_id', '=', 'held.account_id').onRef('contact.contact_id', '=', 'held.contact_id'),
    )
    .selectAll('contact')
    .select('held.value')
    .where('held.account_id', '=', account)
    .where('held.kind', '=', kind)
    .where('held.value', 'in', values)
    .execute()
  for (const row of rows) found.set(row.value, [...(found.get(row.value) ?? []), toContact(row)])
  return found
}

export async function findIndexedContact(database: Database, account: AccountId, id: ContactId): Promise<KnownContact | undefined> {
  const row = await database.read
    .selectFrom('crm_contacts')
    .selectAll()
    .where('account_id', '=', account)
    .where('contact_id', '=', id)
    .executeTakeFirst()
  return row && toContact(row)
}

/** Keeps the newest whole state of a contact. An older reading never replaces a newer one. */
export async function putContact(tx: Transaction, account: AccountId, contact: KnownContact, updatedAtMs: number): Promise<void> {
  const values = {
    name: contact.name,
    first_name: contact.firstName,
    last_name: contact.lastName,
    phones: JSON.stringify(contact.phones),
    emails: JSON.stringify(contact.emails),
    company_id: contact.companyId,
    responsible_id: contact.responsibleId,
    updated_at: updatedAtMs,
    state: 'known',
  }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('crm_contacts')
    .values({ account_id: account, contact_id: contact.id, ...values })
    .onConflict((oc) => oc.columns(['account_id', 'contact_id']).doUpdateSet(values).where('crm_contacts.updated_at', '<=', updatedAtMs))
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) return
  const { phones, emails } = contactKeys(contact)
  const held = [...phones.map((value) => ({ kind: 'phone', value })), ...emails.map((value) => ({ kind: 'email', value }))]
  await tx.deleteFrom('crm_contact_values').where('account_id', '=', account).where('contact_id', '=', contact.id).execute()
  if (held.length === 0) return
  await tx
    .insertInto('crm_contact_values')
    .values(held.map(({ kind, value }) => ({ account_id: account, kind, value, contact_id: contact.id })))
    .execute()
}

/** Deleted or merged in amoCRM: nobody is found by it any more. */
export async function forgetContact(tx: Transaction, account: AccountId, id: ContactId): Promise<void> {
  await tx.deleteFrom('crm_contact_values').where('account_id', '=', account).where('contact_id', '=', id).execute()
  await tx.deleteFrom('crm_contacts').where('account_id', '=', account).where('contact_id', '=', id).execute()
}

export async function findCompanies(database: Database, account: AccountId, inns: string[]): Promise<KnownCompany[]> {
  if (inns.length === 0) return []
  const rows = await database.read
    .selectFrom('crm_companies')
    .selectAll()
    .where('account_id', '=', account)
    .where('inn', 'in', inns)
    .orderBy('company_id')
    .execute()
  return rows.map((row) => ({ id: companyId(row.company_id), name: row.name, inn: row.inn, kpp: row.kpp }))
}

export async function putCompany(tx: Transaction, account: AccountId, { id, name, inn, kpp }: KnownCompany, nowMs: number): Promise<void> {
  const values = { name, inn, kpp, updated_at: nowMs }
  await tx
    .insertInto('crm_companies')
    .values({ account_id: account, company_id: id, ...values })
    .onConflict((oc) => oc.columns(['account_id', 'company_id']).doUpdateSet(values))
    .execute()
}

/** How far the first reading of an account's contacts has come. */
export async function contactProgress(database: Database, account: AccountId): Promise<{ known: number; complete: boolean }> {
  const row = await database.read
    .selectFrom('crm_contacts')
    .select((eb) => eb.fn.countAll<number>().as('known'))
    .where('account_id', '=', account)
    .executeTakeFirstOrThrow()
  const marks = await getMarks(database, account)
  return { known: Number(row.known), complete: marks['contacts-complete'] !== undefined }
}
