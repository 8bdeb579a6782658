import type { Command } from 'commander'
import { fill } from '../core/messages/language.ts'
import { cliText } from './messages.ts'
import { at, printJson, type Terminal, table, withAdmin } from './terminal.ts'

export function addTokens(program: Command, terminal: Terminal): void {
  const { language } = terminal
  const token = program.command('token').description('keys by which scripts read /api/v1')

  token
    .command('add')
    .argument('<name>', 'what it is for')
    .option('--json', 'print data')
    .action((name: string, options: { json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const made = await admin.addToken(name)
        if (options.json) return printJson(terminal, { name, token: made })
        terminal.err(cliText('tokenOnce', language))
        terminal.out(made)
      }),
    )

  token
    .command('list')
    .option('--json', 'print data')
    .action((options: { json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const tokens = await admin.listTokens()
        if (options.json) return printJson(terminal, tokens)
        if (tokens.length === 0) return terminal.out(cliText('noTokens', language))
        terminal.out(table(tokens.map(({ name, createdAt }) => [name, at(createdAt, language)])))
      }),
    )

  token
    .command('revoke')
    .argument('<name>')
    .action((name: string) =>
      withAdmin(terminal, async (admin) => {
        const revoked = await admin.revokeToken(name)
        if (!revoked) terminal.notWell()
        terminal.out(fill(cliText(revoked ? 'tokenRevoked' : 'noSuchToken', language), { name }))
      }),
    )
}
