import { type Directory, type DirectoryField, lostStatus, wonStatus } from '../../directory.ts'
import { fieldId, pipelineId, statusId, userId } from '../../ids.ts'

const status = (id: number, name: string, sort: number, unsorted = false) => ({ id: statusId(id), name, sort, unsorted })
const closing = [
  { id: wonStatus, name: 'Успешно реализовано', sort: 10_000, unsorted: false },
  { id: lostStatus, name: 'Закрыто и не реализовано', sort: 11_000, unsorted: false },
]
export const field = (id: number, name: string, code: string | null, type: string, entity: DirectoryField['entity'] = 'deal') => ({
  id: fieldId(id),
  entity,
  name,
  code,
  type,
  enums: [],
})

/** An account with a retail pipeline, a wholesale one, and two people of one name. */
export function anAccount(more: Partial<Directory> = {}): Directory {
  return {
    amoAccountId: 31_000_001,
    name: 'Shop',
    subdomain: 'example',
    currency: 'RUB',
    filtersOn: false,
    lossReasonsOn: true,
    users: [
      { id: userId(9000001), name: 'Иван Иванов', email: 'ivan@example.test', assignable: true },
      { id: userId(9000002), name: 'Мария', email: 'm@example.test', assignable: true },
      { id: userId(9000003), name: 'Пётр', email: null, assignable: false },
      { id: userId(9000004), name: 'Анна', email: 'anna.1@example.test', assignable: true },
      { id: userId(9000005), name: 'Анна', email: 'anna.2@example.test', assignable: true },
    ],
    pipelines: [
      {
        id: pipelineId(7000001),
        name: 'Интернет-магазин',
        main: true,
        unsortedOn: true,
        statuses: [
          status(60000001, 'Неразобранное', 10, true),
          status(60000002, 'Новый заказ', 20),
          status(60000003, 'В работе', 30),
          status(60000004, 'Оплачен', 40),
          ...closing,
        ],
      },
      {
        id: pipelineId(7000002),
        name: 'Опт',
        main: false,
        unsortedOn: false,
        statuses: [status(60000011, 'Новый заказ', 20), status(60000012, 'Счёт: выставлен', 30), ...closing],
      },
    ],
    fields: [
      field(500001, 'utm_source', 'UTM_SOURCE', 'tracking_data'),
      field(500002, 'Способ оплаты', null, 'text'),
      field(500003, 'Договор', null, 'file'),
      field(500004, 'Ключ', 'AMOBRIDGE_KEY', 'text'),
      field(500010, 'Телефон', 'PHONE', 'multitext', 'contact'),
      field(500011, 'Город', null, 'text', 'contact'),
      field(500020, 'ИНН', null, 'numeric', 'company'),
    ],
    lossReasons: [{ id: 41, name: 'Отказ клиента' }],
    ...more,
  }
}
