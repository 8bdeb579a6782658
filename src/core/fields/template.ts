import { type Parsed, unreadable } from './parsed.ts'
import { type Path, parsePath, readPath } from './path.ts'
import { findOutside, splitOutside } from './scan.ts'
import { parseTransform, type Transform, type TransformContext } from './transform.ts'

/** `at`: where the place's path begins in the template. */
export interface Place {
  path: Path
  at: number
  transforms: Transform[]
}
type Part = { text: string } | Place
export interface Template {
  text: string
  parts: Part[]
}

/** Text with `{{path | transform | transform}}` places, and nothing more. */
export function parseTemplate(text: string): Parsed<Template> {
  const parts: Part[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = findOutside(text, '}}', open + 2)
    if (close < 0) return unreadable(open, 'template-open')
    const place = parsePlace(text.slice(open + 2, close), open + 2)
    if (!place.ok) return place
    parts.push({ text: text.slice(at, open) }, place.value)
    at = close + 2
  }
  parts.push({ text: text.slice(at) })
  return { ok: true, value: { text, parts } }
}

/** `start`: where the place begins in the template, for positions of problems. */
function parsePlace(place: string, start: number): Parsed<Place> {
  const [source = { text: '', at: 0 }, ...rest] = splitOutside(place, '|')
  const at = start + source.at + leadingSpaces(source.text)
  const path = parsePath(source.text.trim())
  if (!path.ok) return { ...path, at: at + path.at }
  const transforms: Transform[] = []
  for (const piece of rest) {
    const transform = parseTransform(piece.text)
    if (!transform.ok) return { ...transform, at: start + piece.at + transform.at }
    transforms.push(transform.value)
  }
  return { ok: true, value: { path: path.value, at, transforms } }
}

const leadingSpaces = (text: string) => text.length - text.trimStart().length

/** Several values of one place stand with commas; none gives an empty string. */
export function renderTemplate({ parts }: Template, data: Record<string, unknown>, context: TransformContext = {}): string {
  return parts.map((part) => ('text' in part ? part.text : renderPlace(part, data, context))).join('')
}

function renderPlace({ path, transforms }: Place, data: Record<string, unknown>, context: TransformContext): string {
  return transforms.reduce((values, change) => change(values, context), readPath(path, data)).join(', ')
}

export const placesOf = ({ parts }: Template): Place[] => parts.filter((part) => 'path' in part)
