import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { execute } from './execute.ts'

/** A database of its own on the server the tests run on: processes of the service find it by its address. */
export interface OwnDatabase extends AsyncDisposable {
  url: string
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
}

/** undefined: the tests run on SQLite. */
export async function openOwnDatabase(): Promise<OwnDatabase | undefined> {
  const server = process.env.AMOBRIDGE_TEST_POSTGRES
  if (!server) return undefined
  const name = `own_${randomBytes(6).toString('hex')}`
  await execute(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const pool = new pg.Pool({ connectionString: url.href, max: 2 })
  return {
    url: url.href,
    query: async (text, values) => (await pool.query(text, values)).rows,
    async [Symbol.asyncDispose]() {
      await pool.end()
      await execute(server, `drop database ${name} with (force)`)
    },
  }
}
