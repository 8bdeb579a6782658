/** Case, ё and spaces aside: how people see two names as the same. */
export const plainName = (text: string) => text.trim().toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ')

/** The candidate a person most likely meant; undefined where nothing is near. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const wanted = plainName(text)
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const plain = plainName(candidate)
    const distance = plain.startsWith(wanted) && wanted.length >= 3 ? 1 : editDistance(wanted, plain)
    if (best === undefined || distance < best.distance) best = { candidate, distance }
  }
  return best !== undefined && best.distance <= Math.max(2, Math.floor(wanted.length / 3)) ? best.candidate : undefined
}

/** Insertions, deletions and replacements between two short texts. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
