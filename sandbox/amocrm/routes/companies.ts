import type { ApiRequest } from '../api-request.ts'
import { toChanges } from '../entity-input.ts'
import { getEntity, listEntities } from '../entity-list.ts'
import { createMany, type Patch, patchMany, patchOne } from '../entity-write.ts'
import { type CompanyDraft, type CompanyPatch, companyParser, companyPatchParser } from '../people-input.ts'
import type { Route } from '../router.ts'
import type { Company, Place } from '../world/model.ts'
import { changeCompany, createCompany } from '../world/people.ts'

export const companyRoutes: Route[] = [
  { method: 'GET', pattern: '/companies', handle: (request) => listEntities(request, 'companies') },
  { method: 'GET', pattern: '/companies/{id}', handle: (request) => getEntity(request, 'companies') },
  {
    method: 'POST',
    pattern: '/companies',
    handle: (request) => createMany(request, 'companies', companyParser(request.account), (draft) => companyFromDraft(request, draft)),
  },
  { method: 'PATCH', pattern: '/companies', handle: (request) => patchMany(request, companyPatch(request)) },
  { method: 'PATCH', pattern: '/companies/{id}', handle: (request) => patchOne(request, companyPatch(request)) },
]

export function companyFromDraft({ account, author, user }: ApiRequest, draft: CompanyDraft, place: Place = 'live'): Company {
  return createCompany(account, { ...toChanges(draft), responsibleUserId: draft.responsible_user_id ?? user.id, place }, author)
}

function companyPatch({ account, author }: ApiRequest): Patch<CompanyPatch> {
  return {
    kind: 'companies',
    parser: () => companyPatchParser(account),
    apply: (id, draft) => {
      const company = account.companies.find(id)
      if (company !== undefined) changeCompany(account, company, toChanges(draft), author)
    },
  }
}
