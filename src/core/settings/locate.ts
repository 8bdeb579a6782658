import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml'
import type { Path } from './problems.ts'

/** Line and column from 1. Empty where the file cannot say. */
export interface Position {
  line?: number
  column?: number
}
export type Locate = (path: Path) => Position

/** Where in the file a path stands: the key itself, or the nearest parent that is there. */
export function createLocator(document: Document, lines: LineCounter): Locate {
  return (path) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const start = startOf(document, path.slice(0, length))
      if (start !== undefined) return positionAt(start, lines)
    }
    return {}
  }
}

export function positionAt(offset: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

function startOf(document: Document, path: Path): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => keyText(key) === String(path.at(-1)))
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}

/** The path of the key that begins at this place of the text. */
export function pathOfKeyAt(node: unknown, offset: number, above: Path = []): Path | undefined {
  if (isSeq(node)) return firstDefined(node.items, (item, index) => pathOfKeyAt(item, offset, [...above, index]))
  if (!isMap(node)) return undefined
  return firstDefined(node.items, ({ key, value }) => {
    const path = [...above, keyText(key)]
    return isNode(key) && key.range?.[0] === offset ? path : pathOfKeyAt(value, offset, path)
  })
}

function firstDefined<Item, Found>(items: readonly Item[], find: (item: Item, index: number) => Found | undefined): Found | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index)
    if (found !== undefined) return found
  }
  return undefined
}

const keyText = (key: unknown) => String(isScalar(key) ? key.value : key)
