import { statuses } from '../dictionary.ts'
import { toQuantity } from '../format.ts'
import type { OrderChange } from '../inputs.ts'
import { isPaid, isShipped, type Order, totalKopecks } from '../model.ts'
import type { Shop } from '../shop.ts'
import { flag, html, type Markup } from './html.ts'
import { field, moment, money, page, textArea } from './layout.ts'
import { statusName } from './messages.ts'
import type { Visit } from './visit.ts'

export function adminOrderPage(visit: Visit, shop: Shop, order: Order): string {
  const { texts, language } = visit
  const status = order.cancelled
    ? `${texts.cancelled}${order.cancelReason === null ? '' : `: ${order.cancelReason}`}`
    : statusName(texts, order.status)
  const body = html`<p><a href="/admin">${texts.back}</a></p>
<p class="status"><strong data-testid="order-status-${order.id}">${status}</strong> <span class="badge">${isPaid(order) ? texts.paid : texts.notPaid}</span>${isShipped(order) && html` <span class="badge">${texts.shipped}</span>`}</p>
<p>${texts.total}: <strong>${money(language, totalKopecks(order))}</strong>${order.deal !== null && html`. ${texts.deal}: ${order.deal.url === null ? order.deal.id : html`<a href="${order.deal.url}">${order.deal.id}</a>`}`}</p>
<div class="admin">
<section class="panel">${edit(visit, order)}</section>
<div class="side">${actions(visit, order)}<section class="panel">${mails(visit, shop, order)}</section></div>
</div>`
  return page(visit, `${texts.order} № ${order.number}`, body)
}

function edit({ texts }: Visit, order: Order): Markup {
  const properties = Object.entries(order.properties)
  return html`<h2>${texts.edit}</h2>
<form method="post" action="/admin/orders/${order.id}/edit">
<div class="scroll"><table>
<thead><tr><th scope="col">${texts.goods}</th><th scope="col">${texts.quantity}</th><th scope="col">${texts.price}</th></tr></thead>
<tbody>${order.lines.map(
    (line) => html`<tr>
<th scope="row">${line.name}</th>
<td><input class="short" type="number" step="any" min="0" name="quantity-${line.id}" value="${toQuantity(line.quantity)}" aria-label="${texts.quantity}: ${line.name}"></td>
<td><input class="short" type="number" step="0.01" min="0" name="price-${line.id}" value="${(line.priceKopecks / 100).toFixed(2)}" aria-label="${texts.price}: ${line.name}"></td>
</tr>`,
  )}</tbody></table></div>
${textArea(texts, { name: 'managerComment', label: texts.comment, value: order.managerComment ?? '' })}
<button>${texts.save}</button>
</form>
<dl>${properties.map(([key, value]) => html`<div><dt>${key}</dt><dd>${Array.isArray(value) ? value.join(', ') : value}</dd></div>`)}</dl>`
}

function actions({ texts }: Visit, order: Order): Markup {
  const act = (verb: string, text: string, inputs: Markup | null = null, kind = 'quiet') =>
    html`<form method="post" action="/admin/orders/${order.id}/${verb}">${inputs}<button class="${kind}" data-testid="${verb}">${text}</button></form>`
  return html`<section class="panel stack">
${act(
  'status',
  texts.setStatus,
  html`<div class="field"><label for="status">${texts.status}</label><select id="status" name="status">${statuses.map(
    ({ id }) => html`<option value="${id}"${flag('selected', id === order.status)}>${statusName(texts, id)}</option>`,
  )}</select></div>`,
)}
${isPaid(order) ? act('unpay', texts.unpay) : act('pay', texts.pay)}
${isShipped(order) ? null : act('ship', texts.ship, field(texts, { name: 'tracking', label: texts.trackingNumber }))}
${order.cancelled ? act('uncancel', texts.uncancel) : act('cancel', texts.cancel, field(texts, { name: 'reason', label: texts.reason }))}
${act('archive', texts.archive)}
${act('delete', texts.delete, null, 'danger')}
</section>`
}

function mails({ texts, language }: Visit, shop: Shop, order: Order): Markup {
  const sent = shop.mails().filter((mail) => mail.orderId === order.id)
  if (sent.length === 0) return html`<h2>${texts.mails}</h2><p>${texts.noMails}</p>`
  return html`<h2>${texts.mails}</h2><ul>${sent.map((mail) => html`<li>${moment(language, mail.atMs)}: ${mail.event}, ${mail.to}</li>`)}</ul>`
}

/** The lines' quantities and prices as the form has them; what is not a number stays as it was. */
export function readEdit(order: Order, form: URLSearchParams): OrderChange {
  const lines = order.lines.map(({ id }) => {
    const price = positive(form.get(`price-${id}`))
    return { id, quantity: positive(form.get(`quantity-${id}`)), priceKopecks: price === undefined ? undefined : Math.round(price * 100) }
  })
  return { lines, managerComment: (form.get('managerComment') ?? '').slice(0, 2000) || undefined }
}

function positive(text: string | null): number | undefined {
  const value = Number(text ?? '')
  return text === null || text.trim() === '' || !Number.isFinite(value) || value < 0 || value > 1e7 ? undefined : value
}
