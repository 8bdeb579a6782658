import type { Language } from '../core/messages/language.ts'
import { listChanges, renderChange } from '../core/settings/diff.ts'
import { WrittenConnection, type WrittenSettings } from '../core/settings/written.ts'
import type { Connection } from '../ports/connections.ts'
import type { KeptSecretName } from '../ports/secrets.ts'
import { findToken } from '../storage/accounts.ts'
import { findConnectionSecret } from '../storage/connection-secrets.ts'
import type { App } from './open-app.ts'

/** One connection of the file with its secrets read. null: not given, the kept one stays. */
export interface ReadConnection {
  written: WrittenConnection
  known: Connection | undefined
  token: string | null
  shopSecret: string | null
  /** Those that were given. */
  secrets: ReadonlyMap<KeptSecretName, string>
}

/** What applying the file would change, a line each; empty: nothing. Secrets are never shown, and named only when they differ from the kept ones. */
export async function describeChanges(
  app: App,
  checked: readonly ReadConnection[],
  known: readonly Connection[],
  { settings, remove, language }: { settings: WrittenSettings; remove: readonly string[]; language: Language },
): Promise<string[]> {
  const changes: string[] = []
  for (const one of checked) {
    const before = one.known === undefined ? [] : [writtenOf(one.known)]
    const kept = await keptSecrets(app, one)
    const listed = listChanges(before, [withPaired(one)]).filter((change) => change.kind !== 'secret' || !kept.has(change.place))
    changes.push(...listed.map((change) => renderChange(change, language)))
  }
  for (const { name, mode } of known) {
    if (settings.connections.some((written) => written.name === name)) continue
    if (remove.includes(name)) changes.push(renderChange({ kind: 'removed', place: name }, language))
    else if (mode !== 'off') changes.push(`${name}: ${mode} -> off`)
  }
  return changes
}

/** A kept connection as a settings file says it, with what its pairing gave. */
export function writtenOf({ settings, name, shopKey, shop }: Connection): WrittenConnection {
  const written = WrittenConnection.parse({ ...Object(settings), name, shopKey })
  return shop.endpoint === null ? written : { ...written, shop: { ...written.shop, endpoint: shop.endpoint } }
}

/** What pairing gave stays where the file says nothing of it. */
function withPaired({ written, known }: ReadConnection): WrittenConnection {
  if (known === undefined) return written
  const { shopKey, shop } = writtenOf(known)
  const shopNow = { ...shop, ...written.shop }
  return { ...written, shopKey: written.shopKey ?? shopKey, ...(Object.keys(shopNow).length === 0 ? {} : { shop: shopNow }) }
}

/** Places of secrets that are given and are the same as before. */
async function keptSecrets(app: App, { written, known, token, shopSecret, secrets }: ReadConnection): Promise<Set<string>> {
  const kept = new Set<string>()
  if (shopSecret !== null && known?.shop.secrets[0] === shopSecret) kept.add(`${written.name}.shop.secret`)
  if (token !== null && known?.accountId && (await findToken(app.database, app.seal, known.accountId)) === token)
    kept.add(`${written.name}.amocrm.token`)
  for (const [name, secret] of secrets)
    if (known !== undefined && (await findConnectionSecret(app.database, app.seal, known.id, name)) === secret)
      kept.add(`${written.name}.${name}`)
  return kept
}
