import type { Command } from 'commander'
import { fill } from '../core/messages/language.ts'
import { cliText } from './messages.ts'
import type { Terminal } from './terminal.ts'

export interface RunningService {
  url: string
  connections: number
  /** Ends what was begun; what waits stays in the database. */
  close(): Promise<void>
}

export function addServe(
  program: Command,
  terminal: Terminal,
  start: () => Promise<RunningService>,
  untilStopped: () => Promise<void>,
): void {
  program
    .command('serve')
    .description('run the service until SIGTERM')
    .action(async () => {
      const { language } = terminal
      const service = await start()
      terminal.err(fill(cliText('listening', language), { url: service.url }))
      if (service.connections === 0) terminal.err(cliText('noConnections', language))
      await untilStopped()
      terminal.err(cliText('stopping', language))
      await service.close()
    })
}
