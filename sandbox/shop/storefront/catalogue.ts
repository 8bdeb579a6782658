import type { Product } from '../model.ts'
import { html, type Markup } from './html.ts'
import { money, page } from './layout.ts'
import type { Visit } from './visit.ts'

export function cataloguePage(visit: Visit, products: readonly Product[]): string {
  const offers = Map.groupBy(products, (product) => product.parentId)
  const own = (offers.get(null) ?? []).filter((product) => product.active)
  return page(
    visit,
    visit.texts.catalogue,
    html`<ul class="cards">${own.map((product) => html`<li>${card(visit, product, offers.get(product.id) ?? [])}</li>`)}</ul>`,
  )
}

export function productPage(visit: Visit, product: Product, products: readonly Product[]): string {
  const offers = products.filter((offer) => offer.parentId === product.id)
  return page(visit, product.name, html`<div class="single">${card(visit, product, offers)}</div>`)
}

function card(visit: Visit, product: Product, offers: readonly Product[]): Markup {
  const { texts, language } = visit
  const id = `pick-${product.id}`
  return html`<article class="card" data-testid="product-${product.id}">
<p class="section">${product.sections.at(-1)}</p>
<h2><a href="/p/${product.id}/">${product.name}</a></h2>
<p class="about">${product.description}</p>
<form method="post" action="/cart/add">
${
  offers.length === 0
    ? html`<input type="hidden" name="product" value="${product.id}">`
    : html`<label for="${id}">${texts.colour}</label>
<select id="${id}" name="product">${offers.map((offer) => html`<option value="${offer.id}">${offer.variants.map((variant) => variant.value).join(', ')}</option>`)}</select>`
}
<p class="price">${money(language, product.priceKopecks)}${product.unit === 'кг' ? ` / ${product.unit}` : ''}</p>
<button>${texts.addToCart}</button>
</form>
</article>`
}
