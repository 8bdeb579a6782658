import type { ApiRequest } from '../api-request.ts'
import { toChanges } from '../entity-input.ts'
import { getEntity, listEntities } from '../entity-list.ts'
import { createMany, type Patch, patchMany, patchOne } from '../entity-write.ts'
import { type ContactDraft, type ContactPatch, contactParser, contactPatchParser } from '../people-input.ts'
import type { Route } from '../router.ts'
import type { Contact, Place } from '../world/model.ts'
import { changeContact, createContact } from '../world/people.ts'

export const contactRoutes: Route[] = [
  { method: 'GET', pattern: '/contacts', handle: (request) => listEntities(request, 'contacts') },
  { method: 'GET', pattern: '/contacts/{id}', handle: (request) => getEntity(request, 'contacts') },
  {
    method: 'POST',
    pattern: '/contacts',
    handle: (request) => createMany(request, 'contacts', contactParser(request.account), (draft) => contactFromDraft(request, draft)),
  },
  { method: 'PATCH', pattern: '/contacts', handle: (request) => patchMany(request, contactPatch(request)) },
  { method: 'PATCH', pattern: '/contacts/{id}', handle: (request) => patchOne(request, contactPatch(request)) },
]

/** Always a new contact, even for a known phone. */
export function contactFromDraft({ account, author, user }: ApiRequest, draft: ContactDraft, place: Place = 'live'): Contact {
  const responsibleUserId = draft.responsible_user_id ?? user.id
  return createContact(
    account,
    { ...toChanges(draft), firstName: draft.first_name, lastName: draft.last_name, responsibleUserId, place },
    author,
  )
}

function contactPatch({ account, author }: ApiRequest): Patch<ContactPatch> {
  return {
    kind: 'contacts',
    parser: () => contactPatchParser(account),
    apply: (id, draft) => {
      const contact = account.contacts.find(id)
      if (contact === undefined) return
      changeContact(account, contact, { ...toChanges(draft), firstName: draft.first_name, lastName: draft.last_name }, author)
    },
  }
}
