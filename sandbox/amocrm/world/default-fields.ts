import type { Account } from './account.ts'
import type { CustomField, FieldEnum, FieldType } from './fields.ts'
import type { EntityKind } from './model.ts'

interface FieldSeed {
  id: number
  name: string
  type: FieldType
  code?: string
  enums?: FieldEnum[]
  isPredefined?: boolean
  groupId?: string
}

/** Order number and payment as an earlier integration left them, and fields a manager made. */
const leadFields: FieldSeed[] = [
  { id: 500001, name: 'Номер заказа на сайте', type: 'text', code: 'SHOP_ORDER_ID' },
  {
    id: 500002,
    name: 'Способ оплаты',
    type: 'select',
    code: 'SHOP_PAYMENT',
    enums: enums(800001, ['Карта', 'card'], ['Наличные', 'cash']),
  },
  { id: 500003, name: 'Служба доставки', type: 'select', enums: enums(800011, ['СДЭК'], ['Почта России'], ['Курьер'], ['Самовывоз']) },
  { id: 500004, name: 'Адрес доставки', type: 'textarea' },
  { id: 500005, name: 'Скидка', type: 'numeric' },
  { id: 500006, name: 'Заказ в магазине', type: 'url' },
  { id: 500007, name: 'Дата доставки', type: 'date' },
  { id: 500008, name: 'Оплачен', type: 'checkbox' },
  { id: 500009, name: 'Особенности', type: 'multiselect', enums: enums(800021, ['Подарок'], ['Хрупкое'], ['Срочно']) },
  { id: 500010, name: 'Комментарий покупателя', type: 'text' },
  { id: 500011, name: 'Оплачен в', type: 'date_time' },
  { id: 500012, name: 'Покупатель', type: 'radiobutton', enums: enums(800031, ['Частное лицо'], ['Организация']) },
  { id: 500013, name: 'Город', type: 'text' },
  { id: 500014, name: 'Трек-номер', type: 'text' },
]

/** Source: "Поля и группы полей", predefined tracking fields; codes as clients list them. */
const trackingCodes = [
  'UTM_CONTENT',
  'UTM_MEDIUM',
  'UTM_CAMPAIGN',
  'UTM_SOURCE',
  'UTM_TERM',
  'UTM_REFERRER',
  'ROISTAT',
  'REFERRER',
  'OPENSTAT_SERVICE',
  'OPENSTAT_CAMPAIGN',
  'OPENSTAT_AD',
  'OPENSTAT_SOURCE',
  'FROM',
  'GCLIENTID',
  '_YM_UID',
  '_YM_COUNTER',
  'GCLID',
  'YCLID',
  'FBCLID',
]

const phoneCodes = ['MOB', 'WORK', 'WORKDD', 'FAX', 'HOME', 'OTHER']
const emailCodes = ['WORK', 'PRIV', 'OTHER']

const contactFields: FieldSeed[] = [
  { id: 500101, name: 'Телефон', type: 'multitext', code: 'PHONE', enums: coded(700001, phoneCodes), isPredefined: true },
  { id: 500102, name: 'Email', type: 'multitext', code: 'EMAIL', enums: coded(700011, emailCodes), isPredefined: true },
  { id: 500103, name: 'Должность', type: 'text', code: 'POSITION', isPredefined: true },
  { id: 500104, name: 'День рождения', type: 'birthday' },
  { id: 500105, name: 'Номер покупателя', type: 'text' },
]

const companyFields: FieldSeed[] = [
  { id: 500201, name: 'Телефон', type: 'multitext', code: 'PHONE', enums: coded(700021, phoneCodes), isPredefined: true },
  { id: 500202, name: 'Email', type: 'multitext', code: 'EMAIL', enums: coded(700031, emailCodes), isPredefined: true },
  { id: 500203, name: 'Web', type: 'url', code: 'WEB', isPredefined: true },
  { id: 500204, name: 'Адрес', type: 'textarea', code: 'ADDRESS', isPredefined: true },
  { id: 500205, name: 'ИНН', type: 'text' },
  { id: 500206, name: 'Юр. лицо', type: 'legal_entity' },
]

function enums(firstId: number, ...values: [value: string, code?: string][]): FieldEnum[] {
  return values.map(([value, code = null], index) => ({ id: firstId + index, value, code, sort: (index + 1) * 10 }))
}

function coded(firstId: number, codes: string[]): FieldEnum[] {
  return codes.map((code, index) => ({ id: firstId + index, value: code, code, sort: (index + 1) * 10 }))
}

/** `shift` keeps the ids of accounts apart: field, enum and status ids differ from account to account. */
export function addDefaultFields(account: Account, shift: number): void {
  const tracking = trackingCodes.map(
    (code, index): FieldSeed => ({
      id: 500301 + index,
      name: code.toLowerCase(),
      type: 'tracking_data',
      code,
      isPredefined: true,
      groupId: 'statistic',
    }),
  )
  addFields(account, 'leads', [...leadFields, ...tracking], shift)
  addFields(account, 'contacts', contactFields, shift)
  addFields(account, 'companies', companyFields, shift)
}

function addFields(account: Account, kind: EntityKind, seeds: FieldSeed[], shift: number): void {
  seeds.forEach((seed, index) => {
    const field: CustomField = {
      id: seed.id + shift,
      kind,
      name: seed.name,
      code: seed.code ?? null,
      sort: 500 + index * 10,
      type: seed.type,
      isPredefined: seed.isPredefined ?? false,
      isApiOnly: false,
      groupId: seed.groupId ?? null,
      enums: seed.enums?.map((item) => ({ ...item, id: item.id + shift })) ?? null,
      requiredStatuses: null,
    }
    account.fields[kind].add(field)
  })
}
