import type { Directory, DirectoryField, FieldEntity } from '../directory.ts'
import type { FieldId } from '../ids.ts'
import { findField } from './resolve.ts'

export interface OwnField {
  entity: FieldEntity
  code: string
  name: string
  type: 'text' | 'url'
  apiOnly: boolean
}

const dealKey: OwnField = { entity: 'deal', code: 'AMOBRIDGE_KEY', name: 'Ключ Amobridge', type: 'text', apiOnly: true }
const dealUrl: OwnField = { entity: 'deal', code: 'AMOBRIDGE_URL', name: 'Заказ на сайте', type: 'url', apiOnly: false }
const companyInn: OwnField = { entity: 'company', code: 'AMOBRIDGE_INN', name: 'ИНН', type: 'text', apiOnly: false }
const companyKpp: OwnField = { entity: 'company', code: 'AMOBRIDGE_KPP', name: 'КПП', type: 'text', apiOnly: false }

/** Where our own values stand in this account; null: that field is missing. INN and KPP may be fields the account had before us. */
export function ownFields(directory: Directory): Record<'dealKey' | 'dealUrl' | 'companyInn' | 'companyKpp', FieldId | null> {
  const find = (own: OwnField, ...names: string[]): FieldId | null => {
    const fields = directory.fields.filter(({ entity }) => entity === own.entity)
    const text = (field: DirectoryField | undefined) =>
      field !== undefined && (own.type === 'url' || ['text', 'numeric', 'textarea'].includes(field.type)) ? field.id : null
    return (
      text(fields.find(({ code }) => code === own.code)) ??
      names.map((name) => text(findField(name, fields))).find((id) => id !== null) ??
      null
    )
  }
  return {
    dealKey: find(dealKey),
    dealUrl: find(dealUrl),
    companyInn: find(companyInn, 'INN', 'ИНН'),
    companyKpp: find(companyKpp, 'KPP', 'КПП'),
  }
}

/** Fields that have to be made in the account before the first order. */
export function missingFields(directory: Directory): OwnField[] {
  const found = ownFields(directory)
  const wanted = { dealKey, dealUrl, companyInn, companyKpp }
  return Object.entries(wanted).flatMap(([name, field]) => (found[name as keyof typeof found] === null ? [field] : []))
}
