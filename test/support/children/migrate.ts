// Opens the SQLite file of its first argument as a starting process does, says so, brings it up to date and ends.
import { migrate } from '../../../src/storage/migrate.ts'
import { openSqlite } from '../../../src/storage/sqlite.ts'

const database = openSqlite(process.argv[2] ?? '', Date.now)
process.stdout.write('open\n')
await migrate(database)
await database.close()
