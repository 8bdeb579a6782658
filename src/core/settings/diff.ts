import { secretPlaces, type WrittenConnection } from './written.ts'

/** What changed between two written connections, one line per value: `orders.tags: ["Сайт"] -> ["Сайт","Опт"]`. Secrets are only "changed". */
export function diffConnection(before: WrittenConnection | undefined, after: WrittenConnection): string[] {
  const old = flatten(before ?? {})
  const now = flatten(after)
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => key !== 'name')
  return keys.flatMap((key) => {
    const [a, b] = [old.get(key), now.get(key)]
    if (a === b) return []
    // A secret left out stays as it is.
    if (isSecret(key)) return b === undefined ? [] : [`${after.name}.${key}: ***`]
    return [`${after.name}.${key}: ${a ?? '—'} -> ${b ?? '—'}`]
  })
}

const isSecret = (key: string) => secretPlaces.some((place) => place.join('.') === key)

function flatten(value: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue
    const path = prefix === '' ? key : `${prefix}.${key}`
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      for (const [deep, text] of flatten(inner, path)) flat.set(deep, text)
    else flat.set(path, JSON.stringify(inner))
  }
  return flat
}
