import { forms } from './dictionary.ts'
import type { FormInput } from './inputs.ts'
import type { FormResult } from './model.ts'
import type { Outbox } from './outbox.ts'
import type { Store } from './store.ts'

/** Stores a result and its dirty row. A code the shop has no form for is taken as a hand-made form speaking to the module's API. */
export function submitForm(store: Store, outbox: Outbox, input: FormInput, nowMs: number): FormResult {
  const code = input.form ?? 'CALLBACK'
  const form = forms.find((known) => known.code === code)
  const titles = new Map(form?.fields.map((field) => [field.code, field.title]))
  const result: FormResult = {
    source: form?.source ?? 'api',
    formId: form?.id ?? code,
    formCode: code,
    formName: form?.name ?? code,
    resultId: String(store.nextResultId++),
    site: 's1',
    page: input.page ?? null,
    referrer: input.referrer ?? null,
    ip: input.ip ?? null,
    userId: input.userId ?? null,
    answers: Object.entries(input.answers ?? {}).map(([key, value]) => ({ code: key, title: titles.get(key) ?? key, value })),
    touch: { first: input.touch?.first ?? null, last: input.touch?.last ?? null },
    createdAtMs: Math.floor(nowMs / 1000) * 1000,
  }
  store.formResults.push(result)
  outbox.put({ kind: 'form.submitted', entityId: result.resultId, atMs: nowMs })
  return result
}
