import type { Language } from '../messages/language.ts'
import { changeWords } from './messages.ts'
import { secretPlaces, type WrittenConnection } from './written.ts'

/** One thing that differs between two settings. Texts are as a settings file would write them; null: not set. */
export type Change =
  | { kind: 'value'; place: string; before: string | null; after: string | null }
  | { kind: 'secret' | 'added' | 'removed'; place: string }

/** Between two versions of the whole file, in the order of the newer one. */
export function listChanges(before: readonly WrittenConnection[], after: readonly WrittenConnection[]): Change[] {
  const removed = before.filter(({ name }) => !after.some((connection) => connection.name === name))
  return [
    ...after.flatMap((connection): Change[] => {
      const old = before.find(({ name }) => name === connection.name)
      return [...(old === undefined ? [{ kind: 'added' as const, place: connection.name }] : []), ...changesOf(old, connection)]
    }),
    ...removed.map(({ name }): Change => ({ kind: 'removed', place: name })),
  ]
}

/** What changed in one connection, a line each: `shop-1.orders.tags: ["Сайт"] -> ["Сайт","Опт"]`. */
export function diffConnection(before: WrittenConnection | undefined, after: WrittenConnection, language: Language = 'en'): string[] {
  return changesOf(before, after).map((change) => renderChange(change, language))
}

export function renderChange(change: Change, language: Language): string {
  const { nothing, secret, added, removed } = changeWords[language]
  switch (change.kind) {
    case 'value':
      return `${change.place}: ${change.before ?? nothing} -> ${change.after ?? nothing}`
    case 'secret':
      return `${change.place}: ${secret}`
    case 'added':
      return `${change.place}: ${added}`
    case 'removed':
      return `${change.place}: ${removed}`
  }
}

function changesOf(before: WrittenConnection | undefined, after: WrittenConnection): Change[] {
  const old = flatten(before ?? {})
  const now = flatten(after)
  const places = [...new Set([...now.keys(), ...old.keys()])].filter((place) => place !== 'name')
  return places.flatMap((inside): Change[] => {
    const [was, is] = [old.get(inside) ?? null, now.get(inside) ?? null]
    if (was === is) return []
    const place = `${after.name}.${inside}`
    if (!isSecret(inside)) return [{ kind: 'value', place, before: was, after: is }]
    // A secret left out stays as it is.
    return is === null ? [] : [{ kind: 'secret', place }]
  })
}

const isSecret = (inside: string) => secretPlaces.some((place) => place.join('.') === inside)

/** Each value by its place. A list of plain values is one value, a list of rules has a place for each of their values. */
function flatten(value: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue
    const place = Array.isArray(value) ? `${prefix}[${key}]` : [prefix, key].filter(Boolean).join('.')
    if (isSection(inner)) for (const [deep, text] of flatten(inner, place)) flat.set(deep, text)
    else flat.set(place, JSON.stringify(inner))
  }
  return flat
}

function isSection(value: unknown): value is object {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object' && item !== null)
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}
