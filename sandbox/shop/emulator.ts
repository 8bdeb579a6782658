import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCommands } from './commands/run.ts'
import { answerControl } from './control.ts'
import { saveCustomer } from './customers.ts'
import { createEndpoint } from './endpoint.ts'
import { createExchange } from './exchange.ts'
import { createFaults } from './faults.ts'
import { submitForm } from './forms.ts'
import { createBuyers } from './generator.ts'
import { createHex, createUlid } from './ids.ts'
import { type CommandFamily, createRevisions, type ShopModule } from './module.ts'
import { createOrders, ShopRefusal } from './orders.ts'
import { createOutbox } from './outbox.ts'
import { pair, requireSafeUrl } from './pairing.ts'
import { createProducts } from './products.ts'
import { createSender } from './sender.ts'
import type { Shop, ShopOptions } from './shop.ts'
import { createStore } from './store.ts'
import { createStorefront } from './storefront/storefront.ts'

const endpointPath = '/bitrix/tools/amobridge.shop/exchange.php'

const minuteMs = 60_000

/** A 1C-Bitrix shop with the Amobridge module in it: storefront, admin page, exchange.php, and its own calls to the service. */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const stopping = new AbortController()
  const faults = createFaults()
  let clockShiftMs = 0
  const realMs = options.nowMs ?? Date.now
  const nowMs = () => realMs() + clockShiftMs + (faults.now.clockOffsetMs ?? 0)

  let route = (_request: IncomingMessage, response: ServerResponse): void => void response.writeHead(503).end()
  const server = createServer((request, response) => route(request, response))
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://${options.host ?? '127.0.0.1'}:${port}`

  const store = createStore(options.products ?? createProducts(nowMs()), options.firstOrderId ?? 10_001, nowMs())
  const outbox = createOutbox((atMs) => createUlid(atMs, randomBytes))
  const module: ShopModule = {
    store,
    outbox,
    orders: createOrders(store, outbox, nowMs),
    revisions: createRevisions(() => createHex(4, randomBytes)),
    faults,
    ticks: new Set<CommandFamily>(options.ticks ?? ['statuses']),
    links: { baseUrl: url },
    installation: options.installation ?? toInstallation(options.seed ?? 1),
    host: options.siteHost ?? new URL(url).host,
    nowMs,
    entropy: randomBytes,
    connection: startConnection(options),
  }
  const commands = createCommands(module)
  const exchange = createExchange(module, commands, stopping.signal)
  const sender = createSender(module, exchange, options.agentEveryMs ?? minuteMs)
  sender.auto = options.autoSend ?? true
  const endpoint = createEndpoint(module, commands, (ms) => sleep(ms, undefined, { signal: stopping.signal }))
  const { orders } = module
  const buyers = createBuyers(options.seed ?? 1, [...store.products.values()])

  const shop: Shop = {
    url,
    endpoint: url + endpointPath,
    seed: options.seed ?? 1,
    module,
    faults,
    get autoSend() {
      return sender.auto
    },
    set autoSend(value) {
      sender.auto = value
    },
    get connection() {
      return module.connection
    },
    async pair(code) {
      module.connection = await pair(module, shop.endpoint, code, stopping.signal)
      options.log?.(`paired with ${module.connection.serviceUrl} as ${module.connection.name}`)
      sender.wake()
    },
    connect(to) {
      module.connection = { serviceUrl: requireSafeUrl(to.serviceUrl), name: to.connection, secret: to.secret, shopKey: null }
      sender.wake()
    },
    placeOrder: (input = {}) => orders.place(input),
    placeMany: (count, spanMs) =>
      Array.from({ length: count }, (_, index) => {
        const past = spanMs === undefined ? {} : { createdAtMs: nowMs() - Math.round(spanMs * (1 - index / count)) }
        return orders.place({ ...buyers.nextOrder(), ...past })
      }),
    editOrder: (id, change) => orders.edit(id, change),
    pay: orders.pay,
    unpay: orders.unpay,
    ship: orders.ship,
    cancel: (id, reason) => orders.cancel(id, reason ?? null),
    uncancel: (id) => orders.uncancel(id),
    setStatus: (id, status) => orders.setStatus(id, status),
    deleteOrder: orders.remove,
    archiveOrder: orders.archive,
    submitForm: (input) => submitForm(store, outbox, input, nowMs()),
    editCustomer(userId, change) {
      const saved = saveCustomer(store, outbox, userId, change, nowMs(), null)
      if (saved === undefined) throw new ShopRefusal('user_missing', `Пользователя ${userId} нет`)
      return saved
    },
    changeProfile: () => outbox.put({ kind: 'profile.changed', entityId: '', atMs: nowMs() }),
    restoreBackup: () => module.revisions.restart(),
    moveClock: (byMs) => {
      clockShiftMs += byMs
    },
    orders: () => [...store.orders.values()],
    order: (id) => store.orders.get(id),
    customers: () => [...store.customers.values()],
    products: () => [...store.products.values()],
    mails: () => [...store.mails],
    sendNow: exchange.once,
    lastExchange: exchange.last,
    clockCorrectionMs: exchange.clockCorrectionMs,
    pendingEvents: () => [...outbox.pending()],
    rejectedEvents: outbox.rejected,
    commandsSeen: commands.seen,
    async close() {
      if (stopping.signal.aborted) return
      stopping.abort()
      sender.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    [Symbol.asyncDispose]: () => shop.close(),
  }

  const storefront = createStorefront(shop)
  route = (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    void dispatch(path, request, response).catch((error: unknown) => {
      if (!stopping.signal.aborted) options.log?.(`${request.method} ${path}: ${error instanceof Error ? error.stack : String(error)}`)
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    })
  }

  async function dispatch(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === endpointPath) return endpoint.handle(request, response)
    if (path.startsWith('/_control/')) return answerControl(shop, path.slice('/_control/'.length), request, response)
    return storefront(path, request, response)
  }

  return shop
}

const toInstallation = (seed: number): string => createHash('sha256').update(`installation ${seed}`).digest('hex').slice(0, 32)

function startConnection({ serviceUrl, connection, secret }: ShopOptions): ShopModule['connection'] {
  if (serviceUrl === undefined || connection === undefined || secret === undefined) return null
  return { serviceUrl: requireSafeUrl(serviceUrl), name: connection, secret, shopKey: null }
}
