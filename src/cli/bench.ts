import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** Arguments go to the bench as they are. Answers its exit code. */
type RunBench = (args: string[]) => Promise<number>

export function addBench(program: Command, terminal: Terminal, run: RunBench): void {
  program
    .command('bench')
    .description('measure this version against the emulators: the usual recipe beside ours')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[options...]', 'as of npm run bench: --orders, --sample, --rate, --json, …')
    .action(async (_, __, command: Command) => {
      if ((await run(command.args)) !== 0) terminal.notWell()
    })
}
