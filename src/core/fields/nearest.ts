/** Case, ё and spaces aside: how people see two names as the same. */
export const plainName = (text: string) => text.trim().toLowerCase().replaceAll('ё', 'е').replace(/\s+/gu, ' ')

const longestCompared = 120

/** The candidate a person most likely meant; undefined where nothing is near. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const wanted = plainName(text).slice(0, longestCompared)
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = distanceBetween(wanted, plainName(candidate).slice(0, longestCompared))
    if (best === undefined || distance < best.distance) best = { candidate, distance }
  }
  return best !== undefined && best.distance <= Math.max(2, Math.floor(wanted.length / 3)) ? best.candidate : undefined
}

/** The beginning of a name is as near as one wrong letter. */
function distanceBetween(wanted: string, known: string): number {
  return wanted.length >= 3 && wanted !== known && known.startsWith(wanted) ? 1 : editDistance(wanted, known)
}

/** Insertions, deletions, replacements and swaps of neighbours between two short texts. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? replaced) + 1 : replaced
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
