import type { Command } from 'commander'
import { fill } from '../core/messages/language.ts'
import { renderStep } from '../core/messages/timeline.ts'
import { cliText } from './messages.ts'
import { at, faint, printJson, strong, type Terminal, withAdmin } from './terminal.ts'

export function addOrder(program: Command, terminal: Terminal): void {
  const { language } = terminal
  program
    .command('order')
    .argument('<id>', "the order's id or number in the shop")
    .description('where is this order? its deal and every step on the way')
    .option('--connection <name>')
    .option('--json', 'print data')
    .action((id: string, options: { connection?: string; json?: boolean }) =>
      withAdmin(terminal, async (admin) => {
        const report = await admin.findOrder(id, options.connection)
        if (report === undefined) {
          terminal.notWell()
          return terminal.err(cliText('noSuchOrder', language))
        }
        const steps = report.timeline.map(({ at: when, step, params }) => ({ at: when, step, text: renderStep(step, params, language) }))
        if (options.json) return printJson(terminal, { ...report, timeline: steps })
        const { order, pair } = report
        terminal.out(
          strong(
            fill(cliText('order', language), { number: order.number, total: order.total, currency: order.currency, status: order.status }),
          ),
        )
        terminal.out(pair ? fill(cliText('deal', language), { deal: pair.dealId, contact: pair.contactId }) : cliText('noDeal', language))
        for (const { at: when, text } of steps) terminal.out(`  ${faint(at(when, language))}  ${text}`)
      }),
    )
}
