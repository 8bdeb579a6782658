import { companyId, contactId, userId } from '../core/ids.ts'
import type { CompanyWrite, ContactWrite, CrmCompany, Person } from '../ports/crm.ts'
import type { AmoFieldWrite } from './client/routes/fields.ts'
import type { AmoPerson, AmoPersonWrite } from './client/routes/people.ts'
import { toAmoContactField, toAmoField, toContactValues, toFieldMap } from './map-fields.ts'
import { fromSec } from './map-time.ts'

/** Only what is given is written. */
export function toAmoPerson(write: ContactWrite | CompanyWrite): AmoPersonWrite {
  const fields = toAmoFields(write)
  return {
    ...(write.name !== undefined && { name: write.name }),
    ...('firstName' in write && write.firstName !== undefined && { first_name: write.firstName }),
    ...('lastName' in write && write.lastName !== undefined && { last_name: write.lastName }),
    ...(write.responsibleId !== undefined && { responsible_user_id: write.responsibleId }),
    ...(fields.length > 0 && { custom_fields_values: fields }),
  }
}

export function toPerson(row: AmoPerson): Person {
  const company = row._embedded?.companies?.[0]
  return {
    id: contactId(row.id),
    name: row.name ?? '',
    firstName: row.first_name ?? '',
    lastName: row.last_name ?? '',
    phones: toContactValues(row.custom_fields_values, 'PHONE'),
    emails: toContactValues(row.custom_fields_values, 'EMAIL'),
    fields: toFieldMap(row.custom_fields_values),
    companyId: company === undefined ? null : companyId(company.id),
    responsibleId: row.responsible_user_id == null ? null : userId(row.responsible_user_id),
    updatedAt: fromSec(row.updated_at),
    deleted: row.is_deleted ?? false,
  }
}

export function toCompany(row: AmoPerson): CrmCompany {
  return {
    id: companyId(row.id),
    name: row.name ?? '',
    fields: toFieldMap(row.custom_fields_values),
    updatedAt: fromSec(row.updated_at),
  }
}

function toAmoFields({ phones, emails, fields = [] }: ContactWrite | CompanyWrite): AmoFieldWrite[] {
  return [
    ...(phones === undefined ? [] : [toAmoContactField('PHONE', phones)]),
    ...(emails === undefined ? [] : [toAmoContactField('EMAIL', emails)]),
    ...fields.map(toAmoField),
  ]
}
