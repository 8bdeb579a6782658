/** A query string in PHP's bracket syntax: `filter[id][]=1&filter[price][from]=5`. */
export interface Query {
  /** The last value under exactly this path. */
  scalar(...path: string[]): string | undefined
  /** Values of `path`, `path[]` and `path[0]`, `path[1]`… in order of appearance. */
  list(...path: string[]): string[]
  /** Keys that stand right under this path: `filter[price][from]` has `price` under `filter`. */
  keys(...path: string[]): string[]
}

interface Pair {
  path: string[]
  value: string
}

export function parseQuery(params: URLSearchParams): Query {
  const pairs: Pair[] = [...params].map(([key, value]) => ({ path: splitKey(key), value }))
  const under = (path: string[]) => pairs.filter((pair) => path.every((part, index) => pair.path[index] === part))
  return {
    scalar: (...path) => under(path).findLast((pair) => pair.path.length === path.length)?.value,
    list: (...path) =>
      under(path)
        .filter(({ path: full }) => full.length === path.length || (full.length === path.length + 1 && /^\d*$/.test(full.at(-1) ?? '')))
        .map(({ value }) => value),
    keys: (...path) => [...new Set(under(path).flatMap((pair) => pair.path[path.length] ?? []))],
  }
}

function splitKey(key: string): string[] {
  const [head = '', ...rest] = key.split('[')
  return [head, ...rest.map((part) => part.replace(/\]$/, ''))]
}

/** Both ends inclusive; an end that is missing or not a number does not bound. */
export interface Range {
  from: number
  to: number
}

export function rangeOf(query: Query, ...path: string[]): Range | undefined {
  const from = query.scalar(...path, 'from')
  const to = query.scalar(...path, 'to')
  if (from === undefined && to === undefined) return undefined
  return { from: from === undefined ? -Infinity : Number(from), to: to === undefined ? Infinity : Number(to) }
}

export const within = (value: number, { from, to }: Range): boolean => value >= from && value <= to
