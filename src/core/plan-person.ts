import { toEmail } from './fields/email.ts'
import type { FitValue } from './fields/fit.ts'
import { toE164 } from './fields/phone.ts'
import type { CompanyId, ContactId, UserId } from './ids.ts'
import type { Buyer } from './order.ts'

/** A contact of the account as the index holds it: whole arrays, so that adding a value needs no read. */
export interface KnownContact {
  id: ContactId
  name: string
  firstName: string
  lastName: string
  phones: FitValue[]
  emails: FitValue[]
  companyId: CompanyId | null
  responsibleId: UserId | null
}

/** The buyer as a person to be found or made. `phoneKeys` and `emailKeys` identify; the rest is only written. */
export interface WantedPerson {
  firstName: string
  lastName: string
  phones: string[]
  emails: string[]
  phoneKeys: string[]
  emailKeys: string[]
}

/** Phones in E.164 and e-mails in lower case, as far as they can be read; an unreadable phone is written as typed and never matched. */
export function wantedPerson(buyer: Buyer, stopList: string[]): WantedPerson {
  const phone = buyer.phone?.trim() ?? ''
  const email = buyer.email?.trim() ?? ''
  const phoneKey = phone === '' ? null : toE164(phone)
  const emailKey = email === '' ? null : toEmail(email)
  const stops = new Set(stopList.map((stop) => stop.trim().toLowerCase()))
  const stopped = (key: string) => stops.has(key) || stops.has(`*${key.slice(key.indexOf('@'))}`)
  return {
    firstName: [buyer.firstName, buyer.middleName].filter(Boolean).join(' ').trim(),
    lastName: buyer.lastName?.trim() ?? '',
    phones: phone === '' ? [] : [phoneKey ?? phone],
    emails: email === '' ? [] : [emailKey ?? email],
    phoneKeys: phoneKey === null || stops.has(phoneKey) ? [] : [phoneKey],
    emailKeys: emailKey === null || stopped(emailKey) ? [] : [emailKey],
  }
}

const isNobody = (person: WantedPerson) =>
  `${person.firstName}${person.lastName}` === '' && person.phones.length === 0 && person.emails.length === 0

export interface PersonMatches {
  byPhone: KnownContact[]
  byEmail: KnownContact[]
}

export interface ContactAdditions {
  firstName?: string
  lastName?: string
  phones?: FitValue[]
  emails?: FitValue[]
}

export type PersonPlan =
  | { kind: 'none' }
  | { kind: 'create' }
  /** `additions` are whole arrays, ready to write; null: nothing to add. */
  | { kind: 'use'; contact: KnownContact; additions: ContactAdditions | null; notice: PersonNotice | null }

export type PersonNotice =
  /** Phone and e-mail stand at two contacts: the phone's takes the order, nothing is added to either. */
  | { kind: 'two-contacts'; phoneContact: ContactId; emailContact: ContactId }
  /** Several contacts hold the same identifier: the oldest takes the order. */
  | { kind: 'ambiguous'; contacts: ContactId[] }

export interface PersonRules {
  name: string
  phone: string
  email: string
}

/** Which contact is this buyer: phone decides, then e-mail. What another contact holds is never added, what a person wrote is never overwritten. */
export function planPerson(person: WantedPerson, matches: PersonMatches, rules: PersonRules): PersonPlan {
  if (isNobody(person)) return { kind: 'none' }
  const phoneContact = oldest(matches.byPhone)
  const emailContact = oldest(matches.byEmail)
  const contact = phoneContact ?? emailContact
  if (contact === undefined) return { kind: 'create' }
  if (phoneContact && emailContact && !matches.byEmail.some(({ id }) => id === phoneContact.id)) {
    return {
      kind: 'use',
      contact,
      additions: null,
      notice: { kind: 'two-contacts', phoneContact: phoneContact.id, emailContact: emailContact.id },
    }
  }
  const same = phoneContact ? matches.byPhone : matches.byEmail
  const notice: PersonNotice | null = same.length > 1 ? { kind: 'ambiguous', contacts: same.map(({ id }) => id) } : null
  return { kind: 'use', contact, additions: additionsFor(contact, person, matches, rules), notice }
}

function additionsFor(contact: KnownContact, person: WantedPerson, matches: PersonMatches, rules: PersonRules): ContactAdditions | null {
  const additions: ContactAdditions = {}
  const unnamed = `${contact.firstName}${contact.lastName}${contact.name}`.trim() === ''
  if (rules.name !== 'crm' && unnamed && person.firstName !== '') additions.firstName = person.firstName
  if (rules.name !== 'crm' && unnamed && person.lastName !== '') additions.lastName = person.lastName
  // A relative or a colleague who gave the same phone: the deal goes to the contact, what is his own does not.
  if (contact.lastName !== '' && person.lastName !== '' && surnameKey(contact) !== surnameKey(person)) return null
  // Only an identifier may be added: dummy values and unreadable ones say nothing about this person.
  const phones = rules.phone === 'crm' || matches.byPhone.length > 0 ? [] : person.phoneKeys.filter((key) => !holdsPhone(contact, key))
  const emails = rules.email === 'crm' || matches.byEmail.length > 0 ? [] : person.emailKeys.filter((key) => !holdsEmail(contact, key))
  if (phones.length > 0) additions.phones = [...contact.phones, ...phones.map((value) => ({ value, enumCode: 'MOB' }))]
  if (emails.length > 0) additions.emails = [...contact.emails, ...emails.map((value) => ({ value, enumCode: 'WORK' }))]
  return Object.keys(additions).length === 0 ? null : additions
}

const holdsPhone = (contact: KnownContact, key: string) => contact.phones.some(({ value }) => toE164(String(value ?? '')) === key)
const holdsEmail = (contact: KnownContact, key: string) => contact.emails.some(({ value }) => toEmail(String(value ?? '')) === key)

function oldest(contacts: KnownContact[]): KnownContact | undefined {
  return contacts.reduce<KnownContact | undefined>(
    (found, contact) => (found === undefined || contact.id < found.id ? contact : found),
    undefined,
  )
}

/** A value seen with this many surnames is a dummy ("no@mail.ru", the shop's own phone): written, never matched. */
export const crowdedFrom = 6

/** How surnames are compared; '' says nothing. A buyer who gives one name alone is known by that. */
export const surnameKey = ({ firstName, lastName }: Pick<WantedPerson, 'firstName' | 'lastName'>) =>
  (lastName || firstName).trim().toLowerCase().replaceAll('ё', 'е')

/** What identifies the buyer, without values of too many people: those are only written. */
export function withoutCrowded(person: WantedPerson, crowded: ReadonlySet<string>): WantedPerson {
  return {
    ...person,
    phoneKeys: person.phoneKeys.filter((key) => !crowded.has(key)),
    emailKeys: person.emailKeys.filter((key) => !crowded.has(key)),
  }
}

/** Of contacts already there: the same value at people of so many surnames. */
export const isCrowd = (holders: KnownContact[]) => new Set(holders.map(surnameKey).filter((surname) => surname !== '')).size >= crowdedFrom

/** Identifiers by which two buyers of one batch are known to be one person before amoCRM has heard of them. */
export const identifiers = (person: WantedPerson) => [...person.phoneKeys, ...person.emailKeys]

/** How the index keys a contact's own values. */
export function contactKeys(contact: Pick<KnownContact, 'phones' | 'emails'>): { phones: string[]; emails: string[] } {
  const keys = (values: FitValue[], toKey: (text: string) => string | null) => [
    ...new Set(values.map(({ value }) => toKey(String(value ?? ''))).filter((key) => key !== null)),
  ]
  return { phones: keys(contact.phones, toE164), emails: keys(contact.emails, toEmail) }
}

/**
 * What a contact is written so that it is again as it was before these buyers' values were put into it; null: nothing of theirs is there.
 * What others changed meanwhile stays.
 */
export function withoutValuesOf(
  buyers: WantedPerson[],
  before: KnownContact,
  now: Pick<KnownContact, 'firstName' | 'lastName' | 'phones' | 'emails'>,
): Partial<Pick<KnownContact, 'firstName' | 'lastName' | 'phones' | 'emails'>> | null {
  const write: ReturnType<typeof withoutValuesOf> & object = {}
  const phones = without(now.phones, before.phones, new Set(buyers.flatMap((buyer) => buyer.phones)))
  const emails = without(now.emails, before.emails, new Set(buyers.flatMap((buyer) => buyer.emails)))
  if (phones.length < now.phones.length) write.phones = phones
  if (emails.length < now.emails.length) write.emails = emails
  const renamed = buyers.some(({ firstName, lastName }) => now.firstName === firstName && now.lastName === lastName)
  if (renamed && (now.firstName !== before.firstName || now.lastName !== before.lastName)) {
    write.firstName = before.firstName
    write.lastName = before.lastName
  }
  return Object.keys(write).length === 0 ? null : write
}

const without = (now: FitValue[], before: FitValue[], theirs: ReadonlySet<string>) =>
  now.filter(({ value }) => !theirs.has(String(value ?? '')) || before.some((known) => known.value === value))
