import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { runFaults } from '../bench/fault-run.ts'
import { openOwnDatabase } from './support/own-database.ts'

test('whatever fails, and however the service dies, each order ends as one deal that is equal to it', { timeout: 600_000 }, async () => {
  const seed = randomInt(1_000_000)
  await using database = await openOwnDatabase()
  const said: string[] = []
  const report = await runFaults({
    orders: 80,
    seed,
    kills: 1,
    which: 'source',
    env: database === undefined ? {} : { AMOBRIDGE_DATABASE_URL: database.url },
    say: (text) => void said.push(text),
  })
  console.log(`fault run, seed ${seed}: ${JSON.stringify(report)}`)
  expect(report, said.join('\n')).toMatchObject({ orders: 80, deals: 80, doubles: 0, lost: 0, unequal: 0, contactsBeyondPeople: 0 })
  expect(report.injected.kills).toBe(1)
})
