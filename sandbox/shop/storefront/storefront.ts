import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isForeignPage, isLoopback, readBody, sendJson } from '../http.ts'
import type { Order } from '../model.ts'
import { commandFamilies } from '../module.ts'
import { ShopRefusal } from '../orders.ts'
import { PairingError } from '../pairing.ts'
import { listSold } from '../products.ts'
import type { Shop } from '../shop.ts'
import { adminPage, readFaults } from './admin.ts'
import { adminOrderPage, readEdit } from './admin-order.ts'
import { cartPage, readCheckout } from './cart.ts'
import { cataloguePage, productPage } from './catalogue.ts'
import { feedbackPage, readFeedback } from './feedback.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { myOrdersPage, orderStates } from './my-orders.ts'
import { createVisits, type Visit } from './visit.ts'

const assets: Readonly<Record<string, string>> = { 'shop.css': 'text/css', 'shop.js': 'text/javascript', 'icon.svg': 'image/svg+xml' }

/** The pages people see: the shop, and its administration for whoever sits at this machine. */
export function createStorefront(shop: Shop) {
  const open = createVisits(shop.module.entropy, shop.url)

  return async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
    response.setHeader('x-content-type-options', 'nosniff')
    if (path.startsWith('/assets/')) return sendAsset(path.slice('/assets/'.length), response)
    const isAdmin = path === '/admin' || path.startsWith('/admin/') || path.startsWith('/bitrix/')
    if (isAdmin && !isLoopback(request.socket.remoteAddress)) return void response.writeHead(403).end()
    const visit = open(request, response, shop.module.nowMs())
    if (request.method === 'POST') return post(visit, path, request, response)
    if (path === '/orders/state.json') return sendJson(response, 200, orderStates(visit, ordersOf(visit)), { 'cache-control': 'no-store' })
    if (path === '/bitrix/admin/sale_order_view.php')
      return redirect(response, `/admin/orders/${encodeURIComponent(visit.url.searchParams.get('ID') ?? '')}`)
    const text = show(visit, path)
    send(response, text === undefined ? 404 : 200, text ?? notFound(visit))
  }

  function ordersOf(visit: Visit): Order[] {
    return visit.session.orderIds.flatMap((id) => shop.order(id) ?? []).reverse()
  }

  function show(visit: Visit, path: string): string | undefined {
    const { products } = shop.module.store
    if (path === '/') return cataloguePage(visit, [...products.values()])
    if (path === '/cart') return cartPage(visit, products)
    if (path === '/orders') return myOrdersPage(visit, ordersOf(visit))
    if (path === '/feedback') return feedbackPage(visit)
    if (path === '/admin') return adminPage(visit, shop)
    const product = products.get(/^\/p\/(\d+)\/?$/.exec(path)?.[1] ?? '')
    if (product !== undefined) return productPage(visit, product, [...products.values()])
    const order = shop.order(/^\/admin\/orders\/(\d+)$/.exec(path)?.[1] ?? '')
    return order === undefined ? undefined : adminOrderPage(visit, shop, order)
  }

  async function post(visit: Visit, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (isForeignPage(request)) return void response.writeHead(403).end()
    const body = await readBody(request)
    if (body === undefined) return void response.writeHead(413).end()
    const form = new URLSearchParams(body.toString())
    if (path === '/checkout') return checkout(visit, form, response)
    if (path === '/feedback') return feedback(visit, form, response)
    if (path === '/cart/add') return addToCart(visit, form, response)
    if (path === '/cart/change') return changeCart(visit, form, response)
    const target = await administer(visit, path, form)
    if (target === undefined) send(response, 404, notFound(visit))
    else redirect(response, target)
  }

  function addToCart({ session }: Visit, form: URLSearchParams, response: ServerResponse): void {
    const id = form.get('product') ?? ''
    const isSold = listSold(shop.module.store.products.values()).some((product) => product.id === id)
    if (isSold) session.cart.set(id, (session.cart.get(id) ?? 0) + 1)
    redirect(response, '/cart')
  }

  function changeCart({ session }: Visit, form: URLSearchParams, response: ServerResponse): void {
    for (const id of [...session.cart.keys()]) {
      const quantity = Number(form.get(id) ?? '1')
      if (quantity > 0 && quantity <= 999) session.cart.set(id, quantity)
      else session.cart.delete(id)
    }
    redirect(response, '/cart')
  }

  function checkout(visit: Visit, form: URLSearchParams, response: ServerResponse): void {
    const { session, texts } = visit
    if (session.cart.size === 0) {
      session.notice = { kind: 'bad', text: texts.cartNeeded }
      redirect(response, '/')
      return
    }
    const filled = readCheckout(visit, form)
    if ('mistakes' in filled) {
      send(response, 422, cartPage(visit, shop.module.store.products, form, filled.mistakes))
      return
    }
    session.orderIds.push(shop.placeOrder(filled.order).id)
    session.cart.clear()
    session.notice = { kind: 'good', text: texts.orderPlaced }
    redirect(response, '/orders')
  }

  function feedback(visit: Visit, form: URLSearchParams, response: ServerResponse): void {
    const filled = readFeedback(visit, form)
    if ('mistakes' in filled) {
      send(response, 422, feedbackPage(visit, form, filled.mistakes))
      return
    }
    shop.submitForm(filled.result)
    visit.session.notice = { kind: 'good', text: visit.texts.messageSent }
    redirect(response, '/feedback')
  }

  /** Does what an administrator asked and gives the page to show next; undefined when there is no such action. */
  async function administer(visit: Visit, path: string, form: URLSearchParams): Promise<string | undefined> {
    const [, id = '', verb = ''] = /^\/admin\/orders\/(\d+)\/([a-z]+)$/.exec(path) ?? []
    const act = verb === '' ? shopActions(visit, form)[path.slice('/admin/'.length)] : orderActions(id, form)[verb]
    if (!path.startsWith('/admin/') || act === undefined) return undefined
    const { session, texts } = visit
    try {
      await act()
      session.notice = { kind: 'good', text: texts.done }
    } catch (error) {
      if (!(error instanceof ShopRefusal || error instanceof PairingError || error instanceof TypeError)) throw error
      session.notice = { kind: 'bad', text: error instanceof ShopRefusal ? error.message : `${texts.pairFailed}: ${error.message}` }
    }
    return shop.order(id) === undefined ? '/admin' : `/admin/orders/${id}`
  }

  function orderActions(id: string, form: URLSearchParams): Readonly<Record<string, (() => unknown) | undefined>> {
    return {
      edit: () => shop.editOrder(id, readEdit(shop.module.orders.get(id), form)),
      status: () => shop.setStatus(id, form.get('status') ?? ''),
      pay: () => shop.pay(id),
      unpay: () => shop.unpay(id),
      ship: () => shop.ship(id, form.get('tracking') || undefined),
      cancel: () => shop.cancel(id, form.get('reason') || undefined),
      uncancel: () => shop.uncancel(id),
      delete: () => shop.deleteOrder(id),
      archive: () => shop.archiveOrder(id),
    }
  }

  function shopActions({ session }: Visit, form: URLSearchParams): Readonly<Record<string, (() => unknown) | undefined>> {
    return {
      send: () => shop.sendNow(),
      pair: () => shop.pair(form.get('code') ?? ''),
      faults: () => shop.faults.set(readFaults(form)),
      'clear-faults': () => shop.faults.clear(),
      ticks: () => {
        shop.module.ticks.clear()
        for (const family of commandFamilies) if (form.has(family)) shop.module.ticks.add(family)
        shop.changeProfile()
      },
      'some-orders': () => {
        const placed = shop.placeMany(Math.min(1000, Math.max(1, Math.trunc(Number(form.get('count')) || 1))))
        session.orderIds.push(...placed.map((order) => order.id))
      },
    }
  }
}

const notFound = (visit: Visit): string => page(visit, visit.texts.notFound, html`<p>${visit.texts.notFoundText}</p>`)

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(text)
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location }).end()
}

async function sendAsset(name: string, response: ServerResponse): Promise<void> {
  const type = Object.hasOwn(assets, name) ? assets[name] : undefined
  if (type === undefined) return void response.writeHead(404).end()
  const content = await readFile(new URL(name, import.meta.url))
  response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=60' }).end(content)
}
