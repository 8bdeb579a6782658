import type { MovableClock } from '../clock.ts'
import { type Account, createAccount } from './account.ts'
import { addDefaultFields } from './default-fields.ts'
import { createIds, type NextId } from './ids.ts'
import { lostStatusId, type Pipeline, type Status, type User, wonStatusId } from './model.ts'

export interface WorldOptions {
  clock: MovableClock
  searchLagMs: () => number
  filtersOn: boolean
}

export interface World {
  readonly accounts: Map<number, Account>
  readonly nextId: NextId
  /** The account of the samples in the vendor's docs. */
  readonly first: Account
}

/** Two accounts with the same people but ids of their own, as two shops would have them. */
export function createDefaultWorld({ clock, searchLagMs, filtersOn }: WorldOptions): World {
  const nextId = createIds()
  const seed = { clock, nextId, searchLagMs, filtersOn }
  const first = createAccount({ ...seed, id: 31000001, subdomain: 'shop1', name: 'Магазин' })
  const second = createAccount({ ...seed, id: 31000002, subdomain: 'shop2', name: 'Второй магазин' })
  fill(first, 0)
  fill(second, 50_000)
  return {
    accounts: new Map([
      [first.id, first],
      [second.id, second],
    ]),
    nextId,
    first,
  }
}

const userIds = { admin: 9000001, maria: 9000002, pyotr: 9000003, free: 9000008, inactive: 9000009 } as const

function fill(account: Account, shift: number): void {
  for (const user of people(shift === 0 ? 0 : 100)) account.users.set(user.id, user)
  for (const pipeline of pipelines(shift)) account.pipelines.set(pipeline.id, pipeline)
  const createdAt = account.clock.nowSec()
  const reasons = ['Отказ покупателя', 'Нет в наличии', 'Дорого', 'Не дозвонились']
  reasons.forEach((name, index) => {
    const id = 300001 + shift + index
    account.lossReasons.set(id, { id, name, sort: (index + 1) * 10, createdAt, updatedAt: createdAt })
  })
  addDefaultFields(account, shift)
}

function people(shift: number): User[] {
  const user = (id: number, name: string, email: string, kind: Partial<User> = {}): User => ({
    id: id + shift,
    name,
    email,
    isAdmin: false,
    isActive: true,
    isFree: false,
    ...kind,
  })
  return [
    user(userIds.admin, 'Администратор', 'admin@example.test', { isAdmin: true }),
    user(userIds.maria, 'Мария', 'm@example.test'),
    user(userIds.pyotr, 'Пётр', 'p@example.test'),
    user(userIds.free, 'Ольга', 'o@example.test', { isFree: true }),
    user(userIds.inactive, 'Иван', 'i@example.test', { isActive: false }),
  ]
}

function pipelines(shift: number): Pipeline[] {
  return [
    pipeline(7000001 + shift, 'Интернет-магазин', 1, 60000001 + shift, ['Новый заказ', 'В работе/Подтверждён', 'Оплачен', 'Отгружен']),
    pipeline(7000002 + shift, 'Опт', 2, 60000101 + shift, ['Заявка', 'Договор', 'Счёт выставлен']),
  ]
}

const colors = ['#99ccff', '#ffff99', '#ffcc66', '#ccccff']

function pipeline(id: number, name: string, sort: number, firstStatusId: number, stages: string[]): Pipeline {
  const unsorted: Status = { id: firstStatusId, name: 'Неразобранное', sort: 10, color: '#c1c1c1', isEditable: false, type: 1 }
  const ordinary = stages.map(
    (stage, index): Status => ({
      id: firstStatusId + 1 + index,
      name: stage,
      sort: 20 + index * 10,
      color: colors[index] ?? '#c1e0ff',
      isEditable: true,
      type: 0,
    }),
  )
  const statuses = [unsorted, ...ordinary, ...closingStatuses()]
  return { id, name, sort, isMain: sort === 1, isUnsortedOn: true, statuses: new Map(statuses.map((status) => [status.id, status])) }
}

/** Won and lost stand in every pipeline under the same ids. */
export function closingStatuses(): Status[] {
  const base = { isEditable: false, type: 0 } as const
  return [
    { ...base, id: wonStatusId, name: 'Успешно реализовано', sort: 10000, color: '#CCFF66' },
    { ...base, id: lostStatusId, name: 'Закрыто и не реализовано', sort: 11000, color: '#D5D8DB' },
  ]
}
