import type { Command } from 'commander'
import { connectionId } from '../core/ids.ts'
import { fill } from '../core/messages/language.ts'
import type { Admin } from '../ports/admin.ts'
import { WrongRequestError } from '../ports/admin.ts'
import type { QueueFilter } from '../ports/queue-admin.ts'
import { cliText } from './messages.ts'
import { at, bad, faint, printJson, type Terminal, table, withAdmin } from './terminal.ts'

interface Options {
  connection?: string
  status?: string
  type?: string
  limit?: string
  all?: boolean
  json?: boolean
}

export function addQueue(program: Command, terminal: Terminal): void {
  const queue = program.command('queue').description('what waits, runs or failed on its way to amoCRM')
  const filtered = (command: Command) =>
    command.option('--connection <name>').option('--type <type>', 'order, lead, status, contact, product')

  filtered(queue.command('list').description('newest first'))
    .option('--status <status>', 'pending, running, failed, done')
    .option('--limit <n>', 'rows', '50')
    .option('--json', 'print data')
    .action((options: Options) =>
      withAdmin(terminal, async (admin) => {
        const rows = await admin.listQueue(await toFilter(admin, options), Number(options.limit))
        if (options.json) return printJson(terminal, rows.map(toColumns))
        if (rows.length === 0) return terminal.out(cliText('emptyQueue', terminal.language))
        terminal.out(
          table(
            rows.map((row) => [
              row.id,
              row.entityKey,
              row.status === 'failed' ? bad(row.status) : row.status,
              String(row.attempts),
              at(row.dueAt, terminal.language),
              faint(row.lastError ?? ''),
            ]),
          ),
        )
      }),
    )

  queue
    .command('show')
    .argument('<id>')
    .description('one item with everything known of it')
    .option('--json', 'print data')
    .action((id: string) =>
      withAdmin(terminal, async (admin) => {
        const [row] = await admin.listQueue({ ids: [id] }, 1)
        if (row === undefined) throw new WrongRequestError(cliText('emptyQueue', terminal.language))
        printJson(terminal, toColumns(row))
      }),
    )

  for (const [name, description] of [
    ['retry', 'try again now: the named items, or all failed ones with --all'],
    ['skip', 'leave them: the named items, or all failed ones with --all'],
  ] as const) {
    filtered(queue.command(name).argument('[ids...]').description(description))
      .option('--all', 'all failed items that fit the filter')
      .option('--json', 'print data')
      .action((ids: string[], options: Options) =>
        withAdmin(terminal, async (admin) => {
          if (ids.length === 0 && !options.all) throw new WrongRequestError(`queue ${name}: name items, or say --all`)
          const filter = { ...(await toFilter(admin, options)), ...(ids.length > 0 ? { ids } : {}) }
          const count = await (name === 'retry' ? admin.retry(filter) : admin.skip(filter))
          if (options.json) return printJson(terminal, { count })
          terminal.out(fill(cliText(name === 'retry' ? 'retried' : 'skipped', terminal.language), { count }))
        }),
      )
  }
}

/** The table's own column names, as design and scripts know them. */
function toColumns(row: Awaited<ReturnType<Admin['listQueue']>>[number]) {
  const { entityKey, lastError, dueAt, createdAt, updatedAt, ...rest } = row
  return { ...rest, entity_key: entityKey, last_error: lastError, due_at: dueAt, created_at: createdAt, updated_at: updatedAt }
}

async function toFilter(admin: Admin, { connection, status, type }: Options): Promise<QueueFilter> {
  const filter: QueueFilter = { ...(status === undefined ? {} : { status }), ...(type === undefined ? {} : { type }) }
  if (connection === undefined) return filter
  const found = (await admin.status()).connections.find(({ name }) => name === connection)
  if (found === undefined) throw new WrongRequestError(`there is no connection "${connection}"`)
  return { ...filter, connection: connectionId(found.id) }
}
