import type { FaultChange } from '../faults.ts'
import { isPaid, totalKopecks } from '../model.ts'
import { commandFamilies } from '../module.ts'
import type { Shop } from '../shop.ts'
import { ordersBackwards } from '../store.ts'
import { flag, html, type Markup } from './html.ts'
import { moment, money, page } from './layout.ts'
import { statusName } from './messages.ts'
import type { Visit } from './visit.ts'

const shownOrders = 50
const shownRows = 20

const switches = [
  'down',
  'noOutgoing',
  'loseServiceAnswers',
  'loseAnswerAfterApplying',
  'error500',
  'htmlAnswers',
  'unsignedAnswers',
  'foreignAnswers',
  'refuseSignature',
  'copy',
  'noJob',
  'failCommands',
] as const satisfies readonly (keyof FaultChange)[]

const amounts = ['slowMs', 'clockOffsetMs'] as const satisfies readonly (keyof FaultChange)[]

export function adminPage(visit: Visit, shop: Shop): string {
  const body = html`<div class="admin">
<section aria-labelledby="orders-title"><h2 id="orders-title">${visit.texts.orders}</h2>${orders(visit, shop)}${someOrders(visit)}</section>
<div class="side">
<section class="panel" aria-labelledby="connection-title"><h2 id="connection-title">${visit.texts.connection}</h2>${connection(visit, shop)}</section>
<section class="panel" aria-labelledby="outbox-title" data-testid="outbox"><h2 id="outbox-title">${visit.texts.outbox}: ${shop.module.outbox.size()}</h2>${outbox(visit, shop)}</section>
<section class="panel" aria-labelledby="commands-title"><h2 id="commands-title">${visit.texts.commands}</h2>${ticks(visit, shop)}</section>
<section class="panel" aria-labelledby="faults-title"><h2 id="faults-title">${visit.texts.faults}</h2>${faults(visit, shop)}</section>
</div>
</div>`
  return page(visit, visit.texts.admin, body)
}

function orders({ texts, language }: Visit, shop: Shop): Markup {
  const newest = ordersBackwards(shop.module.store).take(shownOrders).toArray()
  if (newest.length === 0) return html`<p>${texts.noOrders}</p>`
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">№</th><th scope="col">${texts.created}</th><th scope="col">${texts.buyer}</th><th scope="col">${texts.status}</th><th scope="col" class="number">${texts.total}</th></tr></thead>
<tbody>${newest.map(
    (order) => html`<tr data-testid="order-${order.id}">
<th scope="row"><a href="/admin/orders/${order.id}">${order.number}</a></th>
<td>${moment(language, order.createdAtMs)}</td>
<td>${String(order.properties.COMPANY ?? order.properties.FIO ?? '')}</td>
<td><span data-testid="order-status-${order.id}">${order.cancelled ? texts.cancelled : statusName(texts, order.status)}</span>${isPaid(order) && html` <span class="badge">${texts.paid}</span>`}</td>
<td class="number">${money(language, totalKopecks(order))}</td>
</tr>`,
  )}</tbody></table></div>`
}

const someOrders = ({ texts }: Visit): Markup => html`<form method="post" action="/admin/some-orders" class="inline">
<label for="count">${texts.someOrders}</label><input id="count" class="short" type="number" name="count" min="1" max="1000" value="5">
<button class="quiet">${texts.add}</button>
</form>`

function connection({ texts }: Visit, shop: Shop): Markup {
  const { connection: to } = shop
  return html`<p>${to === null ? texts.notConnected : html`${texts.connectedTo}: <strong>${to.name}</strong>, ${to.serviceUrl}`}</p>
<form method="post" action="/admin/pair">
<div class="field"><label for="code">${texts.pairingCode}</label><input id="code" name="code" autocomplete="off" required></div>
<button class="quiet">${texts.pair}</button>
</form>`
}

function outbox({ texts, language }: Visit, shop: Shop): Markup {
  const waiting = shop.module.outbox.pending().take(shownRows).toArray()
  const rejected = shop.rejectedEvents()
  const last = shop.lastExchange()
  const correctionSec = Math.round(shop.clockCorrectionMs() / 1000)
  return html`${waiting.length === 0 ? html`<p>${texts.outboxEmpty}</p>` : html`<ul>${waiting.map((row) => html`<li>${row.kind} ${row.entityId}, ${moment(language, row.atMs)}</li>`)}</ul>`}
${rejected.length > 0 && html`<h3>${texts.rejected}: ${rejected.length}</h3><ul>${rejected.slice(-shownRows).map((row) => html`<li>${row.kind} ${row.entityId}: ${row.reason.code} ${row.reason.message}</li>`)}</ul>`}
<h3>${texts.lastExchange}</h3>
<p data-testid="last-exchange">${last === null ? texts.noExchange : html`<code>${JSON.stringify(last)}</code>`}</p>
${correctionSec !== 0 && html`<p>${texts.clock}: ${correctionSec}</p>`}
<form method="post" action="/admin/send"><button class="quiet">${texts.sendNow}</button></form>`
}

function ticks({ texts }: Visit, shop: Shop): Markup {
  return html`<form method="post" action="/admin/ticks">
${commandFamilies.map((family) => html`<label class="tick"><input type="checkbox" name="${family}"${flag('checked', shop.module.ticks.has(family))}> ${texts[`family_${family}`]}</label>`)}
<button class="quiet">${texts.apply}</button>
</form>`
}

function faults({ texts }: Visit, shop: Shop): Markup {
  const { now } = shop.faults
  return html`<p>${texts.faultsHelp}</p>
<form method="post" action="/admin/faults" data-testid="faults">
${switches.map((name) => html`<label class="tick"><input type="checkbox" name="${name}"${flag('checked', now[name] === true)}> ${texts[`fault_${name}`]}</label>`)}
${amounts.map((name) => html`<div class="field"><label for="${name}">${texts[`fault_${name}`]}</label><input id="${name}" class="short" type="number" name="${name}" value="${String(now[name] ?? '')}"></div>`)}
<div class="buttons"><button class="quiet">${texts.apply}</button><button class="quiet" formaction="/admin/clear-faults">${texts.clear}</button></div>
</form>`
}

/** What the form of faults says: everything unticked is off. */
export function readFaults(form: URLSearchParams): FaultChange {
  const ticked = Object.fromEntries(switches.map((name) => [name, form.has(name)]))
  const counted = Object.fromEntries(amounts.map((name) => [name, whole(form.get(name))]))
  return { ...ticked, ...counted }
}

const whole = (text: string | null): number | undefined => (text === null || !/^-?\d{1,12}$/.test(text) ? undefined : Number(text))
