/** The languages people read us in. Code, logs for machines and comments stay English. */
export type Language = 'ru' | 'en'
export type Params = Record<string, string | number | null>

/** Fills `{name}` places; a missing parameter shows as an empty string, never as a crash in the middle of an incident. */
export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
}
