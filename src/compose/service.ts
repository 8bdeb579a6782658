import { createHash, randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { createAddressPolicy } from '../bitrix/address-policy.ts'
import { createShopClient } from '../bitrix/shop-client.ts'
import { sign } from '../bitrix/signature.ts'
import type { RunningService } from '../cli/serve.ts'
import { createServer } from '../http/server.ts'
import { createMailer } from '../notify/mailer.ts'
import { createWebhookSender } from '../notify/webhook-sender.ts'
import type { Connection } from '../ports/connections.ts'
import { isApiToken } from '../storage/api-tokens.ts'
import { createCommands } from '../storage/commands.ts'
import { listConnections } from '../storage/connections.ts'
import { createExchangeStore } from '../storage/exchange.ts'
import { listIncidentPage } from '../storage/incidents.ts'
import { checkSchema } from '../storage/migrate.ts'
import { createNoticeStore } from '../storage/notices.ts'
import { createPairingStore } from '../storage/pairing-codes.ts'
import { createRetention } from '../storage/retention.ts'
import { createShopCalls } from '../sync/exchange-with-shop.ts'
import { tellPeople } from '../sync/tell-people.ts'
import { startAccounts } from './accounts-at-work.ts'
import type { App } from './open-app.ts'

const callShopsEveryMs = 500
const tellEveryMs = 1_000
const tidyEveryMs = 60 * 60_000
const kept = { keptDays: 30, rowsPerBatch: 500 }
/** What is under way at SIGTERM may take this long; it comes again otherwise, because every step may run twice. */
const graceMs = 4_000

/** Starts everything of one process: HTTP, the accounts' workers, calls to the shops. Closing loses nothing and takes at most five seconds. */
export async function startService(app: App): Promise<RunningService> {
  const { config, clock, database, seal } = app
  const log = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }))
  const stopping = new AbortController()
  const accounts = startAccounts(app, log, stopping.signal)
  const onNews = (connection: Connection) => accounts.wake(connection.accountId)
  const exchanges = createExchangeStore({ database, seal, random: Math.random })
  const addresses = createAddressPolicy(config)
  const shopClient = createShopClient({ clock, random: Math.random, addresses })

  const server = createServer({
    log,
    trustedProxies: config.trustedProxies,
    health: { checkReady: () => checkSchema(database) },
    bridge: { exchanges, onNews, clock },
    pair: {
      pairings: createPairingStore(database, seal),
      clock,
      entropy: (bytes) => randomBytes(bytes),
      hash: (code) => createHash('sha256').update(code).digest('hex'),
      requireEndpoint: addresses.requireUrl,
    },
    api: {
      isToken: (token) => isApiToken(database, token),
      async findIncidents({ connection: name, ...query }) {
        if (name === undefined) return listIncidentPage(database, query)
        const connection = (await listConnections(database, seal)).find((one) => one.name === name)
        return connection && listIncidentPage(database, { ...query, connection: connection.id })
      },
    },
  })
  await server.listen({ host: config.host, port: config.port })

  const calls = createShopCalls({
    exchanges,
    onNews,
    clock,
    shop: shopClient,
    commands: createCommands(database),
    onCalled: ({ id }, outcome) => {
      if (outcome.kind !== 'done') log.warn({ connection: id, outcome }, 'the shop did not answer; it is called again')
    },
    onError: ({ id }, error) => log.error({ connection: id, error: String(error) }, 'call to the shop failed'),
  })
  const calling = callShops()
  const tidying = tidy()
  const webhooks = createWebhookSender({
    clock,
    lookup: addresses.lookup,
    requireUrl: addresses.requireUrl,
    sign: (secret, ...rest) => sign([secret], ...rest),
  })
  const telling = tell()

  async function callShops(): Promise<void> {
    while (!stopping.signal.aborted) {
      await calls.begin(stopping.signal).catch((error: unknown) => log.error({ error: String(error) }, 'shops could not be called'))
      await clock.sleep(callShopsEveryMs, stopping.signal).catch(() => undefined)
    }
    await calls.idle()
  }

  async function tell(): Promise<void> {
    const notices = createNoticeStore(database, seal)
    const mailer = config.mail === undefined ? null : createMailer(config.mail)
    while (!stopping.signal.aborted) {
      await tellPeople({ notices, mailer, webhooks }, stopping.signal).catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ error: String(error) }, 'people could not be told of incidents; again in a moment')
      })
      await clock.sleep(tellEveryMs, stopping.signal).catch(() => undefined)
    }
  }

  async function tidy(): Promise<void> {
    const retention = createRetention(database, kept)
    while (!stopping.signal.aborted) {
      await retention
        .sweep(stopping.signal)
        .catch((error: unknown) => log.error({ error: String(error) }, 'what is past its time could not be forgotten; again in an hour'))
      await clock.sleep(tidyEveryMs, stopping.signal).catch(() => undefined)
    }
  }

  return {
    url: config.publicUrl,
    connections: (await listConnections(database, seal)).length,
    async close() {
      await server.close()
      stopping.abort(new Error('the service is stopping'))
      const ended = Promise.allSettled([accounts.ended, calling, tidying, telling])
      const waited = new AbortController()
      await Promise.race([ended, clock.sleep(graceMs, waited.signal)])
      // The timer alone would keep the process alive.
      waited.abort()
      await Promise.all([shopClient.close(), webhooks.close()])
    },
  }
}
