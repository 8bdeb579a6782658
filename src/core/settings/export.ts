import { Document } from 'yaml'
import { secretPlaces, WrittenConnection } from './written.ts'

/**
 * The settings file without secrets, names as they were written, keys in the order of the schema whatever order they came in.
 * `base` is the version it was written from: `apply` refuses when settings changed after it.
 */
export function exportSettings(connections: WrittenConnection[], base: number): string {
  const ordered = connections.map((connection) => WrittenConnection.parse(withoutSecrets(connection)))
  const document = new Document(
    { version: 1, base, connections: ordered },
    { version: '1.2', schema: 'core', aliasDuplicateObjects: false },
  )
  document.commentBefore = ' Secrets are left out; a secret that is left out stays as it is.'
  return document.toString({ lineWidth: 140 })
}

/** A copy with every secret taken out, and with it a section that held nothing else. */
export function withoutSecrets(connection: WrittenConnection): WrittenConnection {
  const copy = structuredClone(connection)
  for (const place of secretPlaces) remove(copy, place)
  return copy
}

function remove(value: object, [key = '', ...rest]: readonly string[]): void {
  const inner: unknown = Reflect.get(value, key)
  if (rest.length === 0) Reflect.deleteProperty(value, key)
  else if (typeof inner === 'object' && inner !== null) {
    remove(inner, rest)
    if (Object.keys(inner).length === 0) Reflect.deleteProperty(value, key)
  }
}
