import { toQuantity } from '../format.ts'
import { html, type Markup } from './html.ts'
import type { Language, Messages } from './messages.ts'
import type { Visit } from './visit.ts'

/** A whole page around `body`. Takes the session's notice away: it is shown once. */
export function page(visit: Visit, title: string, body: Markup): string {
  const { texts, language, session, url } = visit
  const notice = session.notice
  session.notice = null
  const inCart = [...session.cart.values()].reduce((sum, quantity) => sum + quantity, 0)
  const link = (path: string, text: string, extra: Markup | null = null) =>
    html`<a href="${path}" ${isHere(url, path) ? html`aria-current="page"` : null}>${text}${extra}</a>`
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${texts.shop}</title>
<link rel="stylesheet" href="/assets/shop.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="/assets/shop.js" defer></script>
</head>
<body>
<a class="skip" href="#main">${texts.skip}</a>
<header class="top">
<div class="wide">
<a class="brand" href="/">${texts.shop}</a>
<nav aria-label="${texts.shop}">
${link('/', texts.catalogue)}
${link('/cart', texts.cart, inCart > 0 ? html` <span class="count">${toQuantity(inCart)}</span>` : null)}
${link('/orders', texts.myOrders)}
${link('/feedback', texts.feedback)}
${link('/admin', texts.admin)}
</nav>
<nav class="languages" aria-label="${texts.language}">
${languageLink(url, language, 'ru', 'Русский')}
${languageLink(url, language, 'en', 'English')}
</nav>
</div>
</header>
<main id="main" class="wide">
${notice === null ? null : html`<p class="notice ${notice.kind}" role="${notice.kind === 'bad' ? 'alert' : 'status'}">${notice.text}</p>`}
<h1>${title}</h1>
${body}
</main>
<footer class="wide">${texts.tagline}</footer>
</body>
</html>`.markup
}

const isHere = (url: URL, path: string): boolean => (path === '/' ? url.pathname === '/' : url.pathname.startsWith(path))

function languageLink(url: URL, current: Language, language: Language, name: string): Markup {
  const target = new URL(url)
  target.searchParams.set('lang', language)
  return html`<a href="${target.pathname + target.search}" lang="${language}" hreflang="${language}" ${current === language ? html`aria-current="true"` : null}>${name}</a>`
}

export function money(language: Language, kopecks: number): string {
  const digits = kopecks % 100 === 0 ? 0 : 2
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'RUB',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
  }).format(kopecks / 100)
}

export function moment(language: Language, ms: number): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Europe/Moscow',
  }).format(ms)
}

interface Field {
  name: string
  label: string
  value?: string | undefined
  type?: 'text' | 'tel' | 'email' | 'number'
  required?: boolean
  autocomplete?: string
  error?: string | undefined
}

/** A labelled input; the mistake, if any, is tied to it. */
export function field(texts: Messages, { name, label, value = '', type = 'text', required = false, autocomplete, error }: Field): Markup {
  const bad = error === undefined ? null : html` aria-invalid="true" aria-describedby="${name}-error"`
  return html`<div class="field">
<label for="${name}">${label}${required ? null : html` <small>${texts.optional}</small>`}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}"${autocomplete === undefined ? null : html` autocomplete="${autocomplete}"`}${required ? html` required` : null}${bad}>
${error === undefined ? null : html`<p class="mistake" id="${name}-error">${error}</p>`}
</div>`
}

export function textArea(
  texts: Messages,
  { name, label, value = '', required = false, error }: Omit<Field, 'type' | 'autocomplete'>,
): Markup {
  return html`<div class="field">
<label for="${name}">${label}${required ? null : html` <small>${texts.optional}</small>`}</label>
<textarea id="${name}" name="${name}" rows="3"${required ? html` required` : null}${error === undefined ? null : html` aria-invalid="true" aria-describedby="${name}-error"`}>${value}</textarea>
${error === undefined ? null : html`<p class="mistake" id="${name}-error">${error}</p>`}
</div>`
}

export function choice(name: string, label: string, options: readonly { value: string; text: string }[], selected = ''): Markup {
  return html`<div class="field">
<label for="${name}">${label}</label>
<select id="${name}" name="${name}">
${options.map(({ value, text }) => html`<option value="${value}"${value === selected ? html` selected` : null}>${text}</option>`)}
</select>
</div>`
}
