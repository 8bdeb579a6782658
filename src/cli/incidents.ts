import type { Command } from 'commander'
import { renderIncident } from '../core/messages/incidents.ts'
import type { Incident } from '../ports/incidents.ts'
import { cliText } from './messages.ts'
import { at, faint, printJson, strong, type Terminal, withAdmin } from './terminal.ts'

export function addIncidents(program: Command, terminal: Terminal): void {
  const { language } = terminal
  const incidents = program.command('incidents').description('what a person should know, and what to do about it')

  incidents
    .command('list')
    .option('--connection <name>')
    .option('--all', 'closed ones too')
    .option('--json', 'print data')
    .action((options: { connection?: string; all?: boolean; json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const found = await admin.listIncidents({
          ...(options.connection === undefined ? {} : { connection: options.connection }),
          closedToo: options.all ?? false,
        })
        if (options.json) {
          return printJson(
            terminal,
            found.map((incident) => toJson(incident, language)),
          )
        }
        if (found.length === 0) return terminal.out(cliText('noIncidents', language))
        for (const incident of found) terminal.out(describe(incident, terminal))
      }),
    )

  incidents
    .command('close')
    .argument('<id>')
    .action((id: string) =>
      withAdmin(terminal, async (admin) => {
        const closed = await admin.closeIncident(id)
        if (!closed) terminal.notWell()
        terminal.out(cliText(closed ? 'incidentClosed' : 'noSuchIncident', language))
      }),
    )
}

function toJson(incident: Incident, language: Terminal['language']) {
  const { id, code, connection, entity, count, openedAt, closedAt, params } = incident
  return { id, code, connection, entity, ...renderIncident(code, params, language), count, openedAt, closedAt }
}

function describe({ id, code, params, count, openedAt }: Incident, { language }: Terminal): string {
  const { title, text, fix } = renderIncident(code, params, language)
  return `${strong(title)}${count > 1 ? ` ×${count}` : ''} ${faint(`${id} ${at(openedAt, language)}`)}\n  ${text}\n  → ${fix}`
}
