import { deliveryServices, forms, paySystems, personTypes, priceTypes, properties, sites, statuses, versions } from './dictionary.ts'
import { toInstant } from './format.ts'
import type { ShopModule } from './module.ts'
import type { Json } from './snapshot.ts'

/** What `profile.get` answers and pairing sends along. */
export function toProfile(shop: ShopModule): Json {
  return {
    name: sites[0].name,
    sites: sites.map((site) => ({ ...site, url: shop.links.baseUrl })),
    statuses,
    personTypes,
    properties,
    forms,
    currencies: ['RUB'],
    priceTypes,
    deliveryServices: deliveryServices.map(({ id, name }) => ({ id, name })),
    paySystems,
    users: shop.ticks.has('buyers'),
    commands: [...shop.ticks],
    versions,
    time: toInstant(shop.nowMs()),
  }
}
