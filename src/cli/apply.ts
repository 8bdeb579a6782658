import type { Command } from 'commander'
import { fill } from '../core/messages/language.ts'
import type { ApplyReport } from '../ports/admin.ts'
import { cliText } from './messages.ts'
import { bad, faint, good, printJson, type Terminal, withAdmin } from './terminal.ts'

interface Options {
  dryRun?: boolean
  force?: boolean
  delete?: string[]
  json?: boolean
}

export function addApply(program: Command, terminal: Terminal): void {
  program
    .command('apply')
    .argument('<file>', 'settings file (YAML)')
    .description('make the installation follow the settings file, and print what changed')
    .option('--dry-run', 'only print what would change')
    .option('--force', 'also over settings that changed since the base of the file')
    .option('--delete <name...>', 'remove these connections with their pairs')
    .option('--json', 'print data')
    .action((file: string, options: Options) =>
      withAdmin(terminal, async (admin) => {
        const text = await terminal.readFile(file)
        const report = await admin.apply({
          text,
          dryRun: options.dryRun ?? false,
          force: options.force ?? false,
          remove: options.delete ?? [],
        })
        if (!report.ok) terminal.notWell()
        if (options.json) return printJson(terminal, report)
        print(report, options, terminal)
      }),
    )
}

function print(report: ApplyReport, { dryRun }: Options, terminal: Terminal): void {
  const { language } = terminal
  for (const warning of report.warnings) terminal.err(warning)
  if (!report.ok) {
    terminal.err(bad(cliText('refused', language)))
    for (const problem of report.problems) terminal.err(`  ${problem}`)
    return
  }
  if (report.changes.length === 0) {
    terminal.out(cliText('noChanges', language))
    return
  }
  for (const change of report.changes) terminal.out(`  ${change}`)
  terminal.out(dryRun ? faint(cliText('wouldApply', language)) : good(fill(cliText('applied', language), { version: report.version })))
}

export function addExport(program: Command, terminal: Terminal): void {
  program
    .command('export')
    .description('print the settings file of this installation, without secrets')
    .action(() => withAdmin(terminal, async (admin) => terminal.out((await admin.exportSettings()).trimEnd())))
}
