import { commonShape, refusingKeys, replacedTags, tagList } from './entity-input.ts'
import { ignored, object, type Parsed, type Parser, text } from './validation.ts'
import type { Account } from './world/account.ts'

const names = { first_name: text, last_name: text }

const newContactShape = (account: Account) => ({
  ...commonShape(account, 'contacts'),
  ...names,
  _embedded: object({ tags: replacedTags(account, 'contacts') }),
})

const newCompanyShape = (account: Account) => ({
  ...commonShape(account, 'companies'),
  _embedded: object({ tags: replacedTags(account, 'companies') }),
})

/** Whatever else stands in `_embedded` of a PATCH is dropped without a word. */
const contactPatchShape = (account: Account) => ({
  ...commonShape(account, 'contacts'),
  ...names,
  tags_to_delete: tagList(account, 'contacts'),
  _embedded: object({ tags: replacedTags(account, 'contacts'), companies: ignored, leads: ignored }),
})

const companyPatchShape = (account: Account) => ({
  ...commonShape(account, 'companies'),
  tags_to_delete: tagList(account, 'companies'),
  _embedded: object({ tags: replacedTags(account, 'companies'), contacts: ignored, leads: ignored }),
})

export type ContactDraft = Parsed<ReturnType<typeof newContactShape>>
export type CompanyDraft = Parsed<ReturnType<typeof newCompanyShape>>
export type ContactPatch = Parsed<ReturnType<typeof contactPatchShape>>
export type CompanyPatch = Parsed<ReturnType<typeof companyPatchShape>>

export const contactParser = (account: Account): Parser<ContactDraft> => refusingKeys(account, 'contacts', object(newContactShape(account)))

export const companyParser = (account: Account): Parser<CompanyDraft> =>
  refusingKeys(account, 'companies', object(newCompanyShape(account)))

export const contactPatchParser = (account: Account): Parser<ContactPatch> =>
  refusingKeys(account, 'contacts', object(contactPatchShape(account)))

export const companyPatchParser = (account: Account): Parser<CompanyPatch> =>
  refusingKeys(account, 'companies', object(companyPatchShape(account)))
