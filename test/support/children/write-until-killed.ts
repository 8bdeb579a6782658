// Writes rows into `meta` of the SQLite file of its first argument for ever, many at a time; says the key of each that was acknowledged.
import { openSqlite } from '../../../src/storage/sqlite.ts'

const database = openSqlite(process.argv[2] ?? '', Date.now)
const writeLine = async (line: number) => {
  for (let row = 0; ; row += 1) {
    const key = `${line}-${row}`
    await database.write((tx) =>
      tx
        .insertInto('meta')
        .values({ key, value: 'x'.repeat(200) })
        .execute(),
    )
    process.stdout.write(`${key}\n`)
  }
}
await Promise.all(Array.from({ length: 8 }, (_, line) => writeLine(line)))
