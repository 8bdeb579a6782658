import { createRandom } from '../random.ts'
import type { Account } from './account.ts'
import { indexText } from './edit.ts'
import type { FieldBook, FieldValue } from './fields.ts'
import type { Contact } from './model.ts'

const firstNames = ['Анна', 'Олег', 'Мария', 'Пётр', 'Ирина', 'Сергей', 'Елена', 'Дмитрий', 'Ольга', 'Андрей']
const lastNames = ['Иваненко', 'Ким', 'Шмидт', 'Оганесян', 'Белых', 'Черных', 'Долгих', 'Савчук', 'Ли', 'Гринь']
const daySec = 86_400

/** A base that was there before: phones +79000000001 and on, e-mails buyer1@example.test and on, found by the search, no events. */
export function createOldContacts(account: Account, count: number, userId: number, seed: number): { firstId: number; lastId: number } {
  const random = createRandom(seed)
  const pick = (names: readonly string[]) => names[Math.floor(random() * names.length)] ?? ''
  const before = account.contacts.liveCount
  const createdAt = account.clock.nowSec() - daySec
  const ids: number[] = []
  for (let number = before + 1; number <= before + count; number += 1) {
    const [firstName, lastName] = [pick(firstNames), pick(lastNames)]
    const contact: Contact = {
      kind: 'contacts',
      id: account.nextId('contact'),
      name: `${firstName} ${lastName}`,
      firstName,
      lastName,
      responsibleUserId: userId,
      createdBy: userId,
      updatedBy: userId,
      createdAt,
      updatedAt: createdAt,
      place: 'live',
      fields: new Map([
        ...fieldOf(account.fields.contacts, 'PHONE', `+79${String(number).padStart(9, '0')}`),
        ...fieldOf(account.fields.contacts, 'EMAIL', `buyer${number}@example.test`),
      ]),
      tagIds: [],
      companyId: null,
      leadIds: new Set(),
    }
    account.contacts.add(contact)
    indexText(account, contact)
    ids.push(contact.id)
  }
  account.version += 1
  return { firstId: ids.at(0) ?? 0, lastId: ids.at(-1) ?? 0 }
}

function fieldOf(book: FieldBook, code: string, value: string): [number, FieldValue[]][] {
  const field = book.byCode(code)
  const kind = field?.enums?.[0]
  if (field === undefined) return []
  return [[field.id, [kind === undefined ? { value } : { value, enumId: kind.id, ...(kind.code && { enumCode: kind.code }) }]]]
}
