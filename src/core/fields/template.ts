import { type Parsed, type Path, parsePath, readPath } from './path.ts'
import { parseTransform, type Transform } from './transform.ts'

type Part = { text: string } | { path: Path; transforms: Transform[] }
export interface Template {
  text: string
  parts: Part[]
}

/** Text with `{{path | transform | transform}}` places, and nothing more. */
export function parseTemplate(text: string): Parsed<Template> {
  const parts: Part[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('{{', at)
    if (open < 0) break
    const close = text.indexOf('}}', open)
    if (close < 0) return { ok: false, problem: '"{{" has no "}}"', at: open }
    parts.push({ text: text.slice(at, open) })
    const place = parsePlace(text.slice(open + 2, close))
    if (!place.ok) return { ...place, at: open + 2 + place.at }
    parts.push(place.value)
    at = close + 2
  }
  parts.push({ text: text.slice(at) })
  return { ok: true, value: { text, parts } }
}

function parsePlace(place: string): Parsed<Part> {
  const [source = '', ...rest] = place.split('|')
  const path = parsePath(source.trim())
  if (!path.ok) return path
  const transforms: Transform[] = []
  for (const one of rest) {
    const transform = parseTransform(one)
    if (!transform.ok) return transform
    transforms.push(transform.value)
  }
  return { ok: true, value: { path: path.value, transforms } }
}

/** Several values of one place stand with commas; none gives an empty string. */
export function renderTemplate({ parts }: Template, data: Record<string, unknown>): string {
  return parts
    .map((part) =>
      'text' in part ? part.text : part.transforms.reduce((values, change) => change(values), readPath(part.path, data)).join(', '),
    )
    .join('')
}
