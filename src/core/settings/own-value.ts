import type { Path } from './problems.ts'

/** What stands at the path of a plain value; undefined where nothing does. Own properties only. */
export function ownValue(value: unknown, path: Path): unknown {
  let inner = value
  for (const part of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, part)) return undefined
    inner = Reflect.get(inner, part)
  }
  return inner
}

/** The items of a list with their numbers; nothing where there is no list. */
export function itemsAt(value: unknown, path: Path): [number, unknown][] {
  const list: unknown = ownValue(value, path)
  return Array.isArray(list) ? list.map((item: unknown, index): [number, unknown] => [index, item]) : []
}
