import { Document } from 'yaml'
import { secretPlaces, type WrittenConnection } from './written.ts'

/** The settings file without secrets. `base` is the version it was written from: `apply` refuses when settings changed after it. */
export function exportSettings(connections: WrittenConnection[], base: number): string {
  const document = new Document({ version: 1, base, connections: connections.map(withoutSecrets) }, { version: '1.2', schema: 'core' })
  document.commentBefore = ' Secrets are left out; a secret that is left out stays as it is.'
  return document.toString({ lineWidth: 140 })
}

/** A copy with every secret taken out. */
export function withoutSecrets(connection: WrittenConnection): WrittenConnection {
  const copy = structuredClone(connection)
  for (const place of secretPlaces) remove(copy, place)
  return copy
}

function remove(value: object, [key = '', ...rest]: readonly string[]): void {
  const inner: unknown = Reflect.get(value, key)
  if (rest.length === 0) Reflect.deleteProperty(value, key)
  else if (typeof inner === 'object' && inner !== null) remove(inner, rest)
}
