import type { Language } from '../messages/language.ts'
import type { WrittenConnection } from './written.ts'

/** What is read and checked and has no effect in this version. An entry goes when its part is built. */
const parts: readonly (readonly string[])[] = [
  ['amocrm', 'oauth'],
  ['amocrm', 'webhooks'],
  ['amocrm', 'pollSeconds'],
  ['orders', 'statuses'],
  ['orders', 'conflict'],
  ['orders', 'notifyBuyer'],
  ['orders', 'reuseOpenDeal'],
  ['forms'],
  ['contacts', 'updateShopUser'],
  ['catalog'],
  ['notify', 'telegram'],
  ['privacy'],
]

const words: Record<Language, string> = {
  ru: 'эта часть ещё не построена, настройка пока ни на что не влияет',
  en: 'this part is not built yet, the setting has no effect for now',
}

/** A sentence for each part that was written and does nothing: a person must not believe in it. */
export function listNotYet(written: WrittenConnection, language: Language): string[] {
  const places = parts.filter((path) => isWritten(written, path)).map((path) => path.join('.'))
  const lines = written.orders?.lines
  if (lines === 'catalog' || lines === 'both') places.push('orders.lines')
  return places.map((place) => `${written.name}.${place}: ${words[language]}`)
}

function isWritten(value: object, [key = '', ...rest]: readonly string[]): boolean {
  const inner: unknown = Reflect.get(value, key)
  if (inner === undefined) return false
  return rest.length === 0 || (typeof inner === 'object' && inner !== null && isWritten(inner, rest))
}
