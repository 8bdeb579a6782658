import { randomBytes, randomInt } from 'node:crypto'
import pg from 'pg'
import { expect, test } from 'vitest'
import { runFaults } from '../bench/fault-run.ts'

/** A database of its own on the server the tests run on; none: the service keeps its SQLite file. */
async function ownDatabase(): Promise<Record<string, string>> {
  const server = process.env.AMOBRIDGE_TEST_POSTGRES
  if (!server) return {}
  const name = `faults_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  return { AMOBRIDGE_DATABASE_URL: url.href }
}

test('whatever fails, and however the service dies, each order ends as one deal that is equal to it', { timeout: 600_000 }, async () => {
  const seed = randomInt(1_000_000)
  const said: string[] = []
  const report = await runFaults({
    orders: 80,
    seed,
    kills: 1,
    which: 'source',
    env: await ownDatabase(),
    say: (text) => void said.push(text),
  })
  console.log(`fault run, seed ${seed}: ${JSON.stringify(report)}`)
  expect(report, said.join('\n')).toMatchObject({ orders: 80, deals: 80, doubles: 0, lost: 0, unequal: 0, contactsBeyondPeople: 0 })
  expect(report.injected.kills).toBe(1)
})
