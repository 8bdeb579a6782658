import * as z from 'zod'

/** One refused value of one item, as amoCRM reports it. */
export interface ValidationProblem {
  /** The request_id the item was sent with, its position as a string, or an entity's id; null when amoCRM named none. */
  item: string | null
  code: string
  /** Dotted, relative to the item: `custom_fields_values.0.field_id`; may be empty. */
  path: string
  detail: string
}

const text = z.union([z.string(), z.number()]).transform(String)

const Listed = z.object({
  'validation-errors': z.array(
    z.object({
      request_id: text.nullish(),
      errors: z.array(z.object({ code: text.nullish(), path: text.nullish(), detail: text.nullish() })).catch([]),
    }),
  ),
})
const ById = z.object({ errors: z.record(z.string(), z.unknown()) })
const Problem = z.object({ detail: z.string() })

/** Both documented shapes of a refusal: the list `validation-errors`, and the map `errors` from an entity's id to a text. Anything else: none. */
export function parseProblems(body: unknown): ValidationProblem[] {
  const listed = Listed.safeParse(body)
  if (listed.success) {
    return listed.data['validation-errors'].flatMap(({ request_id, errors }) =>
      errors.map(({ code, path, detail }) => ({ item: request_id ?? null, code: code ?? '', path: path ?? '', detail: detail ?? '' })),
    )
  }
  const byId = ById.safeParse(body)
  if (!byId.success) return []
  return Object.entries(byId.data.errors).map(([item, detail]) => ({ item, code: '', path: '', detail: asText(detail) }))
}

export function problemDetail(body: unknown): string {
  const parsed = Problem.safeParse(body)
  return parsed.success ? parsed.data.detail.slice(0, 500) : ''
}

function asText(detail: unknown): string {
  return typeof detail === 'string' ? detail : JSON.stringify(detail)
}
