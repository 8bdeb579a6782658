import type { ConnectionId } from '../core/ids.ts'
import type { KeptSecretName } from '../ports/secrets.ts'
import type { Database, Transaction } from './database.ts'
import type { Seal } from './seal.ts'

const ownerOf = (connection: ConnectionId, name: string) => `connection:${connection}:${name}`

/** null: never given. Throws SealError when the key it was closed with is missing. */
export async function findConnectionSecret(
  database: Database,
  seal: Seal,
  connection: ConnectionId,
  name: KeptSecretName,
): Promise<string | null> {
  const row = await database.read
    .selectFrom('connection_secrets')
    .select('sealed')
    .where('connection', '=', connection)
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? null : seal.open(row.sealed, ownerOf(connection, name))
}

export async function putConnectionSecret(
  tx: Transaction,
  seal: Seal,
  connection: ConnectionId,
  name: KeptSecretName,
  secret: string,
): Promise<void> {
  const sealed = seal.close(secret, ownerOf(connection, name))
  await tx
    .insertInto('connection_secrets')
    .values({ connection, name, sealed })
    .onConflict((oc) => oc.columns(['connection', 'name']).doUpdateSet({ sealed }))
    .execute()
}
