import { styleText } from 'node:util'
import type { Language } from '../core/messages/language.ts'
import type { Admin } from '../ports/admin.ts'

/** What every command gets. Output goes to stdout, remarks to stderr, so that `--json` can be piped. */
export interface Terminal {
  language: Language
  /** Opens the installation's database; commands that need none do not ask. */
  admin(): Promise<Admin>
  out(text: string): void
  err(text: string): void
  readFile(path: string): Promise<string>
  /** Set by a command whose answer is "not well". */
  notWell(): void
}

export async function withAdmin(terminal: Terminal, work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = await terminal.admin()
  try {
    await work(admin)
  } finally {
    await admin.close()
  }
}

export const printJson = (terminal: Terminal, data: unknown) => terminal.out(JSON.stringify(data, null, 2))

/** Columns as wide as their widest cell; the last one runs on. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '))
    .join('\n')
}

export const strong = (text: string) => styleText('bold', text)
export const good = (text: string) => styleText('green', text)
export const bad = (text: string) => styleText('red', text)
export const faint = (text: string) => styleText('dim', text)

export function at(date: Date | null, language: Language): string {
  return date === null ? '—' : date.toLocaleString(language === 'ru' ? 'ru-RU' : 'en-GB')
}
