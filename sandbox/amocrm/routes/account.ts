import type { ApiRequest } from '../api-request.ts'
import { wished } from '../entity-view.ts'
import { selfLink } from '../paging.ts'
import { hal, type Reply } from '../reply.ts'
import type { Route } from '../router.ts'

/** Source: "Параметры аккаунта". */
export const accountRoutes: Route[] = [{ method: 'GET', pattern: '/account', handle: getAccount }]

const taskTypes = [
  { id: 1, name: 'Связаться', color: null, icon_id: null, code: 'FOLLOW_UP' },
  { id: 2, name: 'Встреча', color: null, icon_id: null, code: 'MEETING' },
]

function getAccount(request: ApiRequest): Reply {
  const { account, user } = request
  const extras: Record<string, unknown> = {
    amojo_id: `00000000-0000-4000-8000-0000${account.id}`,
    version: 16,
    drive_url: 'https://drive-b.amocrm.ru',
    is_api_filter_enabled: account.filtersOn,
    entity_names: { leads: { ru: { gender: 'f', plural_form: { dative: 'сделкам', default: 'сделки' } } } },
    invoices_settings: null,
  }
  const embeddedExtras: Record<string, unknown> = {
    amojo_rights: { can_direct: true, can_create_groups: true },
    users_groups: [{ id: 0, name: 'Отдел продаж', uuid: null }],
    task_types: taskTypes,
    datetime_settings: { date_pattern: 'd.m.Y H:i', timezone: 'Europe/Moscow', timezone_offset: '+03:00' },
  }
  const wishes = wished(request)
  const embedded = picked(embeddedExtras, wishes)
  return hal({
    id: account.id,
    name: account.name,
    subdomain: account.subdomain,
    current_user_id: user.id,
    country: 'RU',
    customers_mode: 'segments',
    is_unsorted_on: true,
    is_loss_reason_enabled: true,
    is_helpbot_enabled: false,
    is_technical_account: false,
    contact_name_display_order: 1,
    ...picked(extras, wishes),
    _links: selfLink(request, '/api/v4/account'),
    ...(Object.keys(embedded).length > 0 ? { _embedded: embedded } : {}),
  })
}

function picked(extras: Record<string, unknown>, wishes: Set<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extras).filter(([key]) => wishes.has(key)))
}
