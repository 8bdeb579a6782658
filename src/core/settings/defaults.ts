import type { FormRule, OrderSettings } from './resolved.ts'
import type { WrittenConnection } from './written.ts'

const defaultOrderName = 'Order #{{order.number}}'
const defaultFormName = '{{form.name}}'

/** What holds where `orders` and its rules say nothing. */
export const orderDefaults: Pick<OrderSettings, 'name' | 'stages' | 'lossReasons' | 'responsible' | 'tags' | 'lines' | 'fields' | 'skip'> =
  {
    name: defaultOrderName,
    stages: {},
    lossReasons: {},
    responsible: { rule: 'fixed', users: [] },
    tags: [],
    lines: 'note',
    fields: [],
    skip: false,
  }

export const formRuleDefaults: Pick<FormRule, 'source' | 'name' | 'responsible' | 'tags' | 'fields'> = {
  source: '*',
  name: defaultFormName,
  responsible: { rule: 'fixed', users: [] },
  tags: [],
  fields: [],
}

/** amoCRM's requests of an account without webhooks have to come more often. */
const pollSecondsWith = { webhooks: 60, polling: 15 }

/** amoCRM takes 7; one is left for others, and for the way there. */
export const defaultRequestsPerSecond = 6

/** The documented defaults of everything that needs no account to be known (docs/settings.md). */
export function withDefaults({
  amocrm = {},
  orders = {},
  forms = {},
  contacts = {},
  catalog = {},
  notify = {},
  privacy = {},
}: WrittenConnection) {
  const webhooks = amocrm.webhooks ?? true
  return {
    amocrm: {
      requestsPerSecond: amocrm.requestsPerSecond ?? defaultRequestsPerSecond,
      webhooks,
      pollSeconds: amocrm.pollSeconds ?? (webhooks ? pollSecondsWith.webhooks : pollSecondsWith.polling),
    },
    orders: {
      enabled: orders.enabled ?? false,
      conflict: orders.conflict ?? ('newest' as const),
      notifyBuyer: {
        enabled: orders.notifyBuyer?.enabled ?? true,
        maxOrderAgeDays: orders.notifyBuyer?.maxOrderAgeDays ?? 60,
        settleSeconds: orders.notifyBuyer?.settleSeconds ?? 0,
      },
      reuseOpenDeal: {
        enabled: orders.reuseOpenDeal?.enabled ?? false,
        withinDays: orders.reuseOpenDeal?.withinDays ?? 7,
        pipelines: orders.reuseOpenDeal?.pipelines ?? [],
      },
      currencies: orders.currencies ?? {},
      rules: orders.rules ?? [],
      statuses: orders.statuses ?? {},
    },
    forms: { rules: forms.rules ?? [] },
    contacts: {
      direction: contacts.direction ?? ('both' as const),
      name: contacts.name ?? ('fill-if-empty' as const),
      phone: contacts.phone ?? ('add' as const),
      email: contacts.email ?? ('add' as const),
      updateShopUser: contacts.updateShopUser ?? false,
      stopList: contacts.stopList ?? [],
    },
    catalog: {
      enabled: catalog.enabled ?? false,
      catalog: catalog.catalog ?? 'Товары',
      schedule: catalog.schedule ?? '0 4 * * *',
      timeZone: catalog.timeZone ?? 'Europe/Moscow',
      priceType: catalog.priceType ?? 'BASE',
    },
    notify: {
      email: notify.email ?? [],
      telegram: notify.telegram === undefined ? null : { chatId: notify.telegram.chatId },
      webhook: notify.webhook === undefined ? null : { url: notify.webhook.url },
    },
    privacy: { retentionDays: privacy.retentionDays ?? 365 },
  }
}
