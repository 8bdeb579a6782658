import type { CompanyId, ContactId } from '../../core/ids.ts'
import type { Writes } from '../../ports/push-store.ts'
import type { Push } from './push.ts'

/** The contact that was made with the order's deal: known from now on, without a read. */
export function madeContact(
  { person }: Push,
  made: { contactId: ContactId | null; companyId: CompanyId | null },
  nowMs: number,
): NonNullable<Writes['contacts']> {
  if (made.contactId === null || person === null || person.contact !== null) return []
  const { firstName, lastName, phones, emails } = person.wanted
  const contact = {
    id: made.contactId,
    name: [firstName, lastName].filter(Boolean).join(' '),
    firstName,
    lastName,
    phones: phones.map((value) => ({ value, enumCode: 'MOB' })),
    emails: emails.map((value) => ({ value, enumCode: 'WORK' })),
    companyId: made.companyId,
    responsibleId: null,
  }
  return [{ contact, updatedAtMs: nowMs }]
}

/** The company that stands at the order's deal, under the INN the order names. */
export function companyAt({ stored }: Push, id: CompanyId | null): NonNullable<Writes['companies']> {
  const { company } = stored.order.buyer
  return id === null || !company?.inn ? [] : [{ id, name: company.name ?? '', inn: company.inn, kpp: company.kpp }]
}
