import { z } from 'zod'
import { readDate } from '../fields/date-text.ts'
import { toEmail } from '../fields/email.ts'
import { nearest } from '../fields/nearest.ts'
import type { FieldProblem } from '../fields/parsed.ts'
import { parsePath } from '../fields/path.ts'
import { toE164 } from '../fields/phone.ts'
import { parseTemplate, placesOf } from '../fields/template.ts'
import { isTimeZone, timeZoneNames } from '../fields/time-zone.ts'
import { parseTransform } from '../fields/transform.ts'
import { checkPath, type Subject } from '../fields/vocabulary.ts'
import { unreadableCronPart } from './cron.ts'
import type { ProblemCode } from './messages.ts'

/** What a check says beside its code; read back by parse.ts. */
export const Finding = z.object({
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
  suggestion: z.string().optional(),
  at: z.number().optional(),
})
type Finding = z.infer<typeof Finding> & { code: ProblemCode }

/** A text that `find` has nothing against. The issue's message is the problem's code. */
function checked(find: (text: string) => Finding | undefined) {
  return z
    .string()
    .min(1)
    .superRefine((text, context) => {
      const finding = text === '' ? undefined : find(text)
      if (finding === undefined) return
      const { code, ...said } = finding
      context.addIssue({ code: 'custom', message: code, params: said })
    })
}

const matching = (pattern: RegExp, code: ProblemCode, mend: (text: string) => string = (text) => text) =>
  checked((text) => {
    if (pattern.test(text)) return undefined
    const mended = mend(text)
    return { code, ...(pattern.test(mended) ? { suggestion: mended } : {}) }
  })

export const Text = z.string().min(1)
/** Codes of the shop are texts; one that looks like a number may be written without quotes. */
export const Code = z.union([Text, z.int()], { error: 'id-or-name' satisfies ProblemCode }).transform(String)
/** An id, or the name a person knows it by. */
export const Name = z.union([z.int().min(1, { error: 'id-or-name' satisfies ProblemCode }), Text], {
  error: 'id-or-name' satisfies ProblemCode,
})

const instantShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/
export const Instant = checked((text) => {
  if (instantShape.test(text) && readDate(text) !== null) return undefined
  const [, day = '', time = '00:00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text.trim()) ?? []
  const mended = `${day}T${time}+03:00`
  return { code: 'instant', ...(day !== '' && readDate(mended) !== null ? { suggestion: mended } : {}) }
})

const loopback = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/\S*)?$/
const https = /^https:\/\/[^\s/?#]+(\/\S*)?$/
export const Url = matching(/^https?:\/\/[^\s/?#]+([/?]\S*)?$/, 'url', (text) => `https://${text}`)
export const Endpoint = checked((text) =>
  https.test(text) || loopback.test(text)
    ? undefined
    : { code: 'endpoint', ...(/^http:\/\/\S+$/.test(text) ? { suggestion: text.replace('http:', 'https:') } : {}) },
)
export const BaseUrl = matching(/^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\/?$/, 'base-url')
export const Domain = matching(/^(?!www\.)[a-z0-9-]+\.(amocrm\.ru|amocrm\.com|kommo\.com)$/, 'domain', (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#].*$/, ''),
)
export const ConnectionName = matching(/^[a-z0-9-]+$/, 'connection-name', (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_.]+/g, '-'),
)
export const ShopKey = matching(/^[a-z]{6}$/, 'shop-key', (text) => text.trim().toLowerCase())

const isReference = (text: string) => /^(env|file):/.test(text)
/** A secret as written: `env:NAME`, `file:PATH`, or the secret itself. Never shown in a problem. */
export const Secret = checked((text) =>
  !isReference(text) || /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/.test(text) ? undefined : { code: 'secret-reference' },
)
export const ShopSecret = Secret.superRefine((text, context) => {
  if (!isReference(text) && !/^whsec_[A-Za-z0-9+/_-]{8,}={0,2}$/.test(text))
    context.addIssue({ code: 'custom', message: 'shop-secret' satisfies ProblemCode, params: {} })
})

export const Email = checked((text) => (toEmail(text) === null ? { code: 'email' } : undefined))
export const StopValue = checked((text) =>
  toE164(text) !== null || toEmail(text) !== null || /^\*@[^\s@*]+\.[^\s@*]+$/.test(text.trim())
    ? undefined
    : { code: 'stop-value', params: { value: text } },
)
export const Schedule = checked((text) => {
  const part = unreadableCronPart(text)
  return part === undefined ? undefined : { code: 'schedule', params: { part } }
})
export const TimeZone = checked((text) =>
  isTimeZone(text) ? undefined : { code: 'time-zone', params: { zone: text }, ...offer(text, timeZoneNames()) },
)

/** Money of other currencies: a rate to the account's currency, or `skip`. */
export const Currencies = z
  .record(
    z.string(),
    z.union([z.number().positive({ error: 'rate' satisfies ProblemCode }), z.literal('skip')], { error: 'rate' satisfies ProblemCode }),
  )
  .superRefine((rates, context) => {
    for (const code of Object.keys(rates).filter((written) => !/^[A-Z]{3}$/.test(written))) {
      const upper = code.trim().toUpperCase()
      const suggestion = /^[A-Z]{3}$/.test(upper) ? { suggestion: upper } : {}
      context.addIssue({ code: 'custom', message: 'currency' satisfies ProblemCode, path: [code], params: suggestion })
    }
  })

export const PathText = (subject: Subject) =>
  checked((text) => {
    const path = parsePath(text)
    if (!path.ok) return toFinding(path.problem, path.at)
    const problem = checkPath(path.value, subject)
    return problem && toFinding(problem)
  })

export const TemplateText = (subject: Subject) =>
  checked((text) => {
    const template = parseTemplate(text)
    if (!template.ok) return toFinding(template.problem, template.at)
    for (const { path, at } of placesOf(template.value)) {
      const problem = checkPath(path, subject)
      if (problem) return toFinding(problem, at)
    }
    return undefined
  })

export const TransformText = checked((text) => {
  const transform = parseTransform(text)
  return transform.ok ? undefined : toFinding(transform.problem)
})

/** `at` counts from 0 there, from 1 for people. */
function toFinding({ code, params, suggestion }: FieldProblem, at?: number): Finding {
  return { code, params, ...(suggestion === undefined ? {} : { suggestion }), ...(at === undefined ? {} : { at: at + 1 }) }
}

function offer(text: string, known: readonly string[]): { suggestion?: string } {
  const suggestion = nearest(text, known)
  return suggestion === undefined ? {} : { suggestion }
}
