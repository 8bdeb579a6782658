// Opens the SQLite file of its first argument as a starting process does, and ends.
import { migrate } from '../../../src/storage/migrate.ts'
import { openSqlite } from '../../../src/storage/sqlite.ts'

const database = openSqlite(process.argv[2] ?? '', Date.now)
await migrate(database)
await database.close()
