import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { FaultChange } from './faults.ts'
import { isForeignPage, isLoopback, parseJson, readBody, sendJson } from './http.ts'
import { CustomerChange, FormInput, OrderChange, OrderInput } from './inputs.ts'
import { isPaid, type Order, totalKopecks } from './model.ts'
import { commandFamilies } from './module.ts'
import { ShopRefusal } from './orders.ts'
import { PairingError } from './pairing.ts'
import type { Shop } from './shop.ts'

type Verb = (shop: Shop, input: unknown) => unknown

const ById = z.object({ id: z.string() })
const Connect = z.object({ serviceUrl: z.string(), connection: z.string(), secret: z.string() })
const Many = z.object({ count: z.int().min(1).max(100_000), spanMs: z.int().positive().optional() })

/** POST /_control/<verb>: what `Shop` can do, for other processes. */
const verbs: Readonly<Record<string, Verb>> = {
  pair: (shop, input) => shop.pair(z.object({ code: z.string() }).parse(input).code),
  connect: (shop, input) => shop.connect(Connect.parse(input)),
  'place-order': (shop, input) => show(shop.placeOrder(OrderInput.parse(input))),
  'place-many': (shop, input) => {
    const { count, spanMs } = Many.parse(input)
    const placed = shop.placeMany(count, spanMs)
    return { first: placed.at(0)?.id ?? null, last: placed.at(-1)?.id ?? null }
  },
  edit: (shop, input) => show(shop.editOrder(ById.parse(input).id, OrderChange.parse(input))),
  pay: (shop, input) => show(shop.pay(ById.parse(input).id)),
  unpay: (shop, input) => show(shop.unpay(ById.parse(input).id)),
  ship: (shop, input) => {
    const { id, tracking } = ById.extend({ tracking: z.string().optional() }).parse(input)
    return show(shop.ship(id, tracking))
  },
  cancel: (shop, input) => {
    const { id, reason } = ById.extend({ reason: z.string().optional() }).parse(input)
    return show(shop.cancel(id, reason))
  },
  uncancel: (shop, input) => show(shop.uncancel(ById.parse(input).id)),
  'set-status': (shop, input) => {
    const { id, status } = ById.extend({ status: z.string() }).parse(input)
    return show(shop.setStatus(id, status))
  },
  delete: (shop, input) => shop.deleteOrder(ById.parse(input).id),
  archive: (shop, input) => shop.archiveOrder(ById.parse(input).id),
  'submit-form': (shop, input) => shop.submitForm(FormInput.parse(input)),
  'edit-customer': (shop, input) => shop.editCustomer(z.object({ userId: z.string() }).parse(input).userId, CustomerChange.parse(input)),
  'change-profile': (shop) => shop.changeProfile(),
  'restore-backup': (shop) => shop.restoreBackup(),
  'send-now': (shop) => shop.sendNow(),
  'auto-send': (shop, input) => {
    shop.autoSend = z.object({ on: z.boolean() }).parse(input).on
  },
  faults: (shop, input) => {
    shop.faults.set(FaultChange.parse(input))
    return shop.faults.now
  },
  'clear-faults': (shop) => shop.faults.clear(),
  clock: (shop, input) => shop.moveClock(z.object({ moveMs: z.int() }).parse(input).moveMs),
  ticks: (shop, input) => {
    const { commands } = z.object({ commands: z.array(z.enum(commandFamilies)) }).parse(input)
    shop.module.ticks.clear()
    for (const family of commands) shop.module.ticks.add(family)
    shop.changeProfile()
  },
}

/** Loopback only: whoever may call this owns the shop. */
export async function answerControl(shop: Shop, verb: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLoopback(request.socket.remoteAddress) || isForeignPage(request)) return sendJson(response, 403, { error: { code: 'forbidden' } })
  if (request.method === 'GET') return answerRead(shop, verb, request, response)
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (act === undefined) return sendJson(response, 404, { error: { code: 'unknown_verb', message: Object.keys(verbs).join(', ') } })
  const body = await readBody(request)
  const input = body === undefined || body.length === 0 ? {} : parseJson(body)
  try {
    sendJson(response, 200, { ok: true, result: (await act(shop, input)) ?? null })
  } catch (error) {
    if (error instanceof z.ZodError) return sendJson(response, 400, { error: { code: 'malformed', message: z.prettifyError(error) } })
    if (error instanceof ShopRefusal) return sendJson(response, 409, { error: { code: error.code, message: error.message } })
    if (error instanceof PairingError) return sendJson(response, 502, { error: { code: 'pairing', message: error.message } })
    throw error
  }
}

function answerRead(shop: Shop, what: string, request: IncomingMessage, response: ServerResponse): void {
  const query = new URL(request.url ?? '/', shop.url).searchParams
  const readers: Readonly<Record<string, () => unknown>> = {
    state: () => toState(shop),
    orders: () => shop.orders().map(show),
    order: () => {
      const order = shop.order(query.get('id') ?? '')
      return order === undefined ? null : show(order)
    },
    commands: () => shop.commandsSeen(),
    mails: () => shop.mails(),
  }
  const read = Object.hasOwn(readers, what) ? readers[what] : undefined
  if (read === undefined) sendJson(response, 404, { error: { code: 'unknown_verb', message: Object.keys(readers).join(', ') } })
  else sendJson(response, 200, read())
}

function toState(shop: Shop) {
  const orders = shop.orders()
  return {
    url: shop.url,
    endpoint: shop.endpoint,
    installation: shop.module.installation,
    host: shop.module.host,
    connection:
      shop.connection === null
        ? null
        : { name: shop.connection.name, serviceUrl: shop.connection.serviceUrl, shopKey: shop.connection.shopKey },
    autoSend: shop.autoSend,
    commands: [...shop.module.ticks],
    orders: orders.length,
    totalKopecks: orders.reduce((sum, order) => sum + totalKopecks(order), 0),
    pending: shop.module.outbox.size(),
    rejected: shop.rejectedEvents(),
    lastExchange: shop.lastExchange(),
    clockCorrectionMs: shop.clockCorrectionMs(),
    faults: shop.faults.now,
    commandsSeen: shop.commandsSeen().length,
    mails: shop.mails().length,
    nowMs: shop.module.nowMs(),
  }
}

const show = (order: Order) => ({ ...order, paid: isPaid(order), totalKopecks: totalKopecks(order) })
