import { type ApiRequest, idOf, requireAdmin } from '../api-request.ts'
import { cut, pageOf, selfLink } from '../paging.ts'
import { hal, noContent, type Reply } from '../reply.ts'
import type { Route } from '../router.ts'
import type { User } from '../world/model.ts'

/** Administrators only. Source: "Пользователи". */
export const userRoutes: Route[] = [
  { method: 'GET', pattern: '/users', handle: listUsers },
  { method: 'GET', pattern: '/users/{id}', handle: getUser },
]

function listUsers(request: ApiRequest): Reply {
  requireAdmin(request)
  const page = pageOf(request)
  const users = [...request.account.users.values()]
  const rows = cut(users, page).slice(0, page.limit)
  if (rows.length === 0) return noContent
  return hal({
    _total_items: users.length,
    _page: page.page,
    _page_count: Math.ceil(users.length / page.limit),
    _links: selfLink(request, request.path),
    _embedded: { users: rows.map((user) => viewUser(request, user)) },
  })
}

function getUser(request: ApiRequest): Reply {
  requireAdmin(request)
  const user = request.account.users.get(idOf(request))
  return user === undefined ? noContent : hal(viewUser(request, user))
}

function viewUser(request: ApiRequest, { id, name, email, isAdmin, isActive, isFree }: User) {
  const all = { view: 'A', edit: 'A', add: 'A', delete: isAdmin ? 'A' : 'D', export: isAdmin ? 'A' : 'M' }
  return {
    id,
    name,
    email,
    lang: 'ru',
    rights: {
      leads: all,
      contacts: all,
      companies: all,
      tasks: { edit: 'A', delete: isAdmin ? 'A' : 'D' },
      mail_access: false,
      catalog_access: true,
      status_rights: null,
      is_admin: isAdmin,
      is_free: isFree,
      is_active: isActive,
      group_id: null,
      role_id: null,
    },
    _links: selfLink(request, `/api/v4/users/${id}`),
  }
}
