import { createHash, randomBytes } from 'node:crypto'
import { createAddressPolicy } from '../bitrix/address-policy.ts'
import { createShopClient } from '../bitrix/shop-client.ts'
import { type ConnectionId, connectionId } from '../core/ids.ts'
import { orderEntity } from '../core/marker.ts'
import type { Language } from '../core/messages/language.ts'
import type { Order } from '../core/order.ts'
import { exportSettings } from '../core/settings/export.ts'
import { WrittenConnection } from '../core/settings/written.ts'
import { type Admin, type ConnectionStatus, type OrderReport, WrongRequestError } from '../ports/admin.ts'
import type { Connection } from '../ports/connections.ts'
import { findAccount } from '../storage/accounts.ts'
import { listApiTokens, putApiToken, removeApiToken } from '../storage/api-tokens.ts'
import { changeConnection, listConnections } from '../storage/connections.ts'
import { contactProgress } from '../storage/contact-index.ts'
import { findPair } from '../storage/deal-pairs.ts'
import { closeIncident, listIncidents } from '../storage/incidents.ts'
import { loadBreaker, saveBreaker } from '../storage/lanes.ts'
import { createPairingStore } from '../storage/pairing-codes.ts'
import { listQueue, retryItems, skipItems, summariseQueue } from '../storage/queue.ts'
import { newestSettingsVersion } from '../storage/settings-versions.ts'
import { listTimeline } from '../storage/timeline.ts'
import { createPairingCode, pairFromText, pingShop } from '../sync/pair-shop.ts'
import { breakerName, resumeBreaker, toBreaker } from './account-runtime.ts'
import { applySettings } from './apply.ts'
import { writtenOf } from './describe-changes.ts'
import type { App } from './open-app.ts'

const mostIncidents = 500
const pingWithinMs = 10_000

/** What people ask of this installation, answered from the database: the service may run beside it or not. `closing`: the app ends with it. */
export function createAdmin(app: App, env: Record<string, string | undefined>, language: Language, closing: boolean): Admin {
  const { database, seal, clock, config } = app
  const connections = () => listConnections(database, seal)

  async function named(name: string): Promise<Connection> {
    const all = await connections()
    const found = all.find((connection) => connection.name === name)
    if (found) return found
    throw new WrongRequestError(
      `there is no connection "${name}"; there are: ${all.map((connection) => connection.name).join(', ') || 'none yet'}`,
    )
  }

  return {
    async status() {
      const statuses = await Promise.all((await connections()).map((connection) => statusOf(app, connection)))
      const healthy = statuses.every(
        (status) => status.state === 'off' || (status.queue.failed === 0 && status.incidents === 0 && status.breaker === 'closed'),
      )
      return { healthy, connections: statuses }
    },

    apply: (request) => applySettings(app, request, env, language),

    async exportSettings() {
      const all = (await connections()).filter(({ mode }) => mode !== 'off')
      return exportSettings(all.map(writtenOf), await newestSettingsVersion(database))
    },

    async pair(name) {
      const { id } = await named(name)
      const { text, expiresAt } = await createPairingCode(id, config.publicUrl, {
        pairings: createPairingStore(database, seal),
        clock,
        entropy: (bytes) => randomBytes(bytes),
        hash: (code) => createHash('sha256').update(code).digest('hex'),
      })
      return { code: text, expiresAt }
    },

    async pairWithText(name, text) {
      const addresses = createAddressPolicy(config)
      await pairFromText(await named(name), text, {
        pairings: createPairingStore(database, seal),
        requireEndpoint: addresses.requireUrl,
      })
      const shop = createShopClient({ clock, random: Math.random, addresses })
      try {
        return await pingShop(await named(name), { shop, clock, random: Math.random }, AbortSignal.timeout(pingWithinMs))
      } finally {
        await shop.close()
      }
    },

    async setPaused(name, paused) {
      const connection = await named(name)
      const { orders } = WrittenConnection.parse(connection.settings)
      await database.write(async (tx) => {
        const now = await database.now(tx)
        await changeConnection(tx, seal, connection.id, { mode: paused ? 'paused' : orders?.enabled ? 'on' : 'setup' }, now)
        if (paused || connection.accountId === null) return
        await saveBreaker(tx, connection.accountId, resumeBreaker(toBreaker(await loadBreaker(database, connection.accountId)), now))
      })
    },

    listQueue: (filter, limit) => listQueue(database, filter, limit),
    retry: (filter) => database.write(async (tx) => retryItems(tx, filter, await database.now(tx))),
    skip: (filter) => database.write(async (tx) => skipItems(tx, filter, await database.now(tx))),

    async findOrder(id, connection) {
      const all = connection === undefined ? await connections() : [await named(connection)]
      for (const one of all) {
        const report = await orderReport(app, one, id)
        if (report) return report
      }
      return undefined
    },

    async listIncidents({ connection, closedToo }) {
      const id = connection === undefined ? {} : { connection: (await named(connection)).id }
      return listIncidents(database, { ...id, closedToo, limit: mostIncidents })
    },
    closeIncident: (id) => database.write(async (tx) => closeIncident(tx, id, await database.now(tx))),
    async addToken(name) {
      const token = `amb_${randomBytes(32).toString('base64url')}`
      const added = await database.write(async (tx) => putApiToken(tx, name, token, await database.now(tx)))
      if (!added) throw new WrongRequestError(`there is a token "${name}" already: revoke it first, or take another name`)
      return token
    },
    listTokens: () => listApiTokens(database),
    revokeToken: (name) => database.write((tx) => removeApiToken(tx, name)),
    close: () => (closing ? app.close() : Promise.resolve()),
  }
}

async function statusOf({ database }: App, connection: Connection): Promise<ConnectionStatus> {
  const { id, name, mode, accountId, shop } = connection
  const now = await database.now(database.read)
  const { lagMs, ...queue } = await summariseQueue(database, id, now)
  const account = accountId === null ? undefined : await findAccount(database, accountId)
  const incidents = await listIncidents(database, { connection: id, closedToo: false, limit: mostIncidents })
  return {
    name,
    id,
    state: account !== undefined && account.state !== 'ready' && account.state !== 'new' ? account.state : mode,
    account: account === undefined ? null : { id: account.amoAccountId, subdomain: account.subdomain },
    queue,
    lagSeconds: Math.round(lagMs / 1000),
    breaker: accountId === null ? 'closed' : breakerName(toBreaker(await loadBreaker(database, accountId))),
    tokenDaysLeft: null,
    lastExchangeAt: shop.lastExchangeAt,
    incidents: incidents.length,
    contacts: accountId === null ? null : await contactProgress(database, accountId),
  }
}

/** By the shop's id, or by the number people know. */
async function orderReport({ database }: App, { id, name }: Connection, wanted: string): Promise<OrderReport | undefined> {
  const row = await database.read
    .selectFrom('shop_orders')
    .selectAll()
    .where('connection', '=', id)
    .where((eb) => eb.or([eb('order_id', '=', wanted), eb('number', '=', wanted)]))
    .executeTakeFirst()
  if (row === undefined) return undefined
  const order = row.snapshot === null ? null : (JSON.parse(row.snapshot) as Order)
  const pair = await findPair(database, id, orderEntity(row.order_id))
  return {
    order: {
      id: row.order_id,
      number: row.number,
      status: order === null ? '' : order.cancelled ? 'cancelled' : order.status,
      total: order?.total ?? '',
      currency: order?.currency ?? '',
      deleted: row.deleted === 1,
      connection: name,
    },
    pair: pair ? { dealId: pair.dealId, contactId: pair.contactId, companyId: pair.companyId, state: pair.state } : null,
    timeline: await listTimeline(database, connectionId(id) satisfies ConnectionId, orderEntity(row.order_id)),
  }
}
