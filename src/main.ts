#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { Command, CommanderError } from 'commander'
import { addApply, addExport } from './cli/apply.ts'
import { addBench } from './cli/bench.ts'
import { addConnectionCommands } from './cli/connection.ts'
import { addDemo } from './cli/demo.ts'
import { addIncidents } from './cli/incidents.ts'
import { addOrder } from './cli/order.ts'
import { addQueue } from './cli/queue.ts'
import { addServe } from './cli/serve.ts'
import { addStatus } from './cli/status.ts'
import type { Terminal } from './cli/terminal.ts'
import { addTokens } from './cli/token.ts'
import { createAdmin } from './compose/admin.ts'
import { openApp } from './compose/open-app.ts'
import { realClock } from './compose/real-clock.ts'
import { runBench } from './compose/run-bench.ts'
import { startService } from './compose/service.ts'
import { startDemo } from './compose/start-demo.ts'
import { ConfigError, readConfig } from './config.ts'
import { WrongRequestError } from './ports/admin.ts'
import { version } from './version.ts'

const exitCodes = { well: 0, notWell: 1, calledWrongly: 2 } as const

/** Runs one command and answers the exit code: 0 well, 1 the answer is "not well", 2 called wrongly. */
async function run(argv: string[], env: Record<string, string | undefined>): Promise<number> {
  let well = true
  const language = /^ru/i.test(env.AMOBRIDGE_LANG ?? env.LC_ALL ?? env.LANG ?? '') ? 'ru' : 'en'
  const terminal: Terminal = {
    language,
    admin: async () => createAdmin(await openApp(readConfig(env), realClock), env, language, true),
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    readFile: async (path) =>
      readFile(path, 'utf8').catch((cause) => Promise.reject(new WrongRequestError(`${path} cannot be read`, { cause }))),
    notWell: () => {
      well = false
    },
  }
  const program = new Command('amobridge')
    .description('keeps a 1C-Bitrix shop and an amoCRM account telling the same story')
    .version(version)
    .exitOverride()
  addServe(program, terminal, async () => startService(await openApp(readConfig(env), realClock)), untilStopped)
  addApply(program, terminal)
  addExport(program, terminal)
  addStatus(program, terminal)
  addConnectionCommands(program, terminal)
  addQueue(program, terminal)
  addOrder(program, terminal)
  addIncidents(program, terminal)
  addTokens(program, terminal)
  addBench(program, terminal, runBench)
  addDemo(program, terminal, (options, log) => startDemo(readConfig(env), options, log), untilStopped)
  try {
    await program.parseAsync(argv)
    return well ? exitCodes.well : exitCodes.notWell
  } catch (error) {
    return explain(error, terminal)
  }
}

function explain(error: unknown, terminal: Terminal): number {
  // Commander has said what was wrong; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.well : exitCodes.calledWrongly
  if (error instanceof WrongRequestError || error instanceof ConfigError) {
    terminal.err(error.message)
    return exitCodes.calledWrongly
  }
  terminal.err(error instanceof Error ? error.message : String(error))
  return exitCodes.notWell
}

/** Resolves at the first SIGTERM or SIGINT. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}

process.exitCode = await run(process.argv, process.env)
