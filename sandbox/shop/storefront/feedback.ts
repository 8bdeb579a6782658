import type { FormInput } from '../inputs.ts'
import { html } from './html.ts'
import { field, page, textArea } from './layout.ts'
import type { Visit } from './visit.ts'

export type Mistakes = Partial<Record<'message' | 'phone', string>>

export function feedbackPage(visit: Visit, given = new URLSearchParams(), mistakes: Mistakes = {}): string {
  const { texts } = visit
  const value = (name: string) => given.get(name) ?? ''
  return page(
    visit,
    texts.feedback,
    html`<form method="post" action="/feedback" class="panel" data-testid="feedback-form">
<div class="columns">
${field(texts, { name: 'name', label: texts.name, value: value('name'), autocomplete: 'name' })}
${field(texts, { name: 'phone', label: texts.phone, value: value('phone'), type: 'tel', autocomplete: 'tel', error: mistakes.phone })}
${field(texts, { name: 'email', label: texts.email, value: value('email'), type: 'email', autocomplete: 'email' })}
</div>
${textArea(texts, { name: 'message', label: texts.message, value: value('message'), required: true, error: mistakes.message })}
<button data-testid="send-feedback">${texts.send}</button>
</form>`,
  )
}

export function readFeedback({ texts, touch, url }: Visit, form: URLSearchParams): { result: FormInput } | { mistakes: Mistakes } {
  const value = (name: string) => (form.get(name) ?? '').slice(0, 2000)
  const mistakes: Mistakes = {
    ...(value('message').trim() === '' ? { message: texts.messageNeeded } : {}),
    ...(/\d/.test(value('phone')) || value('email') !== '' ? {} : { phone: texts.contactNeeded }),
  }
  if (Object.keys(mistakes).length > 0) return { mistakes }
  const answers = { NAME: value('name'), PHONE: value('phone'), EMAIL: value('email'), MESSAGE: value('message') }
  return { result: { form: 'FEEDBACK', answers, page: url.origin + url.pathname, touch } }
}
