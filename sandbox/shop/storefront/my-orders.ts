import { toQuantity } from '../format.ts'
import { isPaid, type Order, totalKopecks } from '../model.ts'
import { html, type Markup } from './html.ts'
import { moment, money, page } from './layout.ts'
import { type Messages, statusName } from './messages.ts'
import type { Visit } from './visit.ts'

/** The buyer's page; shop.js asks for `orderStates` each second and writes what changed into it. */
export function myOrdersPage(visit: Visit, orders: readonly Order[]): string {
  const { texts } = visit
  const body =
    orders.length === 0 ? html`<p>${texts.noOrders} <a href="/">${texts.toCatalogue}</a></p>` : orders.map((order) => card(visit, order))
  return page(visit, texts.myOrders, html`<div id="live-orders">${body}</div>`)
}

function card({ texts, language }: Visit, order: Order): Markup {
  const state = toState(texts, order)
  return html`<article class="panel order" data-testid="order-${order.id}" data-order="${order.id}">
<h2>${texts.order} № ${order.number} <small>${texts.orderFrom} ${moment(language, order.createdAtMs)}</small></h2>
<p class="status" aria-live="polite"><span class="visually-hidden">${texts.status}: </span><strong data-live="status" data-testid="order-status-${order.id}">${state.status}</strong> <span class="badge" data-live="paid">${state.paid}</span></p>
<p data-live="note">${state.note}</p>
<ul>${order.lines.map((line) => html`<li>${line.name} × ${toQuantity(line.quantity)} ${line.unit}</li>`)}</ul>
<p>${texts.total}: <strong data-live="total">${money(language, totalKopecks(order))}</strong></p>
</article>`
}

function toState(texts: Messages, order: Order): { status: string; paid: string; note: string } {
  const tracking = order.shipments.find((shipment) => shipment.trackingNumber !== null)?.trackingNumber
  return {
    status: order.cancelled ? texts.cancelled : statusName(texts, order.status),
    paid: isPaid(order) ? texts.paid : texts.notPaid,
    note: order.cancelled ? (order.cancelReason ?? '') : tracking == null ? '' : `${texts.tracking}: ${tracking}`,
  }
}

export function orderStates({ texts, language }: Visit, orders: readonly Order[]): Record<string, Record<string, string>> {
  return Object.fromEntries(orders.map((order) => [order.id, { ...toState(texts, order), total: money(language, totalKopecks(order)) }]))
}
