/** One figure, as each of the columns has it; an empty cell says that the way knows no such thing. */
export interface Row {
  what: string
  cells: string[]
}
export interface Table {
  machine: string
  at: string
  command: string
  columns: string[]
  rows: Row[]
}

export function renderTable({ columns, rows, machine, command }: Table): string {
  const lines = [['', ...columns], ...rows.map(({ what, cells }) => [what, ...cells])]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${machine}\n${command}\n\n${text.join('\n')}\n`
}

export function renderMarkdown({ columns, rows, machine, at, command }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return `# Benchmarks

Measured on ${at} with \`${command}\` on ${machine}. All columns ran in one run against the emulated account: 7 requests a second, reads 150 ms, writes
200 ms and 25 ms an item; half of the buyers known, each tenth known one with a new phone or e-mail. The recipes got a smaller sample, and their time for
a backlog is reckoned from their pace. \`npm run bench -- --write\` makes this page anew.

${line(['', ...columns])}
${line(['---', ...columns.map(() => '---')])}
${rows.map(({ what, cells }) => line([what, ...cells])).join('\n')}
`
}
