import { deliveryServices, paySystems } from '../dictionary.ts'
import { toQuantity } from '../format.ts'
import type { OrderInput } from '../inputs.ts'
import type { Product } from '../model.ts'
import { flag, html, type Markup } from './html.ts'
import { choice, field, money, page, textArea } from './layout.ts'
import type { Visit } from './visit.ts'

export type Mistakes = Partial<Record<'name' | 'phone' | 'inn', string>>

export function cartPage(
  visit: Visit,
  products: ReadonlyMap<string, Product>,
  given = new URLSearchParams(),
  mistakes: Mistakes = {},
): string {
  const { texts, session } = visit
  const rows = [...session.cart].flatMap(([id, quantity]) => {
    const product = products.get(id)
    return product === undefined ? [] : [{ product, quantity }]
  })
  if (rows.length === 0) return page(visit, texts.cart, html`<p>${texts.cartEmpty} <a href="/">${texts.toCatalogue}</a></p>`)
  return page(visit, texts.cart, html`${goods(visit, rows)}<h2>${texts.checkout}</h2>${checkout(visit, given, mistakes)}`)
}

function goods({ texts, language }: Visit, rows: readonly { product: Product; quantity: number }[]): Markup {
  const total = rows.reduce((sum, { product, quantity }) => sum + Math.round(product.priceKopecks * quantity), 0)
  return html`<form method="post" action="/cart/change" class="scroll">
<table>
<thead><tr><th scope="col">${texts.goods}</th><th scope="col" class="number">${texts.price}</th><th scope="col">${texts.quantity}</th><th scope="col" class="number">${texts.sum}</th></tr></thead>
<tbody>${rows.map(
    ({ product, quantity }) => html`<tr>
<th scope="row">${product.name}</th>
<td class="number">${money(language, product.priceKopecks)}</td>
<td><input class="short" type="number" name="${product.id}" value="${toQuantity(quantity)}" min="0" max="999" step="${product.unit === 'кг' ? '0.25' : '1'}" aria-label="${texts.quantity}: ${product.name}"></td>
<td class="number">${money(language, Math.round(product.priceKopecks * quantity))}</td>
</tr>`,
  )}</tbody>
<tfoot><tr><th scope="row" colspan="3">${texts.cartTotal}</th><td class="number">${money(language, total)}</td></tr></tfoot>
</table>
<button class="quiet">${texts.recalculate}</button>
</form>`
}

function checkout({ texts, language }: Visit, given: URLSearchParams, mistakes: Mistakes): Markup {
  const value = (name: string) => given.get(name) ?? ''
  const hasCompany = value('company') !== '' || value('inn') !== ''
  return html`<form method="post" action="/checkout" class="panel" data-testid="checkout-form">
${Object.keys(mistakes).length > 0 && html`<p class="notice bad" role="alert">${texts.errorsTitle}</p>`}
<div class="columns">
${field(texts, { name: 'name', label: texts.name, value: value('name'), required: true, autocomplete: 'name', error: mistakes.name })}
${field(texts, { name: 'phone', label: texts.phone, value: value('phone'), type: 'tel', required: true, autocomplete: 'tel', error: mistakes.phone })}
${field(texts, { name: 'email', label: texts.email, value: value('email'), type: 'email', autocomplete: 'email' })}
${field(texts, { name: 'address', label: texts.address, value: value('address'), autocomplete: 'street-address' })}
${choice(
  'delivery',
  texts.delivery,
  deliveryServices.map(({ name, priceKopecks }) => ({ value: name, text: `${name}, ${money(language, priceKopecks)}` })),
  value('delivery'),
)}
${choice(
  'pay',
  texts.payment,
  paySystems.map(({ name }) => ({ value: name, text: name })),
  value('pay'),
)}
</div>
<details${flag('open', hasCompany)}>
<summary>${texts.asCompany}</summary>
<div class="columns">
${field(texts, { name: 'company', label: texts.company, value: value('company'), autocomplete: 'organization' })}
${field(texts, { name: 'inn', label: texts.inn, value: value('inn'), error: mistakes.inn })}
${field(texts, { name: 'kpp', label: texts.kpp, value: value('kpp') })}
</div>
</details>
${textArea(texts, { name: 'comment', label: texts.comment, value: value('comment') })}
<button data-testid="place-order">${texts.placeOrder}</button>
</form>`
}

/** The order a filled form asks for, or what is wrong with the form. */
export function readCheckout({ texts, session, touch }: Visit, form: URLSearchParams): { order: OrderInput } | { mistakes: Mistakes } {
  const value = (name: string) => (form.get(name) ?? '').slice(0, 500)
  const [inn, name, phone, company] = [value('inn').replace(/\s/g, ''), value('name'), value('phone'), value('company')]
  const mistakes: Mistakes = {
    ...(name.trim() === '' ? { name: texts.nameNeeded } : {}),
    ...(/\d/.test(phone) ? {} : { phone: texts.phoneNeeded }),
    ...(inn === '' || /^(\d{10}|\d{12})$/.test(inn) ? {} : { inn: texts.innWrong }),
  }
  if (Object.keys(mistakes).length > 0) return { mistakes }
  const marks = Object.entries(touch.last ?? {}).flatMap(([key, mark]) =>
    key.startsWith('utm_') && mark !== null ? [[key, mark] as const] : [],
  )
  return {
    order: {
      name,
      phone,
      email: value('email') || undefined,
      company: company === '' && inn === '' ? undefined : { name: company || inn, inn, kpp: value('kpp') || undefined },
      comment: (form.get('comment') ?? '').slice(0, 2000) || undefined,
      delivery: value('delivery'),
      paySystem: value('pay') || undefined,
      properties: value('address') === '' ? {} : { ADDRESS: value('address') },
      lines: [...session.cart].map(([productId, quantity]) => ({ productId, quantity })),
      utm: Object.fromEntries(marks),
      touch,
    },
  }
}
