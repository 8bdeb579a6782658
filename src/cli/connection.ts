import type { Command } from 'commander'
import { fill } from '../core/messages/language.ts'
import { cliText } from './messages.ts'
import { at, printJson, type Terminal, withAdmin } from './terminal.ts'

/** Commands about one connection: pair, pause, resume. */
export function addConnectionCommands(program: Command, terminal: Terminal): void {
  const { language } = terminal
  program
    .command('pair')
    .argument('<connection>')
    .description("a code for the module's settings page; or, with --shop, the text that page shows")
    .option('--shop <endpoint#connection#secret>', 'for a service that the shop cannot reach')
    .option('--json', 'print data')
    .action((connection: string, options: { shop?: string; json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        if (options.shop !== undefined) {
          const ping = await admin.pairWithText(connection, options.shop)
          if (options.json) return printJson(terminal, { paired: true, ping })
          terminal.out(cliText('paired', language))
          return terminal.out(
            ping.kind === 'reached'
              ? fill(cliText('reached', language), { host: ping.host })
              : fill(cliText('notReached', language), { why: ping.why }),
          )
        }
        const { code, expiresAt } = await admin.pair(connection)
        if (options.json) return printJson(terminal, { code, expiresAt })
        terminal.out(fill(cliText('pairingCode', language), { code, until: at(expiresAt, language) }))
      }),
    )

  for (const [name, description] of [
    ['pause', 'accept everything, send nothing to either side'],
    ['resume', 'go on; probes a closed account at once'],
  ] as const) {
    program
      .command(name)
      .argument('<connection>')
      .description(description)
      .action((connection: string) =>
        withAdmin(terminal, async (admin) => {
          await admin.setPaused(connection, name === 'pause')
          terminal.out(cliText(name === 'pause' ? 'paused' : 'resumed', language))
        }),
      )
  }
}
