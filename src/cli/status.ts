import type { Command } from 'commander'
import { fill } from '../core/messages/language.ts'
import type { ConnectionStatus } from '../ports/admin.ts'
import { cliText } from './messages.ts'
import { at, bad, faint, good, printJson, strong, type Terminal, withAdmin } from './terminal.ts'

export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('state of each connection; exit code 1 when something needs a person')
    .option('--json', 'print data')
    .action(({ json }: { json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const report = await admin.status()
        if (!report.healthy) terminal.notWell()
        if (json) return printJson(terminal, report)
        if (report.connections.length === 0) return terminal.out(cliText('noConnections', terminal.language))
        for (const connection of report.connections) terminal.out(describe(connection, terminal))
      }),
    )
}

function describe(connection: ConnectionStatus, { language }: Terminal): string {
  const { queue, incidents, lagSeconds, lastExchangeAt, account, contacts } = connection
  const well = connection.queue.failed === 0 && incidents === 0 && connection.breaker === 'closed'
  const verdict = well ? good(cliText('healthy', language)) : bad(cliText('notHealthy', language))
  return [
    `${strong(connection.name)} ${faint(`(${connection.state}${account?.subdomain ? `, ${account.subdomain}` : ''})`)} ${verdict}`,
    `  ${fill(cliText('queue', language), queue)}${lagSeconds > 0 ? `; ${fill(cliText('lag', language), { seconds: lagSeconds })}` : ''}`,
    `  ${fill(cliText('lastExchange', language), { at: at(lastExchangeAt, language) })}; ${fill(cliText('incidents', language), { count: incidents })}`,
    ...(contacts === null
      ? []
      : [`  ${fill(cliText(contacts.complete ? 'contactsKnown' : 'contactsRead', language), { known: contacts.known })}`]),
  ].join('\n')
}
