/** One step of a path: a name, a position, or every item of a list. */
export type PathStep = { name: string } | { index: number } | { all: true }
export interface Path {
  text: string
  steps: PathStep[]
}
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string; at: number }

/** Where a path may begin. */
export const pathRoots = ['order', 'form', 'answers', 'touch', 'buyer'] as const

const step = /^(?:\.?([\p{L}_$#][\p{L}\p{N}_$#-]*(?:\.raw)?)|\[(\d+)\]|\[(\*)\])/u

/** `order.payments[0].system`, `order.lines[*].name`, `touch.last.utm_source`. */
export function parsePath(text: string): Parsed<Path> {
  const steps: PathStep[] = []
  for (let at = 0; at < text.length; ) {
    const match = step.exec(text.slice(at))
    if (!match) return { ok: false, problem: `cannot read "${text.slice(at)}"`, at }
    const [all, name, index] = match
    steps.push(name !== undefined ? { name } : index !== undefined ? { index: Number(index) } : { all: true })
    at += all.length
  }
  const [root] = steps
  if (root === undefined || !('name' in root) || !pathRoots.some((known) => known === root.name)) {
    return { ok: false, problem: `a path begins with one of: ${pathRoots.join(', ')}`, at: 0 }
  }
  return { ok: true, value: { text, steps } }
}

/** What stands at the path, as text: no value gives none, `[*]` may give several. Reads own properties only, so no prototype can be reached. */
export function readPath(path: Path, data: Record<string, unknown>): string[] {
  let found: unknown[] = [data]
  for (const next of path.steps) found = found.flatMap((value) => takeStep(value, next))
  return found.flatMap(toTexts)
}

function takeStep(value: unknown, next: PathStep): unknown[] {
  if ('all' in next) return Array.isArray(value) ? value : []
  if ('index' in next) return Array.isArray(value) && next.index < value.length ? [value[next.index]] : []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.hasOwn(value, next.name) ? [Reflect.get(value, next.name)] : []
}

function toTexts(value: unknown): string[] {
  if (value === null || value === undefined || value === '') return []
  if (Array.isArray(value)) return value.flatMap(toTexts)
  if (typeof value === 'object') return []
  return [String(value)]
}
